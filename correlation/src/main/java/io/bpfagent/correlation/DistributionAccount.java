package io.bpfagent.correlation;

/** A distribution that grows. What {@link #toDistribution()} gave stays the same object until something is added. */
final class DistributionAccount {
    private final BucketCounts counts = new BucketCounts();
    private long sumNs;
    private long maxNs;
    private Distribution current = Distribution.EMPTY;

    /** Adds to the sum and raises the maximum. */
    void add(long ns, long longestNs) {
        if (ns != 0 || longestNs > maxNs) {
            sumNs += ns;
            maxNs = Math.max(maxNs, longestNs);
            current = null;
        }
    }

    /** Adds what is new in a page to this one, and to {@code pool} unless that is null; returns how much it was. */
    long addNewCounts(PageReader reader, int page, DistributionAccount pool) {
        long added = reader.addNewCounts(page, counts, pool == null ? null : pool.counts);
        if (added != 0) {
            current = null;
            if (pool != null) {
                pool.current = null;
            }
        }
        return added;
    }

    /** Adds to one bucket. */
    void addCount(int index, long count) {
        if (count != 0) {
            counts.add(index, count);
            current = null;
        }
    }

    /** What was added to the sum so far. */
    long sumNs() {
        return sumNs;
    }

    /** As it is now. */
    Distribution toDistribution() {
        if (current == null) {
            current = counts.isEmpty() && sumNs == 0 ? Distribution.EMPTY : counts.toDistribution(sumNs, maxNs);
        }
        return current;
    }
}
