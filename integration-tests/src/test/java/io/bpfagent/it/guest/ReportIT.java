package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A page of a JVM that does exactly 23 of something: by {@code record -o FILE.html}, and by {@code report}. */
class ReportIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int DUMPS = 23;

    @TempDir
    Path directory;

    private RunningCli start(Object... arguments) {
        return RunningCli.start(directory.resolve("out"), arguments);
    }

    /** The whole lines of a recording that is there or not yet; one is whole as soon as it is there. */
    private static List<JsonObject> lines(Path recording) {
        try {
            return !Files.exists(recording) ? List.of() : Files.readAllLines(recording).stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int intervals(Path recording) {
        return lines(recording).size() - 1;
    }

    /** Of a line of a recording, or of a page's data: the histogram of that operation is alike in both. */
    private static long dumps(JsonObject document) {
        return elements(document, "histograms").stream().filter(histogram -> {
            JsonElement operation = histogram.get("operation");
            return operation != null && !operation.isJsonNull() && operation.getAsString().equals("ThreadDump");
        }).mapToLong(histogram -> histogram.get("count").getAsLong()).sum();
    }

    private static List<JsonObject> elements(JsonObject document, String key) {
        return !document.has(key) ? List.of()
                : document.getAsJsonArray(key).asList().stream().map(JsonElement::getAsJsonObject).toList();
    }

    private static JsonObject data(Path page) throws IOException {
        String html = Files.readString(page);
        int begin = html.indexOf("id=\"data\">") + 10;
        byte[] packed = Base64.getDecoder().decode(html.substring(begin, html.indexOf('<', begin)));
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return JsonParser.parseString(new String(json.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void countsExactlyAndCtrlCMakesThePage(Jdk jdk) throws Exception {
        Path page = directory.resolve("x.html");
        Path recording = directory.resolve("x.html.json");
        // Until JDK 19 a stack of the agent's own is a dump of threads too.
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",stacks=false")) {
            try (RunningCli recorder = start("record", host.pid(), "--interval", "200ms", "-o", page)) {
                Await.until(SOON, () -> "it records", () -> intervals(recording) >= 1);
                SceneHost.play(host, "dumps " + DUMPS);
                Await.until(SOON, () -> "all is written", () ->
                        lines(recording).stream().mapToLong(ReportIT::dumps).sum() >= DUMPS);
                assertFalse(Files.exists(page));
                assertEquals(RunningCli.INTERRUPTED, recorder.interrupt(), recorder::printed);
            }
            assertFalse(Files.exists(recording));
            JsonObject data = data(page);
            assertEquals("interrupted", data.get("end").getAsString());
            assertEquals(DUMPS, dumps(data));
            assertEquals(DUMPS, elements(data, "pauses").stream().filter(pause ->
                    pause.get("operation").getAsString().equals("ThreadDump")).count());
            assertEquals(System.getProperty("os.version"), data.getAsJsonObject("machine").get("kernel").getAsString());
        }
    }

    /** The recording and its page, number by number, and a page of one that was killed. */
    @Test
    void hasTheRecordingsTimes() throws Exception {
        Path recording = directory.resolve("y.json");
        Path page = directory.resolve("y.html");
        try (HostJvm host = SceneHost.start(Jdks.newest(), SceneHost.INTERVAL)) {
            try (RunningCli recorder = start("record", host.pid(), "--interval", "200ms", "-o", recording)) {
                Await.until(SOON, () -> "it records", () -> intervals(recording) >= 4);
            }
        }
        try (RunningCli report = start("report", recording, "-o", page)) {
            assertEquals(0, report.awaitEnd(), report::printed);
        }
        JsonObject data = data(page);
        assertEquals("cut", data.get("end").getAsString());
        Map<String, Long> running = new HashMap<>();
        for (JsonObject line : lines(recording)) {
            for (JsonObject pool : elements(line, "pools")) {
                JsonElement ns = pool.getAsJsonObject("timesNs").get("running");
                running.merge(pool.get("pool").getAsString(), ns == null ? 0 : ns.getAsLong(), Long::sum);
            }
        }
        Map<String, Long> shown = new HashMap<>();
        elements(data, "pools").forEach(pool -> shown.put(pool.get("name").getAsString(),
                pool.getAsJsonArray("totalNs").get(0).getAsLong()));
        assertEquals(running, shown);
    }
}
