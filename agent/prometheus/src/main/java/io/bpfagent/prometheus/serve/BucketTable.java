package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;

/**
 * In which buckets of Prometheus' each bucket of a snapshot is counted. The buckets of snapshots are the same for ever:
 * 32 of one unit of 64 ns, then sixteen for each power of two. Immutable.
 *
 * <p>A native bucket is that of the largest value. A classic one of times has what ends within it: what is up to 6.25 %
 * below a bound can be counted above it. One of numbers, which are powers of two as a rule, has what begins within it.
 */
final class BucketTable {
    /** Of seconds. */
    static final BucketTable SECONDS = new BucketTable(true,
            1e-6, 1e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.1, 1, 10, Double.POSITIVE_INFINITY);
    /** Of bytes and other numbers; one counts as 64 ns in a distribution. */
    static final BucketTable NUMBERS = new BucketTable(false,
            1, 16, 256, 512, 4096, 16_384, 65_536, 262_144, 1 << 20, 1 << 24, 1 << 28, Double.POSITIVE_INFINITY);

    private static final double NS_PER_SECOND = 1e9;
    private static final int UNIT_SHIFT = 6;
    /** log2 of the buckets for each power of two. */
    private static final int HALF_SHIFT = 4;
    private static final int HALF = 1 << HALF_SHIFT;
    private static final int BUCKETS = 512;

    /** The first bucket of a snapshot, shorter than 64 ns, has no width in a native histogram. */
    private static final double ZERO_SECONDS = 63 / NS_PER_SECOND;

    private final boolean isTime;
    private final double[] bounds;
    private final short[] natives = new short[BUCKETS];
    private final byte[] classics = new byte[BUCKETS];

    private BucketTable(boolean isTime, double... bounds) {
        this.isTime = isTime;
        this.bounds = bounds;
        int classic = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long upToNs = (lowest(i + 1) << UNIT_SHIFT) - 1;
            double value = isTime ? upToNs / NS_PER_SECOND : upToNs >> UNIT_SHIFT;
            // The first bucket is that of 0.
            natives[i] = i == 0 ? 0 : (short) NativeBuckets.number(value);
            double at = isTime ? value : lowest(i);
            while (bounds[classic] < at) {
                classic++;
            }
            classics[i] = (byte) classic;
        }
    }

    /** The smallest value of a bucket, in units. */
    private static long lowest(int index) {
        return index < 2 * HALF ? index : (long) ((index & HALF - 1) + HALF) << (index >>> HALF_SHIFT) - 1;
    }

    /** Which bucket of a snapshot ends with this value. */
    static int index(long upToNs) {
        long units = upToNs >>> UNIT_SHIFT;
        if (units < 2 * HALF) {
            return (int) units;
        }
        int bucket = Long.SIZE - 1 - Long.numberOfLeadingZeros(units) - HALF_SHIFT;
        return Math.min(BUCKETS - 1, (bucket << HALF_SHIFT) + (int) (units >>> bucket));
    }

    /** The number of the native bucket for bucket {@code index} of a snapshot, which is not the first. */
    int nativeNumber(int index) {
        return natives[index];
    }

    /** Which classic bucket it is. */
    int classic(int index) {
        return classics[index];
    }

    /** Up to which a value counts as zero in a native histogram. */
    double zeroThreshold() {
        return isTime ? ZERO_SECONDS : 0;
    }

    /** Of all values, in seconds or in what the numbers count. */
    double sum(Distribution distribution) {
        return isTime ? distribution.sumNs() / NS_PER_SECOND : distribution.sumNs() >> UNIT_SHIFT;
    }

    /** The bounds of the classic buckets; not to be changed. */
    double[] bounds() {
        return bounds;
    }
}
