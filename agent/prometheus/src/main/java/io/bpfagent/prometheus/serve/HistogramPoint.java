package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * One histogram of a family. Immutable.
 *
 * @param table   how its values are told
 * @param beganMs since when it counts, ms since 1970
 */
record HistogramPoint(Distribution distribution, BucketTable table, Labels labels, Exemplars exemplars, long beganMs) {
    /** One of a metric of times or of bytes. */
    static HistogramPoint of(Metric metric, Distribution distribution, Labels labels, Exemplars exemplars,
            long beganMs) {
        return new HistogramPoint(distribution, metric.isBytes() ? BucketTable.NUMBERS : BucketTable.SECONDS, labels,
                exemplars, beganMs);
    }

    /** Of all values, in the unit of the table. */
    double sum() {
        return table.sum(distribution);
    }

    /** In client_java's model, without native buckets; {@code buckets} are overwritten. */
    HistogramDataPointSnapshot toSnapshot(HistogramBuckets buckets) {
        buckets.fill(this);
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(table.bounds(), buckets.classic().clone()),
                sum(), labels, exemplars, beganMs);
    }
}
