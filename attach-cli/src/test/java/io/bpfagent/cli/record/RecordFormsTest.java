package io.bpfagent.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.HistogramsDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two forms of a recording, with golden files; -Dgolden.write=true writes them anew. */
class RecordFormsTest {

    private static final long TICK_NS = 1_000_000_000L;
    private static final long INTERVALS = 3;

    /** A recording of an agent that takes a snapshot each second, written in this form. */
    private static String recording(RecordForm form) {
        long[] ticks = {5};
        Sweep sweep = new Sweep(request -> TickingAgent.answer(request, ticks[0], TICK_NS), true);
        SnapshotPace pace = new SnapshotPace(request -> TickingAgent.answer(request, ticks[0], TICK_NS),
            FakeMachine.CLOCK, () -> 0);
        pace.look();
        StringBuilder text = new StringBuilder(form.begin(new RecordedJvm(4711, "app.jar",
            FakeMachine.CLOCK.millis(), TICK_NS,
            new RecordedMachine("6.18.0", 2, "17.0.21"),
            TickingAgent.answer("\"verb\":\"status\"", ticks[0], TICK_NS))));
        sweep.begin();
        long fromMs = pace.atMs(sweep.wallNs());
        for (int i = 0; i < INTERVALS; i++) {
            ticks[0]++;
            RecordedInterval interval = sweep.interval(fromMs, pace);
            fromMs = interval.toMs();
            text.append(form.interval(interval));
        }
        return text.append(form.end(fromMs, "duration", INTERVALS, sweep.losses())).toString();
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path golden = Path.of("src/test/resources/golden/" + name);
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
    }

    @Test
    void jsonIsTheGoldenFile() throws IOException {
        assertGolden("record.json", recording(new JsonRecord()));
    }

    @Test
    void everyLineOfTheJsonIsADocument() {
        List<String> lines = recording(new JsonRecord()).lines().toList();
        assertEquals(INTERVALS + 2, lines.size());
        for (String line : lines) {
            assertTrue(line.startsWith("{\"schema\":1,\"record\":\""), line);
            assertTrue(JsonParser.parseString(line).isJsonObject(), line);
        }
        // The agent's bill comes every five seconds.
        assertTrue(lines.get(1).contains(",\"cost\":{\"wallNs\":5000000000,"), lines.get(1));
        assertFalse(lines.get(2).contains("\"cost\""), lines.get(2));
        // Of the pool in which nobody ran there is no histogram: it was not even asked for.
        assertFalse(lines.get(2).contains("\"metric\":\"runnable\",\"pool\":\"idle\""), lines.get(2));
    }

    @Test
    void theExamplesOfThePageHaveTheKeysOfTheGoldenFile() throws IOException {
        String page = Files.readString(Path.of("../docs/json.md"));
        String section = page.substring(page.indexOf("\n## record\n"));
        String[] examples = section.split("```json\n", 2)[1].split("```", 2)[0].split("\n(?=\\{)");
        String[] golden = GoldenFiles.read("record.json").split("\n");
        assertEquals(3, examples.length);
        for (int i = 0; i < examples.length; i++) {
            assertEquals(keys(JsonParser.parseString(golden[i == 2 ? golden.length - 1 : i])),
                keys(JsonParser.parseString(examples[i])));
        }
    }

    /** Every path of keys in a document; the items of an array together. */
    private static Set<String> keys(JsonElement element) {
        if (element.isJsonArray()) {
            return element.getAsJsonArray().asList().stream().flatMap(item -> keys(item).stream())
                .collect(Collectors.toSet());
        }
        return !element.isJsonObject() ? Set.of("") : element.getAsJsonObject().entrySet().stream()
            .flatMap(entry -> keys(entry.getValue()).stream().map(key -> "/" + entry.getKey() + key))
            .collect(Collectors.toSet());
    }

    @Test
    void hdrHistogramsOwnReaderReadsTheLog() {
        String log = recording(new HlogRecord());
        Map<String, List<Histogram>> read = new TreeMap<>();
        HistogramLogReader reader = new HistogramLogReader(
            new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null;
            next = reader.nextIntervalHistogram()) {
            read.computeIfAbsent(next.getTag(), tag -> new ArrayList<>()).add((Histogram) next);
        }
        assertEquals(Set.of("runnable", "runnable/main", "runnable/io%2C%20%C3%A9-#", "vm_operation",
            "vm_operation.G1CollectForAllocation"), read.keySet());
        long fromMs = FakeMachine.CLOCK.millis();
        for (List<Histogram> histograms : read.values()) {
            assertEquals(INTERVALS, histograms.size());
            for (int i = 0; i < INTERVALS; i++) {
                Histogram histogram = histograms.get(i);
                assertEquals(4, histogram.getTotalCount());
                assertEquals(3, histogram.getCountAtValue(5_000));
                assertEquals(1, histogram.getCountAtValue(1_000_000));
                assertEquals(fromMs + i * 1_000, histogram.getStartTimeStamp());
                assertEquals(fromMs + (i + 1) * 1_000, histogram.getEndTimeStamp());
            }
        }
        assertEquals(FakeMachine.CLOCK.millis() / 1000.0, reader.getStartTimeSec());
        assertTrue(log.contains("#[Losses: lost_slow_events 6, missed_wakeups 6]"), log);
        assertTrue(log.contains("#[Histogram log format version 1.3]"), log);
    }

    /** Its log processor adds up a tag's intervals: count, percentiles and maximum are those of the histogram's sum. */
    @Test
    @SuppressWarnings("DoNotCall") // it is a Thread, and here the test waits for it
    void hdrHistogramsOwnLogProcessorAgrees(@TempDir Path directory) throws IOException {
        Path log = Files.writeString(directory.resolve("x.hlog"), recording(new HlogRecord()));
        for (String tag : List.of("runnable", "runnable/main", "runnable/io%2C%20%C3%A9-#",
                "vm_operation.G1CollectForAllocation")) {
            Path out = directory.resolve("out");
            new HistogramLogProcessor(new String[] {"-i", log.toString(), "-o", out.toString(), "-tag", tag, "-csv",
                "-outputValueUnitRatio", "1"}).run();
            Histogram sum = new Histogram(64, 1L << 30, 1);
            sum.recordValueWithCount(5_000, 3 * INTERVALS);
            sum.recordValueWithCount(1_000_000, INTERVALS);
            List<String> rows = Files.readAllLines(directory.resolve("out.hgrm")).stream()
                .filter(line -> line.matches("[0-9].*")).toList();
            String[] first = rows.get(0).split(",");
            String[] last = rows.get(rows.size() - 1).split(",");
            assertEquals(sum.getValueAtPercentile(50), Double.parseDouble(first[0]), tag);
            assertEquals(sum.getMaxValue(), Double.parseDouble(last[0]), tag);
            assertEquals(sum.getTotalCount(), Long.parseLong(last[2]), tag);
            // A line for each interval, too.
            assertEquals(INTERVALS, Files.readAllLines(out).stream().filter(line -> line.matches("[0-9].*")).count(),
                    tag);
        }
    }

    @Test
    void eachBucketStaysABucketInTheLog() throws IOException {
        for (String file : new String[] {"hist.json", "hist-bytes.json", "hist-pool-sizes.json"}) {
            HistogramsDocument document = Documents.read(GoldenFiles.read(file),
                HistogramsDocument.class);
            for (HistogramsDocument.Entry entry : document.histograms()) {
                Histogram histogram = HlogRecord.histogram(entry);
                for (long[] bucket : entry.buckets()) {
                    assertEquals(bucket[1], histogram.getCountAtValue(bucket[0]), entry.metric());
                    assertEquals(bucket[0], histogram.highestEquivalentValue(bucket[0]), entry.metric());
                }
            }
        }
    }
}
