package io.bpfagent.prometheus.serve;

/**
 * Counts by the buckets of Prometheus' native histograms, schema 4: sixteen for each power of two, each 4.4 % wider
 * than the one before. A bucket's number n stands for the values above 2^((n-1)/16), up to and with 2^(n/16).
 *
 * <p>The buckets of snapshots are sixteen for each power of two as well, of equal width: 3.1 to 6.25 %. Each is counted
 * where its largest value lies, which is what HdrHistogram calls a percentile. So a quantile that PromQL computes and
 * HdrHistogram's own lie in one bucket, at most 4.4 % from each other. One thread.
 */
final class NativeBuckets {
    /** Its number in Prometheus. */
    static final int SCHEMA = 4;
    private static final int PER_POWER = 1 << SCHEMA;
    /** More than there are buckets of snapshots. */
    private static final int MOST = 512;
    /** The bounds of the buckets from 0.5 up to and without 1. */
    private static final double[] BOUNDS = new double[PER_POWER];

    static {
        for (int i = 0; i < PER_POWER; i++) {
            BOUNDS[i] = Math.pow(2, (double) i / PER_POWER - 1);
        }
    }

    private final int[] numbers = new int[MOST];
    private final long[] counts = new long[MOST];
    private int size;

    /** Begins with nothing counted. */
    void clear() {
        size = 0;
    }

    /** Counts values in the bucket of this number, which is not below the one before. */
    void add(int number, long count) {
        if (size > 0 && numbers[size - 1] == number) {
            counts[size - 1] += count;
        } else {
            numbers[size] = number;
            counts[size] = count;
            size++;
        }
    }

    /** In which bucket a positive value lies. */
    static int number(double value) {
        int exponent = Math.getExponent(value) + 1;
        double fraction = Math.scalb(value, -exponent);
        // The first bound that is not below it.
        int at = 0;
        while (at < PER_POWER && BOUNDS[at] < fraction) {
            at++;
        }
        return (exponent - 1) * PER_POWER + at;
    }

    /** How many buckets there are in which something has been counted. */
    int size() {
        return size;
    }

    /** The number of bucket {@code at} of those, from 0 and upwards. */
    int numberAt(int at) {
        return numbers[at];
    }

    /** How much was counted in it. */
    long countAt(int at) {
        return counts[at];
    }
}
