package io.bpfagent.correlation;

import java.util.Arrays;

/**
 * Counts per bucket that grow. Sparse: 10 bytes for each bucket that was hit, at most 5 KiB.
 *
 * <p>The array of bucket numbers is replaced, never changed, when a bucket is hit for the first time:
 * the distributions made from here share it.
 */
final class BucketCounts {
    private short[] indexes = new short[0];
    private long[] counts = new long[0];

    /** Adds {@code count} to bucket {@code index}. */
    void add(int index, long count) {
        int at = Arrays.binarySearch(indexes, (short) index);
        if (at >= 0) {
            counts[at] += count;
            return;
        }
        at = -at - 1;
        short[] moreIndexes = new short[indexes.length + 1];
        long[] moreCounts = new long[indexes.length + 1];
        System.arraycopy(indexes, 0, moreIndexes, 0, at);
        System.arraycopy(counts, 0, moreCounts, 0, at);
        System.arraycopy(indexes, at, moreIndexes, at + 1, indexes.length - at);
        System.arraycopy(counts, at, moreCounts, at + 1, indexes.length - at);
        moreIndexes[at] = (short) index;
        moreCounts[at] = count;
        indexes = moreIndexes;
        counts = moreCounts;
    }

    boolean isEmpty() {
        return indexes.length == 0;
    }

    /** The highest bucket that was hit; there must be one. */
    int highest() {
        return indexes[indexes.length - 1];
    }

    /** The counts as they are now. */
    Distribution toDistribution(long sumNs, long maxNs) {
        return new Distribution(indexes, counts.clone(), sumNs, maxNs);
    }
}
