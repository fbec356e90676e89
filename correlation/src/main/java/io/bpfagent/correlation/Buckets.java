package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts;

/**
 * The bucket bounds that the kernel side, this package and HdrHistogram have in common.
 *
 * <p>A bucket's number is the index in the counts array of an HdrHistogram with a lowest discernible
 * value of 64 ns, a highest of 2^41 - 1 ns (36 minutes) and one significant digit: 32 buckets of 64 ns,
 * then 16 for each power of two. Longer values are counted in the last bucket.
 */
final class Buckets {
    static final int COUNT = RecordLayouts.RecordSizes.PAGE_BUCKETS;
    static final int UNIT_SHIFT = RecordLayouts.RecordSizes.BUCKET_UNIT_SHIFT;
    static final int LAST = COUNT - 1;
    static final int SIGNIFICANT_DIGITS = 1;

    /** log2 of the buckets per power of two; HdrHistogram needs 16 for one digit. */
    private static final int HALF_SHIFT = 4;
    private static final int HALF = 1 << HALF_SHIFT;

    /** The largest value of the last bucket before longer ones are put into it, 2^41 - 1 ns. */
    static final long HIGHEST_NS = lowestNs(COUNT) - 1;

    private Buckets() {
    }

    /** The bucket in which the kernel counts {@code ns}, which must not be negative. */
    static int indexOf(long ns) {
        long units = ns >>> UNIT_SHIFT;
        if (units < 2 * HALF) {
            return (int) units;
        }
        int power = 63 - Long.numberOfLeadingZeros(units);
        int bucket = power - HALF_SHIFT;
        return Math.min(LAST, (bucket << HALF_SHIFT) + (int) (units >>> bucket));
    }

    /** The smallest value of bucket {@code index} in ns. */
    static long lowestNs(int index) {
        if (index < 2 * HALF) {
            return (long) index << UNIT_SHIFT;
        }
        int bucket = (index >>> HALF_SHIFT) - 1;
        return (long) ((index & (HALF - 1)) + HALF) << bucket + UNIT_SHIFT;
    }

    /** The largest value of bucket {@code index} in ns, that of the last without the longer ones. */
    static long upToNs(int index) {
        return lowestNs(index + 1) - 1;
    }
}
