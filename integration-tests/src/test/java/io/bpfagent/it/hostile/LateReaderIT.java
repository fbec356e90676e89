package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.Tools;
import io.bpfagent.it.guest.Unharmed;
import io.bpfagent.it.pauses.PauseComparison;
import io.bpfagent.it.pauses.PauseMoment;
import io.bpfagent.it.pauses.SafepointLog;
import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent's thread does not come to read what the kernel counts. */
class LateReaderIT {
    private static final int PINGS = 10_000;
    private static final int TIMES = 23;
    /** With its header each is 72 bytes, and so alone more than the least ring holds: it has 65,536. */
    private static final int STORM = 1_009;
    private static final String READER = "bpf-agent";
    private static final long MS = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aRingOfSlowEventsThatStaysFullLosesANumberOfThemAndNothingElse(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL + ",slow=off,slow.blocked_park=0,stacks=false")) {
            Report before;
            try (HeldThread held = HeldThread.of(host.pid(), READER, directory)) {
                before = new Report(host.threads());
                SceneHost.play(host, "pings " + PINGS);
                SceneHost.play(host, "dumps " + TIMES);
                SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
                // Who asks is answered, with what was read last.
                assertEquals("on", host.status().get("state").getAsString());
                assertEquals(before.wallNs(), new Report(host.threads()).wallNs(), held::toString);
            }
            SlowReport report = host.freshEvents();
            assertTrue(report.loss("lost_slow_events") > PINGS / 2, () -> report.json().toString());
            assertEquals(TIMES, host.histogramOfOperation("ThreadDump").count());
            assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "dozing-1").countFrom(18 * MS));
            assertAddsUp(new Report(host.threads()));

            // It reads again, and is told of everything. The work parks more often than there is room for.
            SceneHost.play(host, "enough");
            SlowReport caughtUp = host.freshEvents();
            SceneHost.play(host, "parks " + TIMES);
            long atLeast = parks(host);
            SlowReport later = host.freshEvents();
            assertEquals(TIMES, later.of("event parker", "blocked_park").stream()
                    .filter(event -> event.durationNs() > 45 * MS).count(), () -> later.json().toString());
            assertEquals(caughtUp.loss("lost_slow_events"), later.loss("lost_slow_events"));
            // All that parked is told of, or its number is; within one look at both a thread of the JVM's may park.
            host.freshReport();
            long atMost = parks(host);
            long told = later.seen() + later.loss("lost_slow_events");
            assertTrue(told >= atLeast - 20 && told <= atMost + 20,
                    () -> atLeast + " to " + atMost + " waits, " + told + " told of");
            assertEndsRight(host);
        }
    }

    private static long parks(HostJvm host) {
        return Histogram.only(host.hist("blocked_park", null, null)).count();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aRingOfPausesThatStaysFullLeavesPausesOutAndCountsThemAll(Jdk jdk) {
        Path file = SafepointLog.create();
        // Without other work: who is woken at a pause's end takes the CPU from the thread that logs and counts it.
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",pause-buffer=64,slow=off,stacks=false,max-cost=off", "-XX:+UseSerialGC",
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD))) {
            PauseMoment first = PauseMoment.of(host, file);
            try (HeldThread held = HeldThread.of(host.pid(), READER, directory)) {
                long seen = host.pauses(0).seen();
                SceneHost.play(host, "dumps " + STORM);
                assertEquals(seen, host.pauses(0).seen(), held::toString);
            }
            PauseMoment second = afterAll(host, file, first, moment ->
                    moment.pauses().pauses().size() < PauseReport.MOST ? 0 : safepoints(first, moment).size() - STORM);
            assertEquals(STORM, second.operationsSince(first).get("ThreadDump"));
            PauseComparison.assertHistograms(second.log().since(first.log()), first, second);
            assertToldAndLost(first, second);
            JsonObject losses = host.status().getAsJsonObject("losses");
            for (String loss : List.of("lost_pause_records", "lost_pauses", "incomplete_pauses")) {
                assertEquals(second.pauses().loss(loss), losses.get(loss).getAsLong(), loss);
            }

            // It reads again: what comes now is whole, and no more is lost.
            SceneHost.play(host, "dumps 3");
            PauseMoment third = afterAll(host, file, second, moment -> 0);
            List<PauseEntry> later = third.pausesSince(second);
            assertTrue(later.stream().noneMatch(PauseEntry::incomplete), later::toString);
            later.forEach(PauseComparison::assertAddsUp);
            PauseComparison.assertSame(third.log().since(second.log()).safepoints(), later);
            assertEquals(second.pauses().loss("lost_pause_records"), third.pauses().loss("lost_pause_records"));
            assertEquals(second.pauses().loss("lost_pauses"), third.pauses().loss("lost_pauses"));
            OurBpf ours = OurBpf.heldBy(host.pid());
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            Unharmed.assertSilent(host);
            ours.awaitGone();
        } finally {
            SafepointLog.delete(file);
        }
    }

    /**
     * Once each pause since then is listed or counted as lost: {@code seen} does not tell, with gaps before it.
     *
     * @param mostMissing as a full list gives up its oldest for each that comes later
     */
    private static PauseMoment afterAll(HostJvm host, Path file, PauseMoment first,
            ToLongFunction<PauseMoment> mostMissing) {
        PauseMoment[] last = {null};
        Await.until(SOON, () -> missing(first, last[0]) + " are missing, " + last[0].pausesSince(first).size()
                + " listed, " + last[0].pauses().losses(), () -> {
            last[0] = PauseMoment.of(host, file);
            long missing = missing(first, last[0]);
            return missing >= 0 && missing <= mostMissing.applyAsLong(last[0]);
        });
        return last[0];
    }

    private static long missing(PauseMoment first, PauseMoment second) {
        return safepoints(first, second).size() - second.pausesSince(first).size()
                - lossSince("lost_pauses", first, second);
    }

    /** Those of the storm that are listed are marked, and the times of all are right. */
    private static void assertToldAndLost(PauseMoment first, PauseMoment second) {
        List<PauseEntry> told = second.pausesSince(first);
        assertTrue(lossSince("lost_pause_records", first, second) > 0, () -> second.pauses().losses().toString());
        assertTrue(lossSince("lost_pauses", first, second) > 0 && !told.isEmpty(), () -> told.size() + " are listed, "
                + second.pauses().losses());
        assertTrue(told.stream().filter(pause -> pause.operation().equals("ThreadDump"))
                .allMatch(PauseEntry::incomplete), told::toString);
        long marked = told.stream().filter(PauseEntry::incomplete).count();
        long more = lossSince("incomplete_pauses", first, second) - marked;
        assertTrue(more >= 0 && more <= missing(first, second), () -> more + " more than " + marked + " are counted");
        PauseComparison.assertSame(told.stream().map(pause -> safepoints(first, second)
                .get((int) (pause.number() - first.pauses().seen() - 1))).toList(), told);
    }

    private static List<Safepoint> safepoints(PauseMoment first, PauseMoment second) {
        return second.log().since(first.log()).safepoints();
    }

    private static long lossSince(String key, PauseMoment first, PauseMoment second) {
        return second.pauses().loss(key) - first.pauses().loss(key);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void countsAllWhileTheAgentHardlyGetsACpu(Jdk jdk) {
        // As many rows as threads will come: how late the agent's thread is must not matter.
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL + ",threads=32767")) {
            Report before = host.freshReport();
            HeldThread.tasks(host.pid()).filter(task -> HeldThread.comm(task).startsWith(READER)).forEach(task ->
                    Tools.run("renice", "-n", "19", "-p", task.getFileName().toString()));
            try (CpuHogs hogs = new CpuHogs(2)) {
                assertTrue(hogs.pids().count() >= 2);
                SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
                SceneHost.play(host, "churn 1000 2000");
                Report report = host.freshReport();
                assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "dozing-1").countFrom(18 * MS));
                assertEquals(1_000, report.pool("churned-#").ended());
                assertEquals(0, report.loss("threads_without_row"));
                assertAddsUp(report);
                assertTrue(report.thread("main").wallNs() > before.thread("main").wallNs());
            }
            assertEndsRight(host);
        }
    }
}
