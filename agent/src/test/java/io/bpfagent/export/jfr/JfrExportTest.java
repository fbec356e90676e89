package io.bpfagent.export.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.TraceSpan;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.report.FakeAgent;
import io.bpfagent.report.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM that uses JFR, which this one does from the first of these tests on. */
class JfrExportTest {
    private static final String SLOW = "io.bpfagent.SlowEvent";
    private static final String PAUSE = "io.bpfagent.Pause";
    private static final String POOLS = "io.bpfagent.PoolStates";
    private static final long MS = 1_000_000;
    private static final WaitedOn FSYNC = new WaitedOn("fsync", "/srv/journal", null, null, "vda", 81_920, 131_072,
            0x7f31c8000b60L, 5);

    @TempDir
    Path directory;
    private final List<String> complaints = new ArrayList<>();
    private final JfrExport export = new JfrExport(null, complaints::add);
    private Recording recording;

    @BeforeEach
    void jfrIsInUse() {
        FlightRecorder.getFlightRecorder();
        export.look();
        recording = new Recording();
    }

    @AfterEach
    void close() {
        export.close();
        recording.close();
        assertEquals(List.of(), complaints);
    }

    private List<RecordedEvent> recorded(String name) throws IOException {
        Path file = directory.resolve(name + ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream().filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private static Snapshot with(SlowEvent... slow) {
        return new Snapshots().at(2_000 * MS, 1_000 * MS).withSlow(List.of(slow));
    }

    private static SlowEvent slow(long number, long endMs, long ns) {
        Thread thread = Thread.currentThread();
        return new SlowEvent(number, endMs, ThreadState.BLOCKED_DISK, ns, 12, 10_012,
                new ThreadIdentity(thread.getId(), "as it was", ThreadKind.JAVA), "pool-#", 3, FSYNC,
                new SlowEvent.Actor(SlowEvent.ActorKind.OWN, 11, "main"), List.of("a.B.c(B.java:1)", "a.B.d(B.java:2)"),
                List.of("GET /", "select"), new TraceSpan("00000000000000010000000000000002", "0000000000000003"),
                new SlowEvent.Virtual(77, "v"));
    }

    @Test
    void aSlowEventSaysAllAndStandsWhereItWas() throws IOException {
        recording.start();
        long endMs = System.currentTimeMillis() - 2_000;
        export.update(with(slow(1, endMs, 200 * MS)));
        recording.stop();
        RecordedEvent event = recorded(SLOW).get(0);
        assertEquals(Thread.currentThread().getId(), event.getLong("javaThreadId"));
        assertEquals(List.of("bpf-agent"), event.getEventType().getCategoryNames());
        assertEquals(List.of("blocked_disk", "as it was", "pool-#", "v", "own main", "fsync", "/srv/journal", "vda",
                "0x7f31c8000b60", "EIO", "a.B.c(B.java:1)\na.B.d(B.java:2)", "GET / > select",
                "00000000000000010000000000000002", "0000000000000003"),
                List.of("metric", "threadName", "pool", "virtualThreadName", "wokenBy", "syscall", "path", "device",
                "futex",
                        "errno", "stack", "context", "traceId", "spanId").stream().map(event::getString).toList());
        assertEquals(List.of(1L, 12L, 11L, 77L, 81_920L, 131_072L),
                List.of("number", "osThreadId", "otherId", "virtualThreadId", "sector", "bytes").stream()
                        .map(event::getLong).toList());
        for (String unknown : List.of("behind", "address", "host")) {
            assertNull(event.getString(unknown), unknown);
        }
        assertEquals(Duration.ofMillis(200), event.getDuration("exactDuration"));
        assertEquals(endMs, event.getInstant("end").toEpochMilli());
        assertEquals(200 * MS, event.getDuration().toNanos(), MS);
        assertEquals(endMs, event.getEndTime().toEpochMilli(), 20);
    }

    @Test
    void aRecordingsThresholdCountsForTheEventsOwnDuration() throws IOException {
        recording.enable(SLOW).withThreshold(Duration.ofMillis(50));
        recording.start();
        long now = System.currentTimeMillis();
        export.update(with(slow(1, now, 20 * MS), slow(2, now, 70 * MS)));
        recording.stop();
        assertEquals(List.of(2L), recorded(SLOW).stream().map(event -> event.getLong("number")).toList());
        assertEquals(1, export.probe().runs());
    }

    @Test
    void eachIsToldOnceAndOnlyWhileItIsWanted() throws IOException {
        long now = System.currentTimeMillis();
        recording.disable(SLOW);
        recording.start();
        export.update(with(slow(1, now, MS)));
        recording.enable(SLOW);
        export.update(with(slow(1, now, MS), slow(2, now, MS)));
        export.update(with(slow(1, now, MS), slow(2, now, MS), slow(3, now, MS)));
        // Four to six are not in a snapshot any more.
        export.update(with(slow(7, now, MS)));
        recording.stop();
        export.update(with(slow(7, now, MS), slow(8, now, MS)));
        assertEquals(List.of(2L, 3L, 7L), recorded(SLOW).stream().map(event -> event.getLong("number")).toList());
        assertEquals(Probe.ATTACHED, export.probe().status());
        assertTrue(export.probe().detail().endsWith("; 3 came too fast for one snapshot and are missing there"),
                export.probe()::detail);
    }

    @Test
    void whatWasBeforeBelongsInNoRecording() throws IOException {
        long now = System.currentTimeMillis();
        export.close();
        JfrExport later = new JfrExport(with(slow(40, now, MS)), complaints::add);
        later.look();
        recording.start();
        later.update(with(slow(40, now, MS), slow(41, now, MS)));
        later.close();
        recording.stop();
        assertEquals(List.of(41L), recorded(SLOW).stream().map(event -> event.getLong("number")).toList());
        assertFalse(later.probe().detail().contains("missing"), later.probe()::detail);
    }

    @Test
    void aPauseSaysWhereItsTimeWent() throws IOException {
        recording.start();
        List<Pause> pauses = FakeAgent.sampleWithPauses().pauses();
        export.update(new Snapshots().at(2_000 * MS, 0).withPauses(pauses));
        recording.stop();
        List<RecordedEvent> events = recorded(PAUSE);
        assertEquals(pauses.size(), events.size());
        // In a recording they stand by their ends.
        for (RecordedEvent event : events) {
            Pause pause = pauses.stream().filter(one -> one.number() == event.getLong("number")).findFirst()
                    .orElseThrow();
            assertEquals(pause.operation(), event.getString("operation"));
            assertEquals(pause.gc(), event.getBoolean("gc"));
            assertEquals(pause.incomplete(), event.getBoolean("incomplete"));
            assertEquals(pause.totalNs(), event.getDuration("exactDuration").toNanos());
            assertEquals(pause.totalNs(), ns(event, "reaching") + ns(event, "working") + ns(event, "noCpu")
                    + ns(event, "blocked"));
            assertEquals(pause.timeToSafepointNs(), ns(event, "timeToSafepoint"));
        }
    }

    private static long ns(RecordedEvent event, String field) {
        return event.getDuration(field).toNanos();
    }

    @Test
    void poolsComeWithTheRecordingsPeriod() throws IOException {
        recording.enable(POOLS).with("period", "endChunk");
        recording.start();
        Snapshot sample = FakeAgent.sample();
        export.update(sample);
        recording.stop();
        List<RecordedEvent> events = recorded(POOLS);
        assertEquals(sample.pools().size(), events.size());
        for (int i = 0; i < events.size(); i++) {
            PoolUsage pool = sample.pools().get(i);
            RecordedEvent event = events.get(i);
            assertEquals(pool.pool(), event.getString("pool"));
            assertEquals(pool.threads(), event.getInt("threads"));
            assertEquals(pool.times().wallNs(), ns(event, "total"));
            assertEquals(sample.atNs() - sample.beganNs(), ns(event, "measured"));
            for (ThreadState state : ThreadState.ALL) {
                assertEquals(pool.times().timeNs(state), ns(event, field(state)), state.metric());
            }
        }
    }

    /** {@code blockedDisk} of {@code blocked_disk}. */
    private static String field(ThreadState state) {
        String[] words = state.metric().split("_");
        return words.length == 1 ? words[0]
                : words[0] + words[1].substring(0, 1).toUpperCase(Locale.ROOT) + words[1].substring(1);
    }

    @Test
    void whatFailsIsToldOnceAndEndsTheExportAlone() {
        export.update(null); // for want of memory, say
        assertEquals(Probe.FAILED, export.probe().status());
        assertEquals(List.of(export.probe().detail()), complaints);
        assertTrue(complaints.get(0).startsWith("Cannot make JFR events: java.lang.NullPointerException")
                && complaints.get(0).endsWith("See TROUBLESHOOTING.md, \"Cannot make JFR events\"."),
                complaints::toString);
        assertEquals(0, types());
        export.look();
        export.update(with(slow(1, System.currentTimeMillis(), MS)));
        assertEquals(1, complaints.size());
        complaints.clear();
    }

    @Test
    void afterTheCloseJfrKnowsThemNoMore() {
        assertEquals(3, types());
        export.close();
        export.close();
        assertEquals(0, types());
        // Neither comes anything of it, nor does it come back by itself.
        export.look();
        export.update(with(slow(1, System.currentTimeMillis(), MS)));
        assertEquals(0, types());
    }

    private static long types() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream().map(EventType::getName)
                .filter(name -> name.startsWith("io.bpfagent.")).count();
    }
}
