package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Compares every document with its golden file. Those files are the promise to who reads the
 * documents: a change of one needs another schema. -DwriteGolden=DIR writes what there would be.
 */
class JsonDocumentsTest {
    private static final Set<ThreadState> ALL = EnumSet.allOf(ThreadState.class);
    private final Snapshot sample = FakeAgent.sample();

    private static void assertGolden(String name, String document) throws IOException {
        assertTrue(document.startsWith("{\"schema\":1,"), document);
        assertFalse(document.contains("\n"), "one line");
        String pretty = new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create()
                .toJson(JsonParser.parseString(document)) + "\n";
        String write = System.getProperty("writeGolden");
        if (write != null) {
            Files.writeString(Path.of(write, name), pretty);
            return;
        }
        try (InputStream golden = JsonDocumentsTest.class.getResourceAsStream("/golden/" + name)) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), pretty, name);
        }
    }

    private String hist(String metric, String pool, String thread) {
        return JsonDocuments.hist(sample, new HistogramSelection(metric, pool, thread), ALL, false);
    }

    private String histError(String metric, String pool, String thread) {
        JsonObject document = JsonParser.parseString(hist(metric, pool, thread)).getAsJsonObject();
        assertEquals(Set.of("schema", "error"), document.keySet());
        return document.get("error").getAsString();
    }

    @Test
    void threads() throws IOException {
        assertGolden("threads.json", JsonDocuments.threads(sample, false));
    }

    @Test
    void threadsOfNone() throws IOException {
        assertGolden("threads-none.json",
                JsonDocuments.threads(new Snapshot(7, 5, List.of(), List.of(), Losses.NONE), true));
    }

    @Test
    void histOfTheWholeProcess() throws IOException {
        assertGolden("hist.json", JsonDocuments.hist(sample, HistogramSelection.ALL, ALL, false));
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
    void histOfAThreadByItsTid() {
        assertEquals(hist("running", null, "main").replace("\"main\"", "\"11\""), hist("running", null, "11"));
    }

    @Test
    void histKeepsToTheKeptMetrics() {
        Set<ThreadState> kept = EnumSet.of(ThreadState.RUNNABLE, ThreadState.BLOCKED_DISK);
        JsonObject document = JsonParser.parseString(
                JsonDocuments.hist(sample, HistogramSelection.ALL, kept, false)).getAsJsonObject();
        assertEquals(2, document.getAsJsonArray("histograms").size());
        assertEquals("{\"schema\":1,\"error\":\"metric is not kept: running. There are runnable, blocked_disk\"}",
                JsonDocuments.hist(sample, new HistogramSelection("running", null, null), kept, false));
    }

    @Test
    void histNamesWhatThereIs() {
        assertTrue(histError("parked", null, null).startsWith("no such metric: parked. There are running, runnable, "));
        assertEquals("no such pool: worker. Nearest: worker-#", histError(null, "worker", null));
        assertEquals("no such pool: zzz. There are VM, a:b,c=\"*\", main, worker-#", histError(null, "zzz", null));
        assertEquals("no such thread: worker-8. Nearest: worker-7", histError(null, null, "worker-8"));
        assertEquals("a histogram must be of a pool or of a thread, pool=VM, thread=main", histError(null, "VM", "main"));
    }

    @Test
    void status() throws IOException {
        FakeAgent agent = new FakeAgent();
        agent.latest = sample;
        assertGolden("status.json", JsonDocuments.status(agent));
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
        JsonObject document = JsonParser.parseString(JsonDocuments.threads(sample, false)).getAsJsonObject();
        document.getAsJsonArray("threads").forEach(thread ->
                assertEquals(ThreadState.values().length,
                        thread.getAsJsonObject().getAsJsonObject("timesNs").size()));
        assertEquals(Loss.values().length, document.getAsJsonObject("losses").size());
    }
}
