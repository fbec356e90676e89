package io.bpfagent.boot;

/**
 * How long the single times of one kind were, of one carrier: counts by the buckets of {@code bucket_of} in pages.h,
 * and their exact sum and maximum. 4 KiB.
 *
 * <p>Assumptions: one thread writes at a time. Guarantees: whoever reads meanwhile may miss the last of them in one
 * number and have it in another; the next reading has it in all. Nothing here allocates, waits or calls out.
 */
final class VirtualTimes {
    /** As {@code PAGE_BUCKETS} in records.h. */
    static final int BUCKETS = 512;
    private static final int UNIT_SHIFT = 6;
    private static final int HALF_SHIFT = 4;

    private final long[] counts = new long[BUCKETS];
    private long sumNs;
    private long maxNs;

    /** Counts one. What is below 0, because two CPUs' clocks differ, counts as 0. */
    void add(long ns) {
        long positive = Math.max(0, ns);
        counts[bucketOf(positive)]++;
        sumNs += positive;
        if (positive > maxNs) {
            maxNs = positive;
        }
    }

    /** HdrHistogram's index for one significant digit and a unit of 64 ns; what is too long is in the last one. */
    static int bucketOf(long ns) {
        long units = ns >>> UNIT_SHIFT;
        // Below 32 units the power is taken as that of 16, whose bucket is the unit itself.
        int shift = Long.SIZE - 1 - HALF_SHIFT - Long.numberOfLeadingZeros(units | 1L << HALF_SHIFT);
        return Math.min(BUCKETS - 1, (shift << HALF_SHIFT) + (int) (units >>> shift));
    }

    /** Adds these to {@code into}: the counts by bucket, then sum and maximum, {@value #BUCKETS} + 2 numbers. */
    void addTo(long[] into) {
        for (int i = 0; i < BUCKETS; i++) {
            into[i] += counts[i];
        }
        into[BUCKETS] += sumNs;
        into[BUCKETS + 1] = Math.max(into[BUCKETS + 1], maxNs);
    }
}
