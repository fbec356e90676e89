package io.bpfagent.cli.text;

import io.bpfagent.cli.control.HistogramsDocument.Entry;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A histogram as bars over powers of two, or parts of them where few are filled.
 *
 * <p>Such bounds are bounds of the document's buckets too (HdrHistogram with a unit of 64 ns or 1 byte
 * and 16 buckets to a power of two), so that adding up buckets moves nothing over a bound.
 */
final class HistogramBars {

    /** What fits a screen with the lines around it. */
    private static final int MAX_ROWS = 18;
    /** The document's buckets between two powers of two. */
    private static final int BUCKETS = 16;
    /** The width of the narrowest bucket of times; of sizes and numbers it is one. */
    private static final long UNIT_NS = 64;
    private static final int BAR_WIDTH = 39;

    private HistogramBars() {
    }

    /** With the total below. */
    static String of(Entry histogram) {
        NavigableMap<Long, Band> bands = bands(histogram, BUCKETS);
        for (int steps = BUCKETS / 2; steps >= 1 && bands.size() > MAX_ROWS; steps /= 2) {
            bands = bands(histogram, steps);
        }
        if (bands.isEmpty()) {
            return histogram.metric() + (histogram.count() == 0 ? ": count 0\n"
                : ": " + Quantity.exact(histogram.count()) + " events, which have no values\n");
        }
        long most = bands.values().stream().mapToLong(band -> band.count).max().orElse(1);
        double sum = bands.values().stream().mapToDouble(band -> band.sum).sum();
        StringBuilder text = new StringBuilder(row("UP TO", "COUNT", "COUNT%", sumShare(histogram.unit()), ""));
        for (Map.Entry<Long, Band> entry : bands.entrySet()) {
            Band band = entry.getValue();
            int length = (int) Math.ceil((double) BAR_WIDTH * band.count / most);
            text.append(row(Quantity.of(entry.getKey(), histogram.unit()), Quantity.exact(band.count),
                Quantity.share(band.count, histogram.count()), Quantity.share(band.sum, sum),
                "#".repeat(length)));
        }
        return text.append("total ").append(Quantity.of(histogram.sum(), histogram.unit())).append(" in ")
            .append(Quantity.exact(histogram.count())).append(" events\n").toString();
    }

    private static String sumShare(String unit) {
        return "bytes".equals(unit) ? "BYTES%" : "number".equals(unit) ? "SUM%" : "TIME%";
    }

    /** By largest value; empty ones between two that are filled stay, for a gap tells something. */
    private static NavigableMap<Long, Band> bands(Entry histogram, int steps) {
        long unit = "ns".equals(histogram.unit()) ? UNIT_NS : 1;
        NavigableMap<Long, Band> bands = new TreeMap<>();
        long bound = 0;
        for (long[] bucket : histogram.buckets()) {
            long wanted = boundOf(bucket[0], steps, unit);
            while (!bands.isEmpty() && bound < wanted) {
                bound = boundOf(bound + 1, steps, unit);
                bands.computeIfAbsent(bound, b -> new Band());
            }
            bound = wanted;
            bands.computeIfAbsent(bound, b -> new Band()).add(bucket[1], bucket[0]);
        }
        return bands;
    }

    /** The largest value of the band that holds {@code value}. */
    private static long boundOf(long value, int steps, long unit) {
        long step = Math.max(unit, Long.highestOneBit(value) / steps);
        return (value / step + 1) * step - 1;
    }

    private static String row(String upTo, String count, String countShare, String timeShare, String bar) {
        return (Layout.right(upTo, 9) + Layout.right(count, 15) + Layout.right(countShare, 8)
            + Layout.right(timeShare, 7) + "  " + bar).stripTrailing() + "\n";
    }

    /** The buckets of one bar. */
    private static final class Band {
        private long count;
        private double sum;

        /** The sum is what the largest value would give, at most 6.25 % too much in every bucket. */
        void add(long events, long upTo) {
            count += events;
            sum += (double) events * upTo;
        }
    }
}
