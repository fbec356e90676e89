package io.bpfagent.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page has is what the recording has. */
class ReportBuilderTest {

    @TempDir
    Path directory;

    private ReportBuilder read(SmallRecording recording) throws IOException {
        return read(recording.in(directory));
    }

    private static ReportBuilder read(Path recording) {
        ReportBuilder builder = new ReportBuilder();
        new RecordingReader(recording).read(builder::add);
        return builder;
    }

    private static Map<String, Long> sums(Map<String, Long> into, JsonObject more) {
        more.asMap().forEach((key, value) -> into.merge(key, value.getAsLong(), Long::sum));
        return into;
    }

    private static long[] inOrder(Map<String, Long> times, List<String> states) {
        return states.stream().mapToLong(state -> times.getOrDefault(state, 0L)).toArray();
    }

    /** Added up by other means. */
    @Test
    void timesAndCountsAreTheRecordings() throws IOException {
        Path recording = Path.of("src/test/resources/golden/shop-recording.json");
        Map<String, Map<String, Long>> pools = new HashMap<>();
        Map<String, Map<String, Long>> threads = new HashMap<>();
        Map<String, long[]> histograms = new HashMap<>();
        for (String line : Files.readAllLines(recording)) {
            JsonObject interval = JsonParser.parseString(line).getAsJsonObject();
            if (interval.has("threads")) {
                interval.getAsJsonArray("pools").forEach(one -> sums(pools.computeIfAbsent(
                    one.getAsJsonObject().get("pool").getAsString(), any -> new HashMap<>()),
                    one.getAsJsonObject().getAsJsonObject("timesNs")));
                interval.getAsJsonArray("threads").forEach(one -> sums(threads.computeIfAbsent(
                    one.getAsJsonObject().get("tid").getAsString(), any -> new HashMap<>()),
                    one.getAsJsonObject().getAsJsonObject("timesNs")));
                interval.getAsJsonArray("histograms").forEach(one -> {
                    JsonObject histogram = one.getAsJsonObject();
                    long[] sums = histograms.computeIfAbsent(histogram.get("metric") + "/" + histogram.get("pool") + "/"
                        + histogram.get("operation"), any -> new long[3]);
                    sums[0] += histogram.get("count").getAsLong();
                    sums[1] += histogram.get("sum").getAsLong();
                    sums[2] = Math.max(sums[2], histogram.get("max").getAsLong());
                });
            }
        }
        ReportBuilder builder = read(recording);
        for (int shrinks = 0; shrinks < 8; shrinks++) {
            ReportData data = builder.data();
            assertEquals(pools.size(), data.pools().size());
            for (ReportData.Pool pool : data.pools()) {
                assertArrayEquals(inOrder(pools.get(pool.name()), data.states()), pool.totalNs());
                assertArrayEquals(pool.totalNs(), data.states().stream().mapToLong(state ->
                    LongStream.of(pool.series().getOrDefault(state, new long[0])).sum()).toArray());
            }
            assertEquals(threads.size(), data.threads().size());
            for (ReportData.ThreadTotal thread : data.threads()) {
                assertArrayEquals(inOrder(threads.get(Integer.toString(thread.tid())), data.states()),
                    thread.totalNs());
            }
            assertEquals(histograms.size(), data.histograms().size());
            for (ReportData.Histogram histogram : data.histograms()) {
                long[] sums = histograms.get(quoted(histogram.metric()) + "/" + quoted(histogram.pool()) + "/"
                    + quoted(histogram.operation()));
                assertArrayEquals(sums, new long[] {histogram.count(), histogram.sum(), histogram.max()});
                assertEquals(sums[0], LongStream.of(histogram.counts()).sum());
                long[] counts = new long[histogram.bounds().length];
                for (ReportData.Cell cell : histogram.columns()) {
                    assertEquals(0, cell.column() % histogram.width());
                    assertTrue(cell.column() < data.columns().size());
                    for (int i = 0; i < cell.pairs().length; i += 2) {
                        counts[(int) cell.pairs()[i]] += cell.pairs()[i + 1];
                    }
                }
                assertArrayEquals(histogram.counts(), counts);
            }
            builder.shrink();
        }
    }

    private static String quoted(String name) {
        return name == null ? "null" : "\"" + name + "\"";
    }

    @Test
    void aLongRecordingHasNeighboursInOneColumn() throws IOException {
        SmallRecording recording = new SmallRecording();
        int intervals = 2 * TimeColumns.MOST + 1;
        for (int i = 1; i <= intervals; i++) {
            recording.interval(i, 1_000, 2_000);
        }
        ReportData data = read(recording.end()).data();
        assertEquals(intervals, data.intervals());
        assertEquals(301, data.columns().size());
        for (int i = 1; i < data.columns().size(); i++) {
            assertEquals(data.columns().get(i - 1)[1], data.columns().get(i)[0]);
        }
        assertArrayEquals(new long[] {1_000, 5_000}, data.columns().get(0));
        assertEquals(data.toMs(), data.columns().get(300)[1]);
        long[] running = data.pools().get(0).series().get("running");
        assertEquals(1 + 2 + 3 + 4, running[0]);
        assertEquals(intervals, running[300]);
        assertEquals(intervals * (intervals + 1L) / 2, data.pools().get(0).totalNs()[0]);
        assertArrayEquals(new long[] {intervals, intervals}, data.histograms().get(0).counts());
        assertArrayEquals(new long[] {0, 4, 1, 4}, data.histograms().get(0).columns().get(0).pairs());
        assertEquals(intervals, data.pools().get(0).migrations());
        assertEquals(Map.of("torn_rows", 5L), data.losses());
    }

    @Test
    void theLongestPausesAndEventsOfEachMetricAreKept() throws IOException {
        SmallRecording recording = new SmallRecording();
        for (int i = 0; i < ReportBuilder.PAUSES + 23; i++) {
            recording.pause(1_000 + i);
        }
        for (int i = 0; i < ReportBuilder.EVENTS + 23; i++) {
            recording.event("blocked_park", 2_000_000_000L - i, "app.Idle.wait(Idle.java:" + i + ")",
                "java.lang.Thread.run");
        }
        recording.event("blocked_disk", 5, "app.Store.save(Store.java:7)", "java.lang.Thread.run");
        ReportBuilder builder = read(recording.end());
        ReportData data = builder.data();
        assertEquals(ReportBuilder.PAUSES, data.pauses().size());
        assertEquals(23, data.pausesLeftOut());
        // The shortest are gone, the others in the order in which they came.
        assertTrue(data.pauses().get(0).json().contains("\"number\":24,"), data.pauses().get(0).json());
        assertEquals(ReportBuilder.EVENTS + 1, data.events().size());
        assertEquals(23, data.eventsLeftOut());
        assertEquals(2L * data.intervals(), data.missingPauses());
        assertEquals(3L * data.intervals(), data.missingEvents());
        String disk = data.events().get(ReportBuilder.EVENTS).json();
        assertTrue(disk.contains("blocked_disk"), disk);
        assertEquals(ReportBuilder.EVENTS + 2, data.frames().size());
        int save = data.frames().indexOf("app.Store.save(Store.java:7)");
        assertTrue(disk.endsWith(",\"stack\":[" + save + ",1]}"), disk);
        // Numbers that are 0 are left out.
        assertTrue(!disk.contains("cpu"), disk);
        while (builder.data().events().size() > ReportBuilder.EVENTS / 2 + 1) {
            builder.shrink();
        }
        assertEquals(ReportBuilder.EVENTS / 2 + 2, builder.data().frames().size());
        assertEquals(23 + ReportBuilder.EVENTS / 2, builder.data().eventsLeftOut());
        assertEquals(ReportBuilder.PAUSES / 2, builder.data().pauses().size());
    }

    @Test
    void threadsThatEndAreForgottenButForTheBusiest() throws IOException {
        SmallRecording recording = new SmallRecording();
        int born = 6_000;
        for (int first = 0; first < born; first += 1_000) {
            StringBuilder threads = new StringBuilder("{\"tid\":1,\"javaId\":1,\"name\":\"main\",\"pool\":\"main\","
                + "\"timesNs\":{\"blocked_park\":7}}");
            for (int i = first; i < first + 1_000; i++) {
                threads.append(",{\"tid\":").append(i + 2).append(",\"javaId\":").append(i + 2)
                    .append(",\"name\":\"t\",\"pool\":\"t\",\"timesNs\":{\"running\":").append(born - i).append("}}");
            }
            recording.raw("{\"schema\":1,\"record\":\"interval\",\"fromMs\":1,\"toMs\":2,\"threads\":["
                + threads + "]}\n");
        }
        ReportData data = read(recording.end()).data();
        assertEquals(ThreadSums.SHOWN, data.threads().size());
        assertEquals(born + 1 - ThreadSums.SHOWN, data.threadsLeftOut());
        assertEquals(born, data.threads().get(0).totalNs()[0]);
        assertEquals(born - ThreadSums.SHOWN + 1, data.threads().get(ThreadSums.SHOWN - 1).totalNs()[0]);
    }

    @Test
    void aStateOfALaterAgentComesLast() throws IOException {
        ReportData data = read(new SmallRecording().raw("{\"schema\":1,\"record\":\"interval\",\"fromMs\":1,\"toMs\":2,"
            + "\"pools\":[{\"pool\":\"main\",\"threads\":1,\"timesNs\":{\"blocked_gpu\":5}}]}\n").end()).data();
        assertEquals("blocked_gpu", data.states().get(16));
        assertEquals(5, data.pools().get(0).totalNs()[16]);
    }

    /** The page says what the agent took at most in any five seconds, and what it took last. */
    @Test
    void theGreatestCostAndTheLastOneAreKeptHoweverLongTheRecordingIs() {
        ReportBuilder builder = new ReportBuilder();
        builder.add(new RecordedLine.Begin(0, "0.1.0", 4711, "app.jar", 1_000_000_000, null, new JsonObject()));
        int intervals = 4 * TimeColumns.MOST + 3;
        int greatest = 1_001;
        for (int i = 0; i < intervals; i++) {
            JsonObject cost = new JsonObject();
            cost.addProperty("share", i == greatest ? 0.23 : i == intervals - 1 ? 0.001 : 0.01);
            builder.add(new RecordedLine.Interval(i * 1_000L, i * 1_000L + 1_000, 1_000_000_000, List.of(), List.of(),
                List.of(), List.of(), 0, List.of(), 0, null, null, List.of(), Map.of(), cost, Map.of()));
        }
        List<JsonObject> costs = builder.data().cost().stream().map(JsonElement::getAsJsonObject).toList();
        assertEquals(builder.data().columns().size() + 1, costs.size());
        JsonObject most = costs.stream().max(Comparator.comparingDouble(one -> one.get("share").getAsDouble()))
            .orElseThrow();
        assertEquals(List.of(0.23, greatest * 1_000L + 1_000),
            List.of(most.get("share").getAsDouble(), most.get("atMs").getAsLong()));
        JsonObject last = costs.get(costs.size() - 1);
        assertEquals(List.of(0.001, intervals * 1_000L),
            List.of(last.get("share").getAsDouble(), last.get("atMs").getAsLong()));
    }
}
