package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.records.RecordLayouts.RecordSizes;

/**
 * What a metric's values are in reports. The only place where the values of a {@link Distribution},
 * in which a byte counts as 64 ns, become those of the unit.
 *
 * @param name  {@code ns}, {@code bytes}, {@code number}, or {@code count} where there are no values
 * @param shift by how many bits the values stand shifted in a distribution
 */
record MetricUnit(String name, int shift) {
    private static final MetricUnit NS = new MetricUnit("ns", 0);
    private static final MetricUnit BYTES = new MetricUnit("bytes", RecordSizes.BUCKET_UNIT_SHIFT);

    /** Of user's metrics only. */
    private static final class Users {
        static final MetricUnit NUMBER = new MetricUnit("number", RecordSizes.BUCKET_UNIT_SHIFT);
        static final MetricUnit COUNT = new MetricUnit("count", RecordSizes.BUCKET_UNIT_SHIFT);

        static MetricUnit of(UserMetric metric) {
            return switch (metric.values()) {
                case TIMES -> NS;
                case NUMBERS -> NUMBER;
                case COUNTS -> COUNT;
            };
        }
    }

    static MetricUnit of(Metric metric) {
        if (metric instanceof UserMetric user) {
            return Users.of(user);
        }
        return metric.isBytes() ? BYTES : NS;
    }

    /** Whether there are values, and not only how often something was. */
    boolean hasValues() {
        return shift == 0 || this != Users.COUNT;
    }

    Summary summary(Distribution distribution) {
        if (!hasValues()) {
            return new Summary(distribution.count(), 0, 0, 0, 0, 0, 0, 0, 0);
        }
        Summary summary = Summary.of(distribution);
        return shift == 0 ? summary : new Summary(summary.count(), summary.sum() >> shift, summary.min() >> shift,
                summary.mean() / (1L << shift), summary.max() >> shift, summary.p50() >> shift,
                summary.p90() >> shift, summary.p99() >> shift, summary.p999() >> shift);
    }

    /** Gives every bucket that was hit, lowest first, with its bounds in this unit; none where there are no values. */
    void forEachBucket(Distribution distribution, Distribution.BucketConsumer consumer) {
        if (!hasValues()) {
            return;
        }
        distribution.forEachBucket((upTo, count) -> consumer.accept(upTo >> shift, count));
    }
}
