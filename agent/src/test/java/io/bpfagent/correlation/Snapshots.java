package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes snapshots by hand. Stands in this package because only it can make their parts. */
public final class Snapshots {
    private final List<ThreadUsage> threads = new ArrayList<>();
    private final List<PoolUsage> pools = new ArrayList<>();
    private final Map<Loss, Long> losses = new HashMap<>();
    private final Map<EventMetric, Distribution> events = new EnumMap<>(EventMetric.class);
    private final Map<String, Distribution> operations = new LinkedHashMap<>();
    private final Map<String, Distribution> syscalls = new LinkedHashMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final List<ContextReport> contexts = new ArrayList<>();
    private boolean contextsAreOn;

    /** What one thread or pool did. */
    public static final class Activity {
        private final long[] numbers = new long[3 * ThreadState.values().length];
        private long[] counts = new long[ThreadCounts.NUMBERS];
        private final Distribution[] distributions = new Distribution[Distributions.SLOTS];
        private UserMetrics users = UserMetrics.NONE;

        /** Adds stays of the given lengths in ns, which stand in the histogram too. */
        public Activity stays(ThreadState state, long... ns) {
            int states = ThreadState.values().length;
            Distribution distribution = SampleDistribution.of(ns);
            numbers[state.ordinal()] += distribution.sumNs();
            numbers[states + state.ordinal()] += ns.length;
            numbers[2 * states + state.ordinal()] = distribution.maxNs();
            distributions[state.ordinal()] = distribution;
            return this;
        }

        /** Adds time that is in no histogram. */
        public Activity time(ThreadState state, long ns) {
            numbers[state.ordinal()] += ns;
            return this;
        }

        /** Counts values of what else threads do, in its unit. */
        public Activity counts(ThreadMetric metric, long... values) {
            distributions[Distributions.FIRST_METRIC + metric.ordinal()] = distributionOf(metric, values);
            return this;
        }

        /** Counts values of a user's metric, in its unit; of what is only counted each is 1. */
        public Activity counts(UserMetric metric, long... values) {
            users = users.with(metric);
            int shift = metric.values() == UserMetric.Values.TIMES ? 0 : RecordSizes.BUCKET_UNIT_SHIFT;
            distributions[Distributions.FIRST_METRIC + metric.slot()] =
                    SampleDistribution.of(Arrays.stream(values).map(value -> value << shift).toArray());
            return this;
        }

        /** Adds waits for a CPU. */
        public Activity waited(ThreadCounts.Behind behind, long ns) {
            counts[ThreadCounts.WAITED_NS + behind.ordinal()] += ns;
            return this;
        }

        /** Adds page faults, and moves to another CPU. */
        public Activity faults(long minor, long major, long migrations) {
            counts[ThreadCounts.MINOR_FAULTS] += minor;
            counts[ThreadCounts.MAJOR_FAULTS] += major;
            counts[ThreadCounts.MIGRATIONS] += migrations;
            return this;
        }

        /** What a counter has counted, and for how long it was to count and did. */
        public Activity counted(Counter counter, long count, long enabledNs, long runningNs) {
            int at = ThreadCounts.indexOf(counter);
            counts = Arrays.copyOf(counts, Math.max(counts.length, at + ThreadCounts.PER_COUNTER));
            counts[at + ThreadCounts.COUNT] += count;
            counts[at + ThreadCounts.ENABLED_NS] += enabledNs;
            counts[at + ThreadCounts.RUNNING_NS] += runningNs;
            return this;
        }

        private ThreadCounts threadCounts() {
            return new ThreadCounts(counts.clone());
        }

        private StateTimes times() {
            return new StateTimes(numbers, 0, 0);
        }

        private Distributions distributions() {
            return new Distributions(distributions.clone(), users);
        }
    }

    /** Nothing done yet. */
    public static Activity activity() {
        return new Activity();
    }

    private static Distribution distributionOf(Metric metric, long... values) {
        int shift = metric.isBytes() ? RecordSizes.BUCKET_UNIT_SHIFT : 0;
        return SampleDistribution.of(Arrays.stream(values).map(value -> value << shift).toArray());
    }

    /** Counts values of an event, in its unit. */
    public Snapshots event(EventMetric metric, long... values) {
        events.put(metric, distributionOf(metric, values));
        return this;
    }

    /** Counts VM operations. */
    public Snapshots operation(String name, long... ns) {
        operations.put(name, SampleDistribution.of(ns));
        return this;
    }

    /** Counts system calls. */
    public Snapshots syscall(String name, long... ns) {
        syscalls.put(name, SampleDistribution.of(ns));
        return this;
    }

    /** Adds a pause. */
    public Snapshots pause(Pause pause) {
        pauses.add(pause);
        return this;
    }

    /** Adds a thread; its hostTid is 10,000 more than its tid. */
    public Snapshots thread(int tid, ThreadIdentity identity, ThreadState state, boolean sharesPages,
            Activity activity) {
        StateTimes times = activity.times();
        threads.add(new ThreadUsage(tid, 10_000 + tid, 0, identity, PoolNames.poolOf(identity), state,
                times.wallNs(), times, activity.threadCounts(), activity.distributions(), sharesPages));
        return this;
    }

    /** Adds a pool. */
    public Snapshots pool(String name, ThreadKind kind, int live, long ended, Activity activity) {
        pools.add(new PoolUsage(name, kind, live, ended, activity.times(), activity.threadCounts(),
                activity.distributions()));
        return this;
    }

    /** Adds a context with what was done in it itself, and inside of it. */
    public Snapshots context(ContextKind kind, String name, long entered, Activity itself, Activity inside) {
        contexts.add(new ContextReport(kind, name, entered, itself.times(), itself.times().plus(inside.times()),
                itself.distributions()));
        return contextsAreOn();
    }

    /** Contexts are counted, though there may have been none. */
    public Snapshots contextsAreOn() {
        contextsAreOn = true;
        return this;
    }

    /** Sets a loss. */
    public Snapshots loss(Loss loss, long count) {
        losses.put(loss, count);
        return this;
    }

    /** All that was added. */
    public Snapshot at(long atNs, long beganNs) {
        return new Snapshot(atNs, beganNs, threads, pools, new EventUsage(events, operations, syscalls), List.of(),
                pauses, List.of(), new Losses(losses)).withContexts(new ContextsReading(contextsAreOn, contexts));
    }
}
