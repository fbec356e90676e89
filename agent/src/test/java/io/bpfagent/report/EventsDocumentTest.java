package io.bpfagent.report;

import static io.bpfagent.report.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The document of slow events, and which of them are in it. */
class EventsDocumentTest {
    private final Snapshot sample = FakeAgent.sampleWithEvents();

    private static String events(Snapshot snapshot, int last, long minNs, long after, String metric, String pool,
            String thread) {
        return JsonDocuments.events(snapshot, new EventSelection(new LatestSelection(last, minNs, after), metric, pool,
                thread), FakeAgent.ALL, FakeAgent.LIMITS, List.of());
    }

    private String of(String metric, String pool, String thread) {
        return events(sample, 1024, 0, 0, metric, pool, thread);
    }

    private String error(String metric, String pool, String thread) {
        JsonObject document = JsonParser.parseString(of(metric, pool, thread)).getAsJsonObject();
        assertEquals(Set.of("schema", "error"), document.keySet());
        return document.get("error").getAsString();
    }

    private static List<Long> numbers(String document) {
        List<Long> numbers = new ArrayList<>();
        JsonParser.parseString(document).getAsJsonObject().getAsJsonArray("events")
                .forEach(event -> numbers.add(event.getAsJsonObject().get("number").getAsLong()));
        return numbers;
    }

    @Test
    void events() throws IOException {
        assertGolden("events.json", of(null, null, null));
    }

    @Test
    void eventsOfAnAgentThatSendsNone() throws IOException {
        assertGolden("events-none.json", JsonDocuments.events(FakeAgent.sample(), new EventSelection(
                new LatestSelection(20, 0, 0), null, null, null), FakeAgent.ALL, FakeAgent.LIMITS,
                List.of(new Probe("slow_events", Probe.UNSUPPORTED, "slow=off", 0, 0))));
    }

    @Test
    void areTheLastOfThoseThatFit() {
        List<SlowEvent> known = new ArrayList<>();
        for (int number = 3; number <= 23; number++) {
            known.add(FakeAgent.event(number, ThreadState.RUNNABLE, number % 2 == 0 ? 2_000 : 1_000));
        }
        Snapshot snapshot = sample.withSlow(known);
        assertEquals(List.of(21L, 22L, 23L), numbers(events(snapshot, 3, 0, 0, null, null, null)));
        assertEquals(List.of(18L, 20L, 22L), numbers(events(snapshot, 3, 2_000, 0, null, null, null)));
        assertEquals(List.of(20L, 22L), numbers(events(snapshot, 1024, 1_001, 18, "runnable", null, null)));
        for (String none : List.of(events(snapshot, 0, 0, 0, null, null, null),
                events(snapshot, 20, 0, 23, null, null, null), events(snapshot, 20, 0, 0, "dns", null, null))) {
            assertEquals(List.of(), numbers(none));
            assertTrue(none.contains("\"seen\":23,\"reason\":null"), none);
        }
    }

    @Test
    void areOfAMetricAPoolOrAThread() {
        assertEquals(List.of(25L), numbers(of("blocked_monitor", null, null)));
        assertEquals(List.of(26L), numbers(of("block_io", null, null)));
        assertEquals(List.of(), numbers(of("block_read", null, null)));
        assertEquals(7, numbers(of(null, "worker-#", null)).size());
        assertEquals(7, numbers(of(null, null, "worker-7")).size());
        assertEquals(7, numbers(of(null, null, "12")).size());
        assertEquals(List.of(28L), numbers(of("dns", null, "12")));
        assertEquals(List.of(), numbers(of(null, "main", null)));
        assertEquals(List.of(), numbers(of(null, null, "main")));
    }

    @Test
    void anEndedThreadIsKnownAsLongAsItsEvents() {
        SlowEvent event = FakeAgent.event(1, ThreadState.RUNNABLE, 1_000);
        Snapshot ended = new Snapshot(7, 5, List.of(), List.of(), sample.losses()).withSlow(List.of(event));
        assertEquals(List.of(1L), numbers(events(ended, 20, 0, 0, null, null, "worker-7")));
        assertTrue(events(ended, 20, 0, 0, null, null, "main").contains("no such thread: main. There are none"));
    }

    @Test
    void namesWhatThereIs() {
        assertEquals("no such metric: blocked_dsk. Nearest: blocked_disk", error("blocked_dsk", null, null));
        assertEquals("no such metric: blok_io. Nearest: block_io", error("blok_io", null, null));
        assertTrue(error("zzz", null, null).startsWith("no such metric: zzz. There are block_io, block_read, "));
        assertEquals("gc_pause is of the whole process, there are no slow events of it", error("gc_pause", null, null));
        assertEquals("block_io_size is a size, there are no slow events of it", error("block_io_size", null, null));
        assertEquals("no such pool: worker. Nearest: worker-#", error(null, "worker", null));
        assertEquals("no such thread: worker-8. Nearest: worker-7", error(null, null, "worker-8"));
        assertEquals("slow events must be of a pool or of a thread, pool=VM, thread=main", error(null, "VM", "main"));
        List<Metric> kept = List.of(ThreadState.RUNNABLE);
        for (String metric : List.of("block_io", "dns")) {
            assertEquals("{\"schema\":1,\"error\":\"metric is not kept: " + metric + " (metrics=all keeps it)\"}",
                    JsonDocuments.events(sample, new EventSelection(new LatestSelection(20, 0, 0), metric, null, null),
                            kept, FakeAgent.LIMITS, List.of()));
        }
    }

    @Test
    void areOfWhatATableShows() {
        assertEquals(of(null, "worker-#", null), of(null, "wo..#", null));
        assertEquals(of(null, null, "worker-7"), of(null, null, "wo..-7"));
        assertTrue(error(null, null, "wo..x").startsWith("no such thread: wo..x"));
    }

    private String reasonOf(String metric) {
        JsonElement reason = JsonParser.parseString(of(metric, null, null)).getAsJsonObject().get("reason");
        return reason.isJsonNull() ? null : reason.getAsString();
    }

    @Test
    void saysWhatNothingIsSlowOfAndWhatToSet() {
        assertNull(reasonOf(null));
        assertNull(reasonOf("blocked_disk"));
        assertNull(reasonOf("block_io"));
        assertEquals("No limit is set for blocked_park, so that nothing of it is slow. Start the agent with"
                + " slow.blocked_park=10ms, or another length (docs/metrics.md, \"Slow events\").",
                reasonOf("blocked_park"));
        assertEquals("There are no slow events of tcp_life: it is neither a wait nor a call.", reasonOf("tcp_life"));
        assertEquals("There are no slow events of running: it is neither a wait nor a call.", reasonOf("running"));
    }

    @Test
    void saysWhyThereAreNone() {
        assertNull(EventDocument.reason(List.of()));
        assertNull(EventDocument.reason(List.of(new Probe("slow_events", Probe.ATTACHED, "ring of 256 KiB", 0, 0))));
        assertEquals("slow=off", EventDocument.reason(List.of(
                new Probe("slow_events", Probe.UNSUPPORTED, "slow=off", 0, 0))));
    }

    @Test
    void whoeverElseHadToDoWithItHasAKindBesideItsName() {
        List<String> kinds = List.of("own", "cgroup", "process", "kernel", "interrupt", "idle", "throttled");
        List<SlowEvent> events = new ArrayList<>();
        for (ActorKind kind : ActorKind.values()) {
            Actor actor = new Actor(kind, 7, "idle");
            events.add(FakeAgent.worker(1, ThreadState.RUNNABLE, 1, WaitedOn.UNKNOWN, actor));
            events.add(FakeAgent.worker(2, ThreadState.BLOCKED_PARK, 1, WaitedOn.UNKNOWN, actor));
        }
        String document = events(sample.withSlow(events), 1024, 0, 0, null, null, null);
        for (String kind : kinds) {
            for (String key : List.of("behind", "wokenBy")) {
                assertTrue(document.contains("\"" + key + "\":{\"who\":\"" + kind + "\",\"id\":7,\"name\":\"idle\"}"),
                        document);
            }
        }
        assertEquals(kinds.size(), ActorKind.values().length);
    }

    /** What is not known is not there, and a disk has a sector, be it 0. */
    @Test
    void saysOnlyWhatIsKnown() {
        String unknown = events(sample.withSlow(List.of(FakeAgent.event(1, ThreadMetric.DNS, 7))), 20, 0, 0, null,
                null, null);
        assertTrue(unknown.contains("\"cpu\":3,\"on\":{},\"stack\":[]"), unknown);
        assertFalse(unknown.contains("wokenBy") || unknown.contains("behind"), unknown);
        WaitedOn disk = new WaitedOn(null, null, null, null, "vda", 0, 0, 0, 5);
        assertTrue(events(sample.withSlow(List.of(FakeAgent.worker(1, ThreadMetric.BLOCK_READ, 1, disk, null))), 20, 0,
                0, null, null, null)
                .contains("\"on\":{\"device\":\"vda\",\"sector\":0,\"bytes\":0,\"errno\":\"EIO\"}"));
    }
}
