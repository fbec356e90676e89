package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** What threads did, by pool: histograms of states and of what else they do, exact times, faults, waits. */
final class ThreadFamilies {
    private static final double NS_PER_SECOND = 1e9;
    private static final String BLOCKED = "blocked_";

    private final Snapshot snapshot;
    private final List<Metric> metrics;
    private final SlowExemplars exemplars;
    private final long beganMs;
    private final HistogramPoints points = new HistogramPoints();

    /**
     * @param metrics which are kept
     * @param beganMs when the agent began, ms since 1970
     */
    ThreadFamilies(Snapshot snapshot, List<Metric> metrics, long beganMs) {
        this.snapshot = snapshot;
        this.metrics = metrics;
        this.exemplars = SlowExemplars.of(snapshot);
        this.beganMs = beganMs;
    }

    void addTo(Families families) {
        families.histograms("running_seconds", help(ThreadState.RUNNING), Unit.SECONDS, states(ThreadState.RUNNING));
        families.histograms("runnable_seconds", help(ThreadState.RUNNABLE), Unit.SECONDS, states(ThreadState.RUNNABLE));
        families.histograms("blocked_seconds", help(ThreadState.BLOCKED_OTHER), Unit.SECONDS, blocked());
        for (Metric metric : metrics) {
            if (metric instanceof ThreadMetric) {
                families.histograms(metric.metric() + (metric.isBytes() ? "_bytes" : "_seconds"), help(metric),
                        metric.isBytes() ? Unit.BYTES : Unit.SECONDS, ofPools(metric));
            }
        }
        addCounters(families);
    }

    private static String help(Metric metric) {
        return metric.what() + ".";
    }

    private List<HistogramDataPointSnapshot> states(ThreadState state) {
        return metrics.contains(state) ? ofPools(state) : List.of();
    }

    private List<HistogramDataPointSnapshot> ofPools(Metric metric) {
        List<HistogramDataPointSnapshot> found = new ArrayList<>();
        for (PoolUsage pool : snapshot.pools()) {
            add(found, pool, metric, Labels.of("pool", pool.pool()));
        }
        return found;
    }

    private List<HistogramDataPointSnapshot> blocked() {
        List<HistogramDataPointSnapshot> found = new ArrayList<>();
        for (ThreadState state : ThreadState.ALL) {
            if (state.metric().startsWith(BLOCKED) && metrics.contains(state)) {
                String reason = reason(state);
                for (PoolUsage pool : snapshot.pools()) {
                    add(found, pool, state, Labels.of("pool", pool.pool(), "reason", reason));
                }
            }
        }
        return found;
    }

    private static String reason(ThreadState state) {
        return state.metric().substring(BLOCKED.length());
    }

    private void add(List<HistogramDataPointSnapshot> to, PoolUsage pool, Metric metric, Labels labels) {
        Distribution distribution = pool.distribution(metric);
        if (distribution.count() > 0) {
            to.add(metric.isBytes() ? points.numbers(distribution, labels, exemplars.of(metric, pool.pool()), beganMs)
                    : points.seconds(distribution, labels, exemplars.of(metric, pool.pool()), beganMs));
        }
    }

    private void addCounters(Families families) {
        List<CounterDataPointSnapshot> states = new ArrayList<>();
        List<CounterDataPointSnapshot> behind = new ArrayList<>();
        List<CounterDataPointSnapshot> faults = new ArrayList<>();
        List<CounterDataPointSnapshot> migrations = new ArrayList<>();
        List<CounterDataPointSnapshot> ended = new ArrayList<>();
        List<GaugeDataPointSnapshot> threads = new ArrayList<>();
        for (PoolUsage pool : snapshot.pools()) {
            String name = pool.pool();
            Labels labels = Labels.of("pool", name);
            for (ThreadState state : ThreadState.ALL) {
                long ns = pool.times().timeNs(state);
                if (ns > 0) {
                    states.add(Families.counter(ns / NS_PER_SECOND, Labels.of("pool", name, "state", state.metric())));
                }
            }
            for (Behind who : Behind.ALL) {
                long ns = pool.counts().waitedNs(who);
                if (ns > 0) {
                    behind.add(Families.counter(ns / NS_PER_SECOND, Labels.of("pool", name, "who", who.label())));
                }
            }
            faults.add(Families.counter(pool.counts().minorFaults(), Labels.of("kind", "minor", "pool", name)));
            faults.add(Families.counter(pool.counts().majorFaults(), Labels.of("kind", "major", "pool", name)));
            migrations.add(Families.counter(pool.counts().migrations(), labels));
            ended.add(Families.counter(pool.ended(), labels));
            threads.add(Families.gauge(pool.threads(), labels));
        }
        families.counters("state_seconds", "The time of threads in each state, with the stays under way.", Unit.SECONDS,
                states);
        families.counters("runnable_behind_seconds", "How long threads waited for a CPU, by who had it.", Unit.SECONDS,
                behind);
        families.counters("page_faults", "Page faults; for major ones something had to be read.", null, faults);
        families.counters("migrations", "How often threads went on on another CPU.", null, migrations);
        families.counters("threads_ended", "Threads that have ended.", null, ended);
        families.gauges("threads", "Threads that are there.", null, threads);
    }
}
