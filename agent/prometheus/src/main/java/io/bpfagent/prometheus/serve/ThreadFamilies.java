package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What threads did, by pool: histograms of states and of what else they do, exact times, faults, waits. */
final class ThreadFamilies {
    private static final double NS_PER_SECOND = 1e9;
    private static final String BLOCKED = "blocked_";

    // Labels that are made anew have their names looked at letter by letter, those that are put together have not.
    private static final Map<ThreadState, Labels> STATES = labels(ThreadState.class, "state", ThreadState::metric);
    private static final Map<ThreadState, Labels> REASONS = labels(ThreadState.class, "reason", ThreadFamilies::reason);
    private static final Map<Behind, Labels> BEHIND = labels(Behind.class, "who", Behind::label);
    private static final Labels MINOR = Labels.of("kind", "minor");
    private static final Labels MAJOR = Labels.of("kind", "major");

    private final List<Pool> pools = new ArrayList<>();
    private final List<Metric> metrics;
    private final SlowExemplars exemplars;
    private final long beganMs;

    private record Pool(PoolUsage usage, Labels labels) {}

    /**
     * @param metrics which are kept
     * @param beganMs when the agent began, ms since 1970
     */
    ThreadFamilies(Snapshot snapshot, List<Metric> metrics, long beganMs) {
        for (PoolUsage pool : snapshot.pools()) {
            pools.add(new Pool(pool, Labels.of("pool", pool.pool())));
        }
        this.metrics = metrics;
        this.exemplars = SlowExemplars.of(snapshot);
        this.beganMs = beganMs;
    }

    private static <E extends Enum<E>> Map<E, Labels> labels(Class<E> of, String name, Function<E, String> value) {
        Map<E, Labels> labels = new EnumMap<>(of);
        for (E constant : of.getEnumConstants()) {
            labels.put(constant, Labels.of(name, value.apply(constant)));
        }
        return labels;
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

    private List<HistogramPoint> states(ThreadState state) {
        return metrics.contains(state) ? ofPools(state) : List.of();
    }

    private List<HistogramPoint> ofPools(Metric metric) {
        List<HistogramPoint> found = new ArrayList<>();
        for (Pool pool : pools) {
            add(found, pool, metric, Labels.EMPTY);
        }
        return found;
    }

    private List<HistogramPoint> blocked() {
        List<HistogramPoint> found = new ArrayList<>();
        for (ThreadState state : ThreadState.ALL) {
            if (state.metric().startsWith(BLOCKED) && metrics.contains(state)) {
                for (Pool pool : pools) {
                    add(found, pool, state, REASONS.get(state));
                }
            }
        }
        return found;
    }

    private static String reason(ThreadState state) {
        return state.metric().replace(BLOCKED, "");
    }

    private void add(List<HistogramPoint> to, Pool pool, Metric metric, Labels more) {
        Distribution distribution = pool.usage.distribution(metric);
        if (distribution.count() > 0) {
            Labels labels = pool.labels.merge(more);
            Exemplars slow = exemplars.of(metric, pool.usage.pool());
            to.add(HistogramPoint.of(metric, distribution, labels, slow, beganMs));
        }
    }

    private void addCounters(Families families) {
        List<CounterDataPointSnapshot> states = new ArrayList<>();
        List<CounterDataPointSnapshot> behind = new ArrayList<>();
        List<CounterDataPointSnapshot> faults = new ArrayList<>();
        List<CounterDataPointSnapshot> migrations = new ArrayList<>();
        List<CounterDataPointSnapshot> ended = new ArrayList<>();
        List<GaugeDataPointSnapshot> threads = new ArrayList<>();
        for (Pool pool : pools) {
            PoolUsage usage = pool.usage;
            Labels labels = pool.labels;
            for (ThreadState state : ThreadState.ALL) {
                long ns = usage.times().timeNs(state);
                if (ns > 0) {
                    states.add(Families.counter(ns / NS_PER_SECOND, labels.merge(STATES.get(state))));
                }
            }
            for (Behind who : Behind.ALL) {
                long ns = usage.counts().waitedNs(who);
                if (ns > 0) {
                    behind.add(Families.counter(ns / NS_PER_SECOND, labels.merge(BEHIND.get(who))));
                }
            }
            faults.add(Families.counter(usage.counts().minorFaults(), labels.merge(MINOR)));
            faults.add(Families.counter(usage.counts().majorFaults(), labels.merge(MAJOR)));
            migrations.add(Families.counter(usage.counts().migrations(), labels));
            ended.add(Families.counter(usage.ended(), labels));
            threads.add(Families.gauge(usage.threads(), labels));
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
