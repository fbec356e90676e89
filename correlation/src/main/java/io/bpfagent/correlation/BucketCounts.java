package io.bpfagent.correlation;

import java.util.Arrays;

/**
 * Counts per bucket that grow. Sparse: about 10 bytes for each bucket that was hit, at most 6 KiB.
 *
 * <p>A distribution gets copies, of which that of the bucket numbers is shared by all that are made
 * until a further bucket is hit. Counts are kept as two halves: the upper one of most is 0 for ever.
 */
final class BucketCounts {
    private static final int FIRST_ROOM = 8;
    /** So many are looked at one by one: buckets are added in ascending order, and neighbours together. */
    private static final int NEAR = 4;

    private short[] indexes = new short[FIRST_ROOM];
    private int[] lows = new int[FIRST_ROOM];
    /** The upper halves of the counts; null as long as all are 0. */
    private int[] highs;
    private int size;
    /** Where the last one was added. */
    private int last;
    /** The first {@link #size} of {@link #indexes}, or null when a bucket came since. */
    private short[] given;

    /** Adds {@code count} to bucket {@code index}. */
    void add(int index, long count) {
        int at = place(index);
        last = at;
        if (at == size || indexes[at] != index) {
            insert(at, index);
        }
        long sum = Integer.toUnsignedLong(lows[at]) + count;
        if (highs == null && sum >>> Integer.SIZE == 0) {
            lows[at] = (int) sum;
        } else {
            addLarge(at, count);
        }
    }

    /** Where the bucket stands or would stand. */
    private int place(int index) {
        int low = last < size && indexes[last] <= index ? last : 0;
        for (int near = Math.min(size, low + NEAR); low < near; low++) {
            if (indexes[low] >= index) {
                return low;
            }
        }
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (indexes[middle] < index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void addLarge(int at, long count) {
        if (highs == null) {
            highs = new int[indexes.length];
        }
        long sum = count(lows, highs, at) + count;
        lows[at] = (int) sum;
        highs[at] = (int) (sum >>> Integer.SIZE);
    }

    private void insert(int at, int index) {
        if (size == indexes.length) {
            int room = Math.min(Buckets.COUNT, size + (size >> 1));
            indexes = Arrays.copyOf(indexes, room);
            lows = Arrays.copyOf(lows, room);
            highs = highs == null ? null : Arrays.copyOf(highs, room);
        }
        System.arraycopy(indexes, at, indexes, at + 1, size - at);
        System.arraycopy(lows, at, lows, at + 1, size - at);
        indexes[at] = (short) index;
        lows[at] = 0;
        if (highs != null) {
            System.arraycopy(highs, at, highs, at + 1, size - at);
            highs[at] = 0;
        }
        size++;
        given = null;
    }

    /** The count of two such halves; of the upper ones there may be no array. */
    static long count(int[] lows, int[] highs, int at) {
        long low = Integer.toUnsignedLong(lows[at]);
        return highs == null ? low : (long) highs[at] << Integer.SIZE | low;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The highest bucket that was hit; there must be one. */
    int highest() {
        return indexes[size - 1];
    }

    /** The counts as they are now. */
    Distribution toDistribution(long sumNs, long maxNs) {
        if (given == null) {
            given = Arrays.copyOf(indexes, size);
        }
        return new Distribution(given, Arrays.copyOf(lows, size), highs == null ? null : Arrays.copyOf(highs, size),
                sumNs, maxNs);
    }
}
