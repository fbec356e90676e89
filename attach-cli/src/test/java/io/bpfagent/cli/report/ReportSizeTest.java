package io.bpfagent.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How large a page becomes. */
class ReportSizeTest {

    private static final int INTERVALS = 3_600;
    private static final int POOLS = 12;
    private static final int METRICS = 5;
    private static final int BUCKETS = 30;

    /** Numbers without any order in them: no program has so many that cannot be compressed. */
    @Test
    void anHourOfFiftyThreadsHasAtMostThreeMegabytes() {
        Random random = new Random(23);
        ReportBuilder builder = new ReportBuilder();
        builder.add(new RecordedLine.Begin(0, "0.1.0", 4711, "app.jar", 1_000_000_000, null, new JsonObject()));
        for (int i = 0; i < INTERVALS; i++) {
            List<ThreadsDocument.Pool> pools = new ArrayList<>();
            List<HistogramsDocument.Entry> histograms = new ArrayList<>();
            for (int pool = 0; pool < POOLS; pool++) {
                Map<String, Long> timesNs = Map.of("running", ns(random), "runnable", ns(random), "blocked_park",
                    ns(random), "blocked_disk", ns(random), "blocked_monitor", ns(random));
                pools.add(new ThreadsDocument.Pool("pool-" + pool, 4, 0, timesNs, Map.of(), 1, 1, 1, null, null, null));
                for (int metric = 0; metric < METRICS; metric++) {
                    histograms.add(histogram(random, "metric" + metric, "pool-" + pool));
                }
            }
            for (int metric = 0; metric < METRICS; metric++) {
                histograms.add(histogram(random, "metric" + metric, null));
            }
            builder.add(new RecordedLine.Interval(i * 1_000L, i * 1_000L + 1_000, 1_000_000_000, List.of(), pools,
                histograms, List.of(), 0, List.of(), 0, null, null, List.of(), Map.of(), null, Map.of()));
        }
        byte[] packed = Report.packed(builder);
        assertTrue(packed.length <= Report.LARGEST_DATA, packed.length + " bytes");
        assertEquals(INTERVALS / 8, builder.data().columns().size());
    }

    private static long ns(Random random) {
        return random.nextInt(1_000_000_000);
    }

    private static HistogramsDocument.Entry histogram(Random random, String metric, String pool) {
        List<long[]> buckets = new ArrayList<>();
        long bound = 1_000;
        for (int i = 0; i < BUCKETS; i++) {
            bound += 64 * (1 + random.nextInt(2));
            buckets.add(new long[] {bound, 1 + random.nextInt(50)});
        }
        return new HistogramsDocument.Entry(metric, null, pool, null, null, "ns", null, 1, 1, null, null, bound, null,
            null, null, null, buckets);
    }
}
