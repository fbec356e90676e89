package io.bpfagent.otlp;

import io.bpfagent.correlation.Distribution;
import io.opentelemetry.sdk.common.internal.DynamicPrimitiveLongList;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import java.util.Arrays;
import java.util.List;

/**
 * The counts of a distribution in the buckets of an exponential histogram of scale {@value #SCALE}: 16 for each power
 * of two, each {@value #PERCENT} % wide. As many as a power of two has in the kernel, so that next to nothing is lost.
 *
 * <p>A value stands in the bucket that has the upper bound of its own bucket in the kernel: what HdrHistogram and every
 * other report give as its value. So a percentile out of these buckets is at most {@value #PERCENT} % off that of the
 * other reports. One thread.
 */
final class ExponentialBuckets {
    static final int SCALE = 4;
    static final double PERCENT = 4.5;
    private static final double PER_LOG = (1 << SCALE) / Math.log(2);

    private double divisor;
    private int shift;
    private double max;
    private int[] indexes = new int[64];
    private long[] counts = new long[64];
    private int size;
    private long zeros;

    /**
     * From now on of {@code distribution}: one object serves one histogram after the other.
     *
     * @param newDivisor by which a value is divided for the exported unit
     * @param newShift   by how many bits values stand shifted in the distribution
     */
    ExponentialBuckets of(Distribution distribution, double newDivisor, int newShift) {
        divisor = newDivisor;
        shift = newShift;
        max = (distribution.maxNs() >> newShift) / newDivisor;
        size = 0;
        zeros = 0;
        distribution.forEachBucket(this::add);
        return this;
    }

    private void add(long upTo, long count) {
        // The bound of the last one is beyond the largest value.
        double value = Math.min((upTo >> shift) / divisor, max);
        if (value <= 0) {
            zeros += count;
            return;
        }
        int index = indexOf(value);
        if (size > 0 && indexes[size - 1] >= index) {
            counts[size - 1] += count;
            return;
        }
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        indexes[size] = index;
        counts[size++] = count;
    }

    /** The bucket of a value: from 2^(index / 16), exclusive, to 2^((index + 1) / 16), inclusive. */
    static int indexOf(double value) {
        return (int) Math.ceil(Math.log(value) * PER_LOG) - 1;
    }

    /** How many values are 0. */
    long zeros() {
        return zeros;
    }

    /** The others, with the empty buckets in between. */
    ExponentialHistogramBuckets positive() {
        if (size == 0) {
            return None.ONLY;
        }
        int length = indexes[size - 1] - indexes[0] + 1;
        // One array, and no object for each count: the SDK's exporter knows this list.
        DynamicPrimitiveLongList dense = DynamicPrimitiveLongList.ofSubArrayCapacity(length);
        dense.resizeAndClear(length);
        long total = 0;
        for (int i = 0; i < size; i++) {
            dense.setLong(indexes[i] - indexes[0], counts[i]);
            total += counts[i];
        }
        return new Dense(indexes[0], dense, total);
    }

    /** What is on neither side of 0. */
    static ExponentialHistogramBuckets none() {
        return None.ONLY;
    }

    private static final class None {
        static final ExponentialHistogramBuckets ONLY = new Dense(0, DynamicPrimitiveLongList.empty(), 0);
    }

    private record Dense(int offset, DynamicPrimitiveLongList counts, long total)
            implements ExponentialHistogramBuckets {
        @Override
        public int getScale() {
            return SCALE;
        }

        @Override
        public int getOffset() {
            return offset;
        }

        @Override
        public List<Long> getBucketCounts() {
            return counts;
        }

        @Override
        public long getTotalCount() {
            return total;
        }
    }
}
