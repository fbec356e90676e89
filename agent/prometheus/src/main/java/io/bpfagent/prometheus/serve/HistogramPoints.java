package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;

/** Makes histograms of Prometheus, classic and native ones in one, of distributions. One thread. */
final class HistogramPoints {
    private static final double NS_PER_SECOND = 1e9;
    /** Values of bytes and numbers stand shifted in a distribution: one counts as 64 ns. */
    private static final int SHIFT = 6;
    /** The first bucket of a snapshot, shorter than 64 ns, has no width in a native histogram. */
    private static final double ZERO_SECONDS = 63 / NS_PER_SECOND;

    private final NativeBuckets positive = new NativeBuckets();
    private final Filler filler = new Filler();

    /** Puts buckets of a snapshot into both kinds of buckets. */
    private final class Filler implements Distribution.BucketConsumer {
        private BucketTable table;
        private long[] classic;
        private long zeros;

        void begin(BucketTable of) {
            table = of;
            classic = new long[of.bounds().length];
            zeros = 0;
            positive.clear();
        }

        @Override
        public void accept(long upToNs, long count) {
            int index = BucketTable.index(upToNs);
            if (index == 0) {
                zeros += count;
            } else {
                positive.add(table.nativeNumber(index), count);
            }
            classic[table.classic(index)] += count;
        }
    }

    /**
     * One of times, in seconds.
     *
     * @param beganMs since when it counts, ms since 1970
     */
    HistogramDataPointSnapshot seconds(Distribution distribution, Labels labels, Exemplars exemplars, long beganMs) {
        return point(distribution, BucketTable.SECONDS, distribution.sumNs() / NS_PER_SECOND, ZERO_SECONDS, labels,
                exemplars, beganMs);
    }

    /** One of bytes or other numbers. */
    HistogramDataPointSnapshot numbers(Distribution distribution, Labels labels, Exemplars exemplars, long beganMs) {
        return point(distribution, BucketTable.NUMBERS, distribution.sumNs() >> SHIFT, 0, labels, exemplars, beganMs);
    }

    private HistogramDataPointSnapshot point(Distribution distribution, BucketTable table, double sum,
            double zeroThreshold, Labels labels, Exemplars exemplars, long beganMs) {
        filler.begin(table);
        distribution.forEachBucket(filler);
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(table.bounds(), filler.classic),
                NativeBuckets.SCHEMA, filler.zeros, zeroThreshold, positive.toBuckets(), NativeHistogramBuckets.EMPTY,
                sum, labels, exemplars, beganMs);
    }
}
