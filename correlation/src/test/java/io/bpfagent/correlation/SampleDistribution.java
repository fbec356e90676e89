package io.bpfagent.correlation;

import java.util.TreeMap;

/** Makes distributions as the agent would. */
public final class SampleDistribution {
    private SampleDistribution() {
    }

    /** Values in ns. */
    public static Distribution of(long... ns) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        long sum = 0;
        long max = 0;
        for (long one : ns) {
            counts.merge(Buckets.indexOf(one), 1L, Long::sum);
            sum += one;
            max = Math.max(max, one);
        }
        BucketCounts buckets = new BucketCounts();
        counts.forEach(buckets::add);
        return buckets.toDistribution(sum, max);
    }
}
