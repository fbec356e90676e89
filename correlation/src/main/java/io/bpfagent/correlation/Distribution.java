package io.bpfagent.correlation;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long the finished stays in one state took, as counts per bucket. Immutable; only buckets that
 * were hit take space (6 bytes each, 10 where a count is over 2^32).
 *
 * <p>{@link #sumNs()} and, for a cumulative distribution, {@link #maxNs()} are the kernel's exact
 * numbers. What was read while the thread ran on may be a stay ahead of or behind its sum; the next read
 * puts that right.
 */
public final class Distribution {
    /** Nothing counted. */
    public static final Distribution EMPTY = new Distribution(new short[0], new int[0], null, 0, 0);

    private final short[] indexes;
    private final int[] lows;
    private final int[] highs;
    private final long count;
    private final long sumNs;
    private final long maxNs;

    /**
     * Takes the arrays as they are: ascending bucket numbers and the halves of their counts, none 0; null
     * for upper halves that are all 0.
     */
    Distribution(short[] indexes, int[] lows, int[] highs, long sumNs, long maxNs) {
        this.indexes = indexes;
        this.lows = lows;
        this.highs = highs;
        long total = 0;
        for (int i = 0; i < lows.length; i++) {
            total += BucketCounts.count(lows, highs, i);
        }
        this.count = total;
        this.sumNs = sumNs;
        // The buckets may have been read after the row; the maximum is at least where they reach.
        this.maxNs = indexes.length == 0 ? maxNs : Math.max(maxNs, Buckets.lowestNs(indexes[indexes.length - 1]));
    }

    /** Takes one bucket. */
    @FunctionalInterface
    public interface BucketConsumer {
        /**
         * @param upToNs the bucket's largest value in ns, inclusive
         * @param count  how many values lie in it and not in a lower one; never 0
         */
        void accept(long upToNs, long count);
    }

    /** How many stays are counted. */
    public long count() {
        return count;
    }

    /** What they took together, in ns. */
    public long sumNs() {
        return sumNs;
    }

    /** The longest in ns, 0 if there is none; of a difference at most the bound of its highest bucket. */
    public long maxNs() {
        return maxNs;
    }

    /**
     * A new HdrHistogram with the same counts, 64 ns to 2^41 - 1 ns, one significant digit. Its own
     * maximum is the bound of the highest bucket and never more than 2^41 - 1: report {@link #maxNs()},
     * which is exact, and percentiles by {@link #percentileNs}, which takes care of both.
     */
    public Histogram toHistogram() {
        Histogram histogram = new Histogram(1L << Buckets.UNIT_SHIFT, Buckets.HIGHEST_NS, Buckets.SIGNIFICANT_DIGITS);
        for (int i = 0; i < indexes.length; i++) {
            histogram.recordValueWithCount(Buckets.lowestNs(indexes[i]), countAt(i));
        }
        return histogram;
    }

    /**
     * The values below or at which the given percentages (0 to 100) of the stays lie, in ns: the bound
     * of their bucket as HdrHistogram gives it, but never more than {@link #maxNs()}, and that itself
     * for the last bucket, which has no bound. All 0 if nothing is counted.
     */
    public long[] percentilesNs(double... percentiles) {
        long[] values = new long[percentiles.length];
        if (count == 0) {
            return values;
        }
        Histogram histogram = toHistogram();
        for (int i = 0; i < values.length; i++) {
            long ns = histogram.getValueAtPercentile(percentiles[i]);
            values[i] = ns >= Buckets.HIGHEST_NS ? maxNs : Math.min(ns, maxNs);
        }
        return values;
    }

    /** One of {@link #percentilesNs}. */
    public long percentileNs(double percentile) {
        return percentilesNs(percentile)[0];
    }

    /** Gives every bucket that was hit, lowest first; the last one's bound is at least the maximum. */
    public void forEachBucket(BucketConsumer consumer) {
        for (int i = 0; i < indexes.length; i++) {
            consumer.accept(upToNs(indexes[i]), countAt(i));
        }
    }

    /** The two together. */
    public Distribution plus(Distribution other) {
        return sum(List.of(this, other));
    }

    /** All together; the same object if only one of them has anything in it. */
    static Distribution sum(Iterable<Distribution> parts) {
        Distribution only = EMPTY;
        BucketCounts counts = null;
        long sumNs = 0;
        long maxNs = 0;
        for (Distribution part : parts) {
            if (part == EMPTY) {
                continue;
            }
            if (only != EMPTY && counts == null) {
                counts = new BucketCounts();
                only.addTo(counts);
            }
            if (counts != null) {
                part.addTo(counts);
            }
            only = part;
            sumNs += part.sumNs;
            maxNs = Math.max(maxNs, part.maxNs);
        }
        return counts == null ? only : counts.toDistribution(sumNs, maxNs);
    }

    /**
     * What was added since {@code earlier}, never below 0. Its maximum is the bound of its highest
     * bucket or the maximum so far, whichever is less; {@link #EMPTY} if nothing was counted.
     */
    public Distribution minus(Distribution earlier) {
        if (this == earlier) {
            return EMPTY;
        }
        BucketCounts difference = new BucketCounts();
        int e = 0;
        for (int i = 0; i < indexes.length; i++) {
            while (e < earlier.indexes.length && earlier.indexes[e] < indexes[i]) {
                e++;
            }
            boolean same = e < earlier.indexes.length && earlier.indexes[e] == indexes[i];
            long added = same ? countAt(i) - earlier.countAt(e) : countAt(i);
            if (added > 0) {
                difference.add(indexes[i], added);
            }
        }
        if (difference.isEmpty()) {
            return EMPTY;
        }
        return difference.toDistribution(Math.max(0, sumNs - earlier.sumNs),
                Math.min(maxNs, upToNs(difference.highest())));
    }

    private long countAt(int i) {
        return BucketCounts.count(lows, highs, i);
    }

    private long upToNs(int index) {
        long ns = Buckets.upToNs(index);
        return index == Buckets.LAST ? Math.max(ns, maxNs) : ns;
    }

    private void addTo(BucketCounts sum) {
        for (int i = 0; i < indexes.length; i++) {
            sum.add(indexes[i], countAt(i));
        }
    }

    @Override
    public String toString() {
        return "Distribution[count=" + count + ", sumNs=" + sumNs + ", maxNs=" + maxNs + "]";
    }
}
