package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.UserMetric.Values;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** What the user has asked for: probes by the names that they were given, at most 16, and counters. */
final class UserFamilies {
    private static final double ALL = 1;

    private final Snapshot snapshot;
    private final List<HistogramPoint> times = new ArrayList<>();
    private final List<HistogramPoint> numbers = new ArrayList<>();
    private final List<CounterDataPointSnapshot> hits = new ArrayList<>();

    UserFamilies(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    void addTo(Families families, List<Metric> metrics) {
        for (Metric metric : metrics) {
            if (metric instanceof UserMetric user) {
                add(user);
            }
        }
        families.histograms("probe_seconds", "Times of probes that were added by name.", Unit.SECONDS, times);
        families.histograms("probe_value", "Numbers of probes that were added by name.", null, numbers);
        families.counters("probe_hits", "How often probes that were added by name were hit.", null, hits);
        List<CounterDataPointSnapshot> counted = new ArrayList<>();
        for (PoolUsage pool : snapshot.pools()) {
            for (Counter counter : Counter.ALL) {
                // What was counted for a part of the time is reckoned up to all of it, and so can go down.
                long count = pool.counts().countedShare(counter) < ALL ? 0 : pool.counts().counted(counter);
                if (count > 0) {
                    counted.add(Families.counter(count, Labels.of("counter", counter.label(), "pool", pool.pool())));
                }
            }
        }
        families.counters("counted", "What counters of the processor and the kernel have counted.", null, counted);
    }

    private void add(UserMetric metric) {
        for (PoolUsage pool : snapshot.pools()) {
            Distribution distribution = pool.distribution(metric);
            if (distribution.count() > 0) {
                Labels labels = Labels.of("pool", pool.pool(), "probe", metric.metric());
                if (metric.values() == Values.TIMES) {
                    times.add(point(distribution, BucketTable.SECONDS, labels, metric));
                } else if (metric.values() == Values.NUMBERS) {
                    numbers.add(point(distribution, BucketTable.NUMBERS, labels, metric));
                } else {
                    hits.add(Families.counter(distribution.count(), labels));
                }
            }
        }
    }

    private static HistogramPoint point(Distribution distribution, BucketTable table, Labels labels,
            UserMetric metric) {
        return new HistogramPoint(distribution, table, labels, Exemplars.EMPTY, metric.atMs());
    }
}
