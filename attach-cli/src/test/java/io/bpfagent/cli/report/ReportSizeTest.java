package io.bpfagent.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a page becomes: 400 KB without data, which its own tests look at, and 3 MB with an hour of 50 threads. */
class ReportSizeTest {

    private static final int LARGEST_EMPTY = 400_000;
    private static final long LARGEST = 3_000_000;
    private static final int INTERVALS = 3_600;
    private static final int THREADS = 50;
    /** At most, in a second. An hour of the shop has 5,700 (docs/report.md); in the recording are thread dumps too. */
    private static final int PAUSES = 2;
    private static final String GROWING = "http-worker-#";

    /** Of the example shop, 39 threads: with contexts, pauses and their threads, slow events and their stacks. */
    private static final Path RECORDING = Path.of("src/test/resources/golden/shop-recording.json");

    @TempDir
    Path directory;

    private final Random random = new Random(23);
    private RecordedLine.Begin begin;
    private final List<RecordedLine.Interval> models = new ArrayList<>();
    /** How many threads there are to be besides those that were recorded. */
    private int more;
    private int pauses;
    private int events;
    private long values;

    /**
     * Each second is one that was recorded, with other numbers in it: none is as another was, so that it cannot be
     * compressed better than a real one.
     */
    @Test
    void anHourOfFiftyThreadsHasAtMostThreeMegabytes() throws Exception {
        new RecordingReader(RECORDING).read(line -> {
            if (line instanceof RecordedLine.Begin first) {
                begin = first;
            } else if (line instanceof RecordedLine.Interval interval) {
                models.add(interval);
            }
        });
        more = THREADS - (int) models.stream().flatMap(model -> model.threads().stream())
            .map(ThreadsDocument.Entry::tid).distinct().count();
        ReportBuilder builder = new ReportBuilder();
        builder.add(begin);
        for (int i = 0; i < INTERVALS; i++) {
            builder.add(like(models.get(i % models.size()), i));
        }
        Path page = directory.resolve("hour.html");
        PageTemplate template = PageTemplate.of(" ".repeat(LARGEST_EMPTY) + "@@DATA@@");
        Report.Made made = new Report(template, page, false).of(builder, null, "");
        assertTrue(made.bytes() <= LARGEST, () -> made.toString());
        assertEquals(made.bytes(), Files.size(page));

        // It is of what was asked for, and no more was left out than of any recording.
        ReportData data = builder.data();
        assertEquals(List.of((long) INTERVALS, INTERVALS / 8, THREADS),
            List.of(data.intervals(), data.columns().size(), data.threads().size()));
        assertTrue(pauses > 2 * ReportBuilder.PAUSES && events > 20_000, () -> pauses + ", " + events);
        assertEquals(List.of(ReportBuilder.PAUSES, 4 * ReportBuilder.EVENTS),
            List.of(data.pauses().size(), data.events().size()));
        assertTrue(data.frames().size() > 300, () -> data.frames().size() + " frames");
        assertEquals(values, data.histograms().stream().mapToLong(ReportData.Histogram::count).sum());
        assertTrue(data.histograms().size() > 75, () -> data.histograms().size() + " histograms");
    }

    private RecordedLine.Interval like(RecordedLine.Interval model, int number) {
        long fromMs = number * 1_000L;
        List<ThreadsDocument.Entry> threads = new ArrayList<>();
        model.threads().forEach(thread -> threads.add(like(thread)));
        for (int i = 0; i < more; i++) {
            threads.add(worker(model, i));
        }
        return new RecordedLine.Interval(fromMs, fromMs + 1_000, 1_000_000_000, threads,
            model.pools().stream().map(pool -> like(pool, pool.pool().equals(GROWING) ? more : 0)).toList(),
            model.histograms().stream().map(this::like).toList(),
            model.pauses().stream().limit(PAUSES).map(pause -> pause(pause, fromMs)).toList(), 0,
            model.events().stream().map(event -> event(event, fromMs)).toList(), 0, model.disks(), model.remotes(),
            model.contexts(), like(model.outsideNs()), number % 5 == 0 ? models.get(0).cost() : null, model.losses());
    }

    private ThreadsDocument.Entry like(ThreadsDocument.Entry of) {
        return new ThreadsDocument.Entry(of.tid(), of.javaId(), of.name(), of.pool(), of.kind(), of.state(), 0,
            like(of.timesNs()), like(of.waitedNs()), like(of.migrations()), like(of.minorFaults()),
            like(of.majorFaults()), null, null, null);
    }

    /** One that the recording does not have. */
    private ThreadsDocument.Entry worker(RecordedLine.Interval model, int number) {
        ThreadsDocument.Entry of = model.threads().stream().filter(each -> each.pool().equals(GROWING)).findFirst()
            .orElseThrow();
        return new ThreadsDocument.Entry(30_000 + number, 100 + number, "http-worker-" + number, GROWING, of.kind(),
            of.state(), 0, like(of.timesNs()), like(of.waitedNs()), like(of.migrations()), 0, 0, null, null, null);
    }

    private ThreadsDocument.Pool like(ThreadsDocument.Pool of, int more) {
        return new ThreadsDocument.Pool(of.pool(), of.threads() + more, of.ended(), like(of.timesNs()),
            like(of.waitedNs()), like(of.migrations()), like(of.minorFaults()), like(of.majorFaults()), null, null,
            null);
    }

    private HistogramsDocument.Entry like(HistogramsDocument.Entry of) {
        List<long[]> buckets = new ArrayList<>();
        long count = 0;
        for (long[] bucket : of.buckets()) {
            if (random.nextInt(4) > 0) {
                buckets.add(new long[] {bucket[0], like(bucket[1])});
                count += buckets.get(buckets.size() - 1)[1];
            }
        }
        values += count;
        return new HistogramsDocument.Entry(of.metric(), of.operation(), of.pool(), null, null, of.unit(), null, count,
            like(of.sum()), null, null, like(of.max()), null, null, null, null, buckets);
    }

    private JsonObject pause(JsonObject model, long fromMs) {
        JsonObject pause = model.deepCopy();
        pause.addProperty("number", ++pauses);
        pause.addProperty("atMs", fromMs + random.nextInt(1_000));
        for (String key : List.of("totalNs", "timeToSafepointNs")) {
            pause.addProperty(key, like(model.get(key).getAsLong()));
        }
        other(pause.getAsJsonObject("partsNs"));
        pause.getAsJsonArray("threads").forEach(thread -> other(thread.getAsJsonObject().getAsJsonObject("timesNs")));
        return pause;
    }

    /** Of any worker; somewhere in the code of some hundred classes, where there is a stack. */
    private JsonObject event(JsonObject model, long fromMs) {
        JsonObject event = model.deepCopy();
        event.addProperty("number", ++events);
        event.addProperty("atMs", fromMs + random.nextInt(1_000));
        event.addProperty("durationNs", like(model.get("durationNs").getAsLong()));
        JsonObject thread = event.getAsJsonObject("thread");
        int worker = random.nextInt(THREADS);
        thread.addProperty("tid", 30_000 + worker);
        thread.addProperty("javaId", 100 + worker);
        thread.addProperty("name", "http-worker-" + worker);
        JsonArray stack = event.getAsJsonArray("stack");
        if (!stack.isEmpty()) {
            String name = "com.example.shop.Handler" + random.nextInt(100);
            stack.set(3 + random.nextInt(3), new JsonPrimitive(name + ".handle(" + name + ".java:"
                + (20 + random.nextInt(5)) + ")"));
        }
        return event;
    }

    private void other(JsonObject timesNs) {
        timesNs.entrySet().forEach(entry -> entry.setValue(new JsonPrimitive(
            like(entry.getValue().getAsLong()))));
    }

    private Map<String, Long> like(Map<String, Long> times) {
        Map<String, Long> others = new HashMap<>();
        if (times != null) {
            times.forEach((key, ns) -> others.put(key, like(ns)));
        }
        return others;
    }

    /** Another one of the same size; 0 stays. */
    private long like(long value) {
        return value == 0 ? 0 : 1 + (long) (value * (0.5 + random.nextDouble()));
    }
}
