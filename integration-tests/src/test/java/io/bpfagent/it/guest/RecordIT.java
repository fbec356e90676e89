package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli record} of a JVM that does exactly 23 of something, ended by Ctrl-C and by the JVM's end. */
class RecordIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int DUMPS = 23;

    @TempDir
    Path directory;

    private RunningCli record(HostJvm host, Path file, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("record", host.pid(), "--interval", "200ms", "-o", file));
        arguments.addAll(List.of(more));
        return RunningCli.start(directory.resolve(file.getFileName() + ".out"), arguments.toArray());
    }

    private static List<JsonObject> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasIntervals(Path file, String sign) {
        try {
            return Files.exists(file) && Files.readString(file).contains(sign);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void countsExactlyAndCtrlCKeepsWhatThereIs(Jdk jdk) throws Exception {
        Path json = directory.resolve("x.json");
        Path hlog = directory.resolve("x.hlog");
        // Until JDK 19 a stack of the agent's own is a dump of threads too.
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",stacks=false")) {
            try (RunningCli first = record(host, json); RunningCli second = record(host, hlog)) {
                Await.until(SOON, () -> "both record\n" + first.printed() + second.printed(), () ->
                        hasIntervals(json, "\"interval\"") && hasIntervals(hlog, "Tag="));
                SceneHost.play(host, "dumps " + DUMPS);
                Await.until(SOON, () -> "all is written", () -> recorded(json) >= DUMPS && recorded(hlog) >= DUMPS);
                assertEquals(RunningCli.INTERRUPTED, first.interrupt(), first::printed);
                assertEquals(RunningCli.INTERRUPTED, second.interrupt(), second::printed);
            }
            assertEquals(DUMPS, recorded(json));
            assertEquals(DUMPS, recorded(hlog));
            List<JsonObject> lines = lines(json);
            assertEquals("begin", lines.get(0).get("record").getAsString());
            assertEquals("interrupted", lines.get(lines.size() - 1).get("reason").getAsString());
            assertTimesAddUp(lines.subList(1, lines.size() - 1));
        }
    }

    /** The dumps of threads that are in a recording, by its histograms of VM operations. */
    private static long recorded(Path file) {
        return file.toString().endsWith(".json") ? recordedInJson(file) : recordedInLog(file);
    }

    private static long recordedInJson(Path file) {
        long count = 0;
        for (JsonObject line : lines(file)) {
            if (line.has("histograms")) {
                for (JsonElement element : line.getAsJsonArray("histograms")) {
                    JsonObject histogram = element.getAsJsonObject();
                    boolean dumps = histogram.has("operation")
                            && histogram.get("operation").getAsString().equals("ThreadDump");
                    count += dumps ? histogram.get("count").getAsLong() : 0;
                }
            }
        }
        return count;
    }

    private static long recordedInLog(Path file) {
        long count = 0;
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null;
                    next = reader.nextIntervalHistogram()) {
                count += "vm_operation.ThreadDump".equals(next.getTag()) ? ((Histogram) next).getTotalCount() : 0;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return count;
    }

    /** Of a thread that was there all the time: its states make up the whole of the time that was recorded. */
    private static void assertTimesAddUp(List<JsonObject> intervals) {
        long allNs = 0;
        long cleanerNs = 0;
        for (int i = 0; i < intervals.size(); i++) {
            JsonObject interval = intervals.get(i);
            long wallNs = interval.get("wallNs").getAsLong();
            double seconds = (interval.get("toMs").getAsLong() - interval.get("fromMs").getAsLong()) / 1e3;
            // When the agent began is known better with every answer, and never to be later than was thought.
            assertTrue(seconds >= 0 && seconds < wallNs / 1e9 + 0.1, interval::toString);
            if (i > 0) {
                assertEquals(intervals.get(i - 1).get("toMs"), interval.get("fromMs"));
            }
            for (JsonElement element : interval.getAsJsonArray("threads")) {
                JsonObject thread = element.getAsJsonObject();
                if (thread.get("name").getAsString().equals("Common-Cleaner")) {
                    cleanerNs += thread.getAsJsonObject("timesNs").asMap().values().stream()
                            .mapToLong(JsonElement::getAsLong).sum();
                    allNs += wallNs;
                }
            }
        }
        assertEquals(1.0, (double) cleanerNs / allNs, 0.01, intervals::toString);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theEndOfTheJvmLeavesAWholeFile(Jdk jdk) throws Exception {
        Path json = directory.resolve("end.json");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            try (RunningCli recorder = record(host, json, "--duration", "10m")) {
                Await.until(SOON, () -> "it records", () -> hasIntervals(json, "\"number\":3"));
                Await.until(SOON, () -> "it has the agent's cost", () -> lines(json).stream().anyMatch(line ->
                        line.has("cost") && line.getAsJsonObject("cost").get("threadCpuNs").getAsLong() > 0));
                host.kill();
                assertEquals(1, recorder.awaitEnd());
            }
            List<JsonObject> lines = lines(json);
            assertEquals("jvm_ended", lines.get(lines.size() - 1).get("reason").getAsString());
            assertEquals("The JVM ended (" + host.pid() + "): " + json + " has the " + (lines.size() - 2)
                    + " intervals until then.\n", Files.readString(directory.resolve("end.json.out")));
        }
    }
}
