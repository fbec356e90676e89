package io.bpfagent.it.exports;

import io.bpfagent.it.Histogram;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The agent's own buckets of one histogram, or of several together: what a server's numbers are compared with.
 *
 * @param counts by the greatest value of each bucket, ns
 */
record HdrBuckets(SortedMap<Long, Long> counts, long count, long sumNs) {
    /** Quantiles from the first to the last value. */
    static final List<Double> QUANTILES = List.of(0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0);
    /** What is shorter is in the first bucket. */
    static final long UNIT_NS = 64;

    static HdrBuckets of(Histogram histogram) {
        return merged(List.of(histogram));
    }

    /** What they have together, added up as HdrHistogram does it: bucket by bucket. */
    static HdrBuckets merged(Collection<Histogram> histograms) {
        SortedMap<Long, Long> counts = new TreeMap<>();
        long count = 0;
        long sumNs = 0;
        for (Histogram histogram : histograms) {
            histogram.buckets().forEach((upper, values) -> counts.merge(upper, values, Long::sum));
            count += histogram.count();
            sumNs += histogram.sumNs();
        }
        return new HdrBuckets(counts, count, sumNs);
    }

    /** The greatest value of the bucket in which that quantile lies, ns. */
    long upper(double quantile) {
        double rank = quantile * counts.values().stream().mapToLong(Long::longValue).sum();
        long below = 0;
        for (Map.Entry<Long, Long> bucket : counts.entrySet()) {
            below += bucket.getValue();
            // A server multiplies in its own way: a rank that is whole must not miss its bucket by a rounding.
            if (below >= rank - 1e-6) {
                return bucket.getKey();
            }
        }
        throw new AssertionError("no quantile " + quantile + " of " + this);
    }

    /** How many values lie in buckets that end at {@code ns} or before. */
    long countUpTo(long ns) {
        return counts.headMap(ns + 1).values().stream().mapToLong(Long::longValue).sum();
    }
}
