package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.bpfagent.records.RecordLayouts.RecordSizes;

/**
 * What a metric's values are in reports. The only place where the values of a {@link Distribution},
 * in which a byte counts as 64 ns, become those of the unit.
 *
 * @param name  {@code ns} or {@code bytes}
 * @param shift by how many bits the values stand shifted in a distribution
 */
record MetricUnit(String name, int shift) {
    private static final MetricUnit NS = new MetricUnit("ns", 0);
    private static final MetricUnit BYTES = new MetricUnit("bytes", RecordSizes.BUCKET_UNIT_SHIFT);

    static MetricUnit of(Metric metric) {
        return metric.isBytes() ? BYTES : NS;
    }

    Summary summary(Distribution distribution) {
        Summary summary = Summary.of(distribution);
        return shift == 0 ? summary : new Summary(summary.count(), summary.sum() >> shift, summary.min() >> shift,
                summary.mean() / (1L << shift), summary.max() >> shift, summary.p50() >> shift,
                summary.p90() >> shift, summary.p99() >> shift, summary.p999() >> shift);
    }

    /** Gives every bucket that was hit, lowest first, with its bounds in this unit. */
    void forEachBucket(Distribution distribution, Distribution.BucketConsumer consumer) {
        distribution.forEachBucket((upTo, count) -> consumer.accept(upTo >> shift, count));
    }
}
