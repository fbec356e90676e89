package io.bpfagent.report;

import static io.bpfagent.correlation.Snapshots.activity;
import static io.bpfagent.report.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.PauseTimes;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares every document with its golden file. Those files are the promise to who reads the
 * documents: a change of one needs another schema. -DwriteGolden=DIR writes what there would be.
 */
class JsonDocumentsTest {
    private static final List<Metric> ALL = FakeAgent.ALL;
    private final Snapshot sample = FakeAgent.sample();
    private final Snapshot withPauses = FakeAgent.sampleWithPauses();

    private String hist(String metric, String pool, String thread) {
        return JsonDocuments.hist(sample, new HistogramSelection(metric, pool, thread, null), ALL, false);
    }

    private String histError(String metric, String pool, String thread) {
        JsonObject document = JsonParser.parseString(hist(metric, pool, thread)).getAsJsonObject();
        assertEquals(Set.of("schema", "error"), document.keySet());
        return document.get("error").getAsString();
    }

    @Test
    void threads() throws IOException {
        assertGolden("threads.json", JsonDocuments.threads(sample, List.of(), false));
    }

    @Test
    void threadsOfNone() throws IOException {
        assertGolden("threads-none.json",
                JsonDocuments.threads(new Snapshot(7, 5, List.of(), List.of(), Losses.NONE), List.of(), true));
    }

    @Test
    void threadsWithCounters() throws IOException {
        assertGolden("threads-counters.json", JsonDocuments.threads(FakeAgent.sampleWithCounters(),
                FakeAgent.COUNTER_PROBES, false));
    }

    @Test
    void threadsWhereNothingCounts() throws IOException {
        assertGolden("threads-counters-none.json", JsonDocuments.threads(new Snapshots().thread(11,
                new ThreadIdentity(1, "main", ThreadKind.JAVA), ThreadState.RUNNING, false, activity()).at(7, 5),
                List.of(FakeAgent.COUNTER_PROBES.get(2)), false));
    }

    @Test
    void histOfTheWholeProcess() throws IOException {
        assertGolden("hist.json", JsonDocuments.hist(withPauses, HistogramSelection.ALL, ALL, false));
    }

    @Test
    void histOfAnOperation() throws IOException {
        assertGolden("hist-operation.json", operation("vm_operation", "ThreadDump"));
    }

    private String operation(String metric, String operation) {
        return JsonDocuments.hist(withPauses, new HistogramSelection(metric, null, null, operation), ALL, false);
    }

    @Test
    void histOfAPool() throws IOException {
        assertGolden("hist-pool.json", hist("runnable", "worker-#", null));
    }

    @Test
    void histOfAThread() throws IOException {
        assertGolden("hist-thread.json", hist("blocked_disk", null, "worker-7"));
    }

    @Test
    void histOfWhatAPoolsThreadsSentToDisks() throws IOException {
        assertGolden("hist-pool-bytes.json", hist("block_io_size", "worker-#", null));
    }

    @Test
    void histOfWhatElseAThreadDid() {
        JsonObject histogram = JsonParser.parseString(hist("file_sync", null, "worker-7")).getAsJsonObject()
                .getAsJsonArray("histograms").get(0).getAsJsonObject();
        assertEquals(1, histogram.get("count").getAsLong());
        assertEquals(1_600_000, histogram.get("sum").getAsLong());
    }

    @Test
    void histSaysHowAMetricOnRequestIsKept() {
        String message = histError("park", null, null);
        assertEquals("metric is not kept: park (metrics=all+park keeps it)", message);
    }

    @Test
    void histOfAThreadByItsTid() {
        assertEquals(hist("running", null, "main").replace("\"main\"", "\"11\""), hist("running", null, "11"));
    }

    /** A long name is cut in tables; so it can be asked for as it is seen. */
    @Test
    void histOfWhatATableShows() {
        assertEquals(hist("running", null, "worker-7"),
                hist("running", null, "wo..7").replace("\"wo..7\"", "\"worker-7\""));
        assertEquals(hist("running", "worker-#", null),
                hist("running", "wo..#", null).replace("\"wo..#\"", "\"worker-#\""));
        assertEquals("no such pool: wo..x. There are VM, a:b,c=\"*\", main, worker-#", histError(null, "wo..x", null));
    }

    @Test
    void histKeepsToTheKeptMetrics() {
        List<Metric> kept = List.of(ThreadState.RUNNABLE, ThreadState.BLOCKED_DISK, EventMetric.SAFEPOINT);
        JsonObject document = JsonParser.parseString(
                JsonDocuments.hist(sample, HistogramSelection.ALL, kept, false)).getAsJsonObject();
        assertEquals(3, document.getAsJsonArray("histograms").size());
        for (String metric : List.of("running", "gc_pause")) {
            assertEquals("{\"schema\":1,\"error\":\"metric is not kept: " + metric + " (metrics=all+" + metric
                    + " keeps it)\"}", JsonDocuments.hist(sample,
                            new HistogramSelection(metric, null, null, null), kept, false));
        }
    }

    @Test
    void histOfPoolsAndThreadsHasNoEvents() {
        for (String document : List.of(hist(null, "VM", null), hist(null, null, "main"))) {
            assertEquals(ALL.stream().filter(Metric::isOfThreads).count(), JsonParser.parseString(document)
                    .getAsJsonObject().getAsJsonArray("histograms").size());
        }
        assertEquals("gc_pause is of the whole process, it has no pools and threads, pool=VM",
                histError("gc_pause", "VM", null));
        assertEquals("gc_pause is of the whole process, it has no pools and threads, thread=main",
                histError("gc_pause", null, "main"));
    }

    @Test
    void histNamesTheOperations() {
        assertTrue(operation("vm_operation",
                "ThreadDumps").contains("no such operation: ThreadDumps. Nearest: ThreadDump"));
        assertTrue(operation("vm_operation", "x")
                .contains("no such operation: x. There are G1CollectForAllocation, ThreadDump"));
        String rule = "an operation must be asked for with the metric vm_operation, syscall or virtual_pinned,"
                + " metric=";
        assertTrue(operation("gc_pause", "ThreadDump").contains(rule + "gc_pause, operation=ThreadDump"));
        assertTrue(operation(null, "ThreadDump").contains(rule + "null, operation=ThreadDump"));
        assertTrue(JsonDocuments.hist(sample, new HistogramSelection("vm_operation", null, null, "x"), ALL, false)
                .contains("no such operation: x. There are none"));
    }

    @Test
    void histOfSystemCallsIsByName() {
        Snapshot snapshot = new Snapshots().event(EventMetric.SYSCALL, 100, 5_000, 300, 70).operation("ThreadDump", 9)
                .syscall("futex", 5_000, 70).syscall("read", 100, 300).syscall("getpid", 400).at(0, 0);
        List<Metric> kept = List.of(EventMetric.VM_OPERATION, EventMetric.SYSCALL);
        JsonObject futex = histograms(snapshot, "futex", kept).get(0).getAsJsonObject();
        assertEquals("syscall", futex.get("metric").getAsString());
        assertEquals("futex", futex.get("operation").getAsString());
        assertEquals(2, futex.get("count").getAsLong());
        assertEquals(5_070, futex.get("sum").getAsLong());
        List<String> names = new ArrayList<>();
        histograms(snapshot, "all", kept)
                .forEach(one -> names.add(one.getAsJsonObject().get("operation").getAsString()));
        assertEquals(List.of("futex", "read", "getpid"), names, "by the time they took, then by number");
        assertEquals(0, histograms(new Snapshots().at(0, 0), "all", kept).size());
        HistogramSelection wrong = new HistogramSelection("syscall", null, null, "ThreadDump");
        assertTrue(JsonDocuments.hist(snapshot, wrong, kept, false)
                .contains("no such operation: ThreadDump. There are futex, getpid, read"));
    }

    private static JsonArray histograms(Snapshot snapshot, String syscall, List<Metric> kept) {
        return JsonParser.parseString(JsonDocuments.hist(snapshot,
                new HistogramSelection("syscall", null, null, syscall), kept, false))
                .getAsJsonObject().getAsJsonArray("histograms");
    }

    private static String pauses(Snapshot snapshot, int last, long minNs, long after) {
        return JsonDocuments.pauses(snapshot, new LatestSelection(last, minNs, after), FakeAgent.PAUSE_PROBES);
    }

    private static List<Long> numbers(String document) {
        List<Long> numbers = new ArrayList<>();
        JsonParser.parseString(document).getAsJsonObject().getAsJsonArray("pauses")
                .forEach(pause -> numbers.add(pause.getAsJsonObject().get("number").getAsLong()));
        return numbers;
    }

    @Test
    void pauses() throws IOException {
        assertGolden("pauses.json", pauses(withPauses, 20, 0, 0));
    }

    @Test
    void pausesOfAJvmWithoutProbes() throws IOException {
        assertGolden("pauses-none.json", JsonDocuments.pauses(sample, new LatestSelection(20, 0, 0), List.of(
                new Probe("safepoint__begin", Probe.UNSUPPORTED, "this libjvm has no notes", 0, 0),
                new Probe("safepoint__end", Probe.UNSUPPORTED, "this libjvm has no notes", 0, 0))));
    }

    @Test
    void pausesAreTheLastOfThoseThatFit() {
        List<Pause> known = new ArrayList<>();
        for (int number = 3; number <= 23; number++) {
            known.add(FakeAgent.pause(number, number % 2 == 0 ? 2_000 : 1_000));
        }
        Snapshot snapshot = sample.withPauses(known);
        assertEquals(List.of(21L, 22L, 23L), numbers(pauses(snapshot, 3, 0, 0)));
        assertEquals(List.of(18L, 20L, 22L), numbers(pauses(snapshot, 3, 2_000, 0)));
        assertEquals(List.of(20L, 22L), numbers(pauses(snapshot, 256, 1_001, 18)));
        assertEquals(21, numbers(pauses(snapshot, 256, 0, 0)).size());
        for (String none : List.of(pauses(snapshot, 0, 0, 0), pauses(snapshot, 20, 2_001, 0),
                pauses(snapshot, 20, 0, 23), pauses(snapshot, 20, 0, Long.MAX_VALUE))) {
            assertEquals(List.of(), numbers(none));
            assertTrue(none.contains("\"seen\":23,\"reason\":null"), none);
        }
    }

    @Test
    void saysWhyThereAreNoPauses() {
        Probe begin = FakeAgent.PAUSE_PROBES.get(0);
        Probe end = new Probe("safepoint__end", Probe.FAILED, "EPERM", 0, 0);
        assertNull(PauseDocument.reason(FakeAgent.PAUSE_PROBES));
        assertEquals("safepoint__end failed: EPERM", PauseDocument.reason(List.of(begin, end)));
        assertEquals("safepoint__begin is not attached", PauseDocument.reason(List.of()));
        assertEquals("safepoint__end is not attached: Cannot attach hotspot_probe: EPERM.",
                PauseDocument.reason(List.of(
                new Probe("hotspot_probe", Probe.FAILED, "Cannot attach hotspot_probe: EPERM.", 0, 0), begin, end)));
    }

    @Test
    void occupantsHaveAKindBesideTheirName() {
        List<String> kinds = Stream.of(Occupant.Kind.values()).map(Labels::of).toList();
        assertEquals(List.of("own", "cgroup", "process", "kernel", "idle", "throttled", "unknown"), kinds);
        List<Occupant> occupants = Stream.of(Occupant.Kind.values()).map(kind -> new Occupant(kind, "idle",
                1)).toList();
        Pause pause = new Pause(1, 0, 0, "Cleanup", false, 1, 1, false,
                new PauseDetail(new PauseParts(1, 0, 0, PauseTimes.ZERO),
                List.of(new PauseThread(7, "x", PauseRole.VM, PauseTimes.ZERO, 0, 0, occupants))));
        String document = pauses(sample.withPauses(List.of(pause)), 20, 0, 0);
        for (String kind : kinds) {
            assertTrue(document.contains("{\"kind\":\"" + kind + "\",\"who\":\"idle\",\"ns\":1}"), document);
        }
    }

    /** The parts are those of the issue, and the blocked ones those of the states. */
    @Test
    void partsAddUp() {
        JsonObject pause = JsonParser.parseString(pauses(withPauses, 20, 0, 0)).getAsJsonObject()
                .getAsJsonArray("pauses").get(0).getAsJsonObject();
        JsonObject parts = pause.getAsJsonObject("partsNs");
        assertEquals(3 + 14, parts.size());
        assertEquals(pause.get("totalNs").getAsLong(),
                parts.entrySet().stream().mapToLong(part -> part.getValue().getAsLong()).sum());
    }

    @Test
    void histNamesWhatThereIs() {
        assertEquals("no such metric: gc_paus (nearest: gc_pause). All that are kept: attach-cli hist PID, without"
                + " --metric;"
                + " what they are: docs/metrics.md", histError("gc_paus", null, null));
        assertEquals("no such metric: block (nearest: blocked_monitor, blocked_park, blocked_wait). All that are kept:"
                + " attach-cli hist PID, without --metric; what they are: docs/metrics.md",
                histError("block", null, null));
        assertTrue(histError("quantum", null, null).startsWith("no such metric: quantum. All that are kept: "));
        assertEquals("no such pool: worker. Nearest: worker-#", histError(null, "worker", null));
        assertEquals("no such pool: zzz. There are VM, a:b,c=\"*\", main, worker-#", histError(null, "zzz", null));
        assertEquals("no such thread: worker-8. Nearest: worker-7", histError(null, null, "worker-8"));
        assertEquals("a histogram must be of a pool or of a thread, pool=VM, thread=main",
                histError(null, "VM", "main"));
    }

    @Test
    void status() throws IOException {
        FakeAgent agent = new FakeAgent();
        agent.latest = sample;
        agent.cost = FakeAgent.sampleCost();
        assertGolden("status.json", JsonDocuments.status(agent));
        assertGolden("probes.json", JsonDocuments.probeCosts(agent));
    }

    @Test
    void statusBeforeTheFirstSnapshot() throws IOException {
        FakeAgent agent = new FakeAgent();
        agent.state = AgentState.FAILED;
        agent.error = "Cannot load thread_state: EPERM (CapEff=0).";
        agent.probes = List.of();
        assertGolden("status-failed.json", JsonDocuments.status(agent));
    }

    @Test
    void error() throws IOException {
        assertGolden("error.json", JsonDocuments.error("verb must be \"x\"\nor y"));
        assertEquals("{\"schema\":1,\"detached\":true}", JsonDocuments.detached());
    }

    @Test
    void allStatesAndLossesAreThere() {
        JsonObject document = JsonParser.parseString(JsonDocuments.threads(sample, List.of(), false)).getAsJsonObject();
        document.getAsJsonArray("threads").forEach(thread ->
                assertEquals(ThreadState.values().length,
                        thread.getAsJsonObject().getAsJsonObject("timesNs").size()));
        assertEquals(Loss.values().length, document.getAsJsonObject("losses").size());
    }
}
