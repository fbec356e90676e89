package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import org.HdrHistogram.Histogram;

/**
 * A histogram's numbers, all in the unit of its metric. Count and sum are exact, and so is max unless the
 * histogram is that of an interval; min and the percentiles are those of HdrHistogram: the lower bound of
 * the lowest bucket in use, and the upper bound of the bucket in which the percentile falls, though never
 * more than max. When count is 0 all are 0.
 */
record Summary(long count, long sum, long min, double mean, long max,
        long p50, long p90, long p99, long p999) {
    static final Summary EMPTY = new Summary(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Asked for bounds only, never recorded into, hence shared. */
    private static final Histogram BOUNDS = Distribution.EMPTY.toHistogram();

    /** Of a distribution of ns; of other units see {@link MetricUnit#summary}. */
    static Summary of(Distribution distribution) {
        long count = distribution.count();
        if (count == 0) {
            return EMPTY;
        }
        long[] percentiles = distribution.percentilesNs(50, 90, 99, 99.9);
        return new Summary(count, distribution.sumNs(), min(distribution),
                (double) distribution.sumNs() / count, distribution.maxNs(),
                percentiles[0], percentiles[1], percentiles[2], percentiles[3]);
    }

    private static long min(Distribution distribution) {
        long[] lowest = {Long.MAX_VALUE};
        distribution.forEachBucket((upToNs, count) -> lowest[0] = Math.min(lowest[0], upToNs));
        return BOUNDS.lowestEquivalentValue(Math.min(lowest[0], BOUNDS.getHighestTrackableValue()));
    }

    boolean isEmpty() {
        return count == 0;
    }
}
