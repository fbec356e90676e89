package io.bpfagent.report;

import static io.bpfagent.correlation.Snapshots.activity;
import static io.bpfagent.report.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.correlation.ContextKind;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.TraceSpan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document {@code contexts}, beside its golden files, and the histograms of one context. */
class ContextDocumentTest {
    private static final long MS = 1_000_000;

    /** A request that saves in a method, a statement of the request's name, and all beyond the limit of names. */
    static Snapshots contexts() {
        return new Snapshots()
                .pool("http-#", ThreadKind.JAVA, 2, 0, activity().time(ThreadState.RUNNING, 30 * MS)
                        .time(ThreadState.RUNNABLE, 7 * MS).time(ThreadState.BLOCKED_DISK, 46 * MS)
                        .time(ThreadState.BLOCKED_SLEEP, 100 * MS).time(ThreadState.BLOCKED_PARK, 400 * MS))
                .context(ContextKind.REQUEST, "POST /orders", 2, activity().stays(ThreadState.RUNNING, 3 * MS, 4 * MS)
                        .stays(ThreadState.BLOCKED_SLEEP, 50 * MS, 50 * MS), activity()
                        .stays(ThreadState.RUNNING, MS, 2 * MS).stays(ThreadState.BLOCKED_DISK, 23 * MS, 23 * MS))
                .context(ContextKind.METHOD, "com.acme.Repo.save", 2, activity().stays(ThreadState.RUNNING, MS, 2 * MS)
                        .stays(ThreadState.BLOCKED_DISK, 23 * MS, 23 * MS), activity())
                .context(ContextKind.STATEMENT, "POST /orders", 1, activity().stays(ThreadState.RUNNING, 5 * MS),
                activity())
                .context(ContextKind.OTHER, "other", 7, activity().time(ThreadState.RUNNABLE, 7 * MS), activity());
    }

    private static Snapshot sample() {
        return contexts().at(15_000 * MS, 10_000 * MS);
    }

    private static JsonObject parsed(String document) {
        return JsonParser.parseString(document).getAsJsonObject();
    }

    private static String hist(Snapshot snapshot, String metric, String pool, String operation, String context) {
        return JsonDocuments.hist(snapshot, new HistogramSelection(metric, pool, null, operation, context),
                FakeAgent.ALL,
                false);
    }

    private static String refusal(String metric, String pool, String operation, String context) {
        return parsed(hist(sample(), metric, pool, operation, context)).get("error").getAsString();
    }

    @Test
    void contextsOfAllKinds() throws IOException {
        assertGolden("contexts.json", JsonDocuments.contexts(sample(), false));
    }

    @Test
    void contextsThatAreNotCounted() throws IOException {
        assertGolden("contexts-off.json", JsonDocuments.contexts(new Snapshots().at(7, 5), true));
    }

    @Test
    void whereTheyAreCountedThereIsNoReason() {
        JsonObject none = parsed(JsonDocuments.contexts(new Snapshots().contextsAreOn().at(7, 5), false));
        assertTrue(none.get("reason").isJsonNull());
        assertEquals(0, none.getAsJsonArray("contexts").size());
    }

    /** Of each thread's time every moment is in one context, or outside of all. */
    @Test
    void exclusiveTimesAndThoseOutsideAddUp() {
        JsonObject document = parsed(JsonDocuments.contexts(sample(), false));
        for (ThreadState state : ThreadState.ALL) {
            long[] sum = {document.getAsJsonObject("outsideNs").get(state.metric()).getAsLong()};
            document.getAsJsonArray("contexts").forEach(context -> sum[0] += context.getAsJsonObject()
                    .getAsJsonObject("exclusive").getAsJsonObject(state.metric()).get("ns").getAsLong());
            assertEquals(sample().totalTimes().timeNs(state), sum[0], state.metric());
        }
    }

    @Test
    void aHistogramOfAContextIsOfItself() throws IOException {
        assertGolden("hist-context.json", hist(sample(), "blocked_disk", null, null, "com.acme.Repo.save"));
        JsonObject request = parsed(hist(sample(), "blocked_disk", null, null, "POST /orders"))
                .getAsJsonArray("histograms").get(0).getAsJsonObject();
        assertEquals(0, request.get("count").getAsLong());
    }

    @Test
    void contextsOfOneNameAreTogether() {
        JsonObject running = parsed(hist(sample(), "running", null, null, "POST /orders"))
                .getAsJsonArray("histograms").get(0).getAsJsonObject();
        assertEquals(3, running.get("count").getAsLong());
        assertEquals(12 * MS, running.get("sum").getAsLong());
    }

    @Test
    void aContextHasHistogramsOfAllKeptStates() {
        assertEquals(FakeAgent.ALL.stream().filter(ThreadState.class::isInstance).count(),
                parsed(hist(sample(), null, null, null, "com.acme.Repo.save")).getAsJsonArray("histograms").size());
        assertFalse(hist(sample(), null, null, null, null).contains("\"context\""));
    }

    @Test
    void aLongNameCanBeAskedForAsItIsShown() {
        assertEquals(hist(sample(), "running", null, null, "com.acme.Repo.save")
                .replace("com.acme.Repo.save", "com.a..o.save"),
                hist(sample(), "running", null, null, "com.a..o.save"));
    }

    @Test
    void saysWhatCannotBeAskedFor() {
        assertEquals("no such context: com.acme.Repo.sav. Nearest: com.acme.Repo.save",
                refusal(null, null, null, "com.acme.Repo.sav"));
        assertEquals("no such context: x. There are POST /orders, com.acme.Repo.save, other",
                refusal(null, null, null, "x"));
        assertEquals("file_sync is no state, and contexts have histograms of states only, context=other",
                refusal(ThreadMetric.FILE_SYNC.metric(), null, null, "other"));
        assertEquals("a histogram of a context has no pool, thread or operation, context=other",
                refusal(null, "http-#", null, "other"));
        assertEquals("a histogram of a context has no pool, thread or operation, context=other",
                refusal("vm_operation", null, "ThreadDump", "other"));
        assertEquals("no such context: other (" + ContextDocument.reason(new Snapshots().at(1, 0).contexts()) + ")",
                parsed(hist(new Snapshots().at(1, 0), null, null, null, "other")).get("error").getAsString());
    }

    @Test
    void aSlowEventNamesItsContextsOutermostFirst() {
        SlowEvent event = FakeAgent.event(1, ThreadState.BLOCKED_DISK, 23 * MS);
        SlowEvent inside = new SlowEvent(2, event.atMs(), event.metric(), event.durationNs(), event.tid(),
                event.hostTid(), event.thread(), event.pool(), event.cpu(), event.on(), null, List.of(),
                List.of("POST /orders", "com.acme.Repo.save"),
                TraceSpan.of(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 23), null);
        Snapshot snapshot = sample().withSlow(List.of(event, inside));
        var events = parsed(JsonDocuments.events(snapshot, new EventSelection(new LatestSelection(20, 0, 0), null, null,
                null), FakeAgent.ALL, FakeAgent.LIMITS, List.of())).getAsJsonArray("events");
        assertFalse(events.get(0).getAsJsonObject().has("context"));
        assertFalse(events.get(0).getAsJsonObject().has("trace"));
        assertEquals("POST /orders > com.acme.Repo.save", events.get(1).getAsJsonObject().get("context").getAsString());
        assertEquals("{\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"spanId\":\"0000000000000017\"}",
                events.get(1).getAsJsonObject().get("trace").toString());
    }
}
