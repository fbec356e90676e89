package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes snapshots by hand. Stands in this package because only it can make their parts. */
public final class Snapshots {
    private final List<ThreadUsage> threads = new ArrayList<>();
    private final List<PoolUsage> pools = new ArrayList<>();
    private final Map<Loss, Long> losses = new HashMap<>();
    private final Map<EventMetric, Distribution> events = new EnumMap<>(EventMetric.class);
    private final Map<String, Distribution> operations = new LinkedHashMap<>();
    private final List<Pause> pauses = new ArrayList<>();

    /** What one thread or pool did. */
    public static final class Activity {
        private final long[] numbers = new long[3 * ThreadState.values().length];
        private final Map<ThreadState, Distribution> distributions = new EnumMap<>(ThreadState.class);

        /** Adds stays of the given lengths in ns, which stand in the histogram too. */
        public Activity stays(ThreadState state, long... ns) {
            int states = ThreadState.values().length;
            Distribution distribution = distribution(ns);
            numbers[state.ordinal()] += distribution.sumNs();
            numbers[states + state.ordinal()] += ns.length;
            numbers[2 * states + state.ordinal()] = distribution.maxNs();
            distributions.put(state, distribution);
            return this;
        }

        /** Adds time that is in no histogram. */
        public Activity time(ThreadState state, long ns) {
            numbers[state.ordinal()] += ns;
            return this;
        }

        private StateTimes times() {
            return new StateTimes(numbers, 0, 0);
        }

        private StateDistributions distributions() {
            Distribution[] all = new Distribution[ThreadState.values().length];
            distributions.forEach((state, distribution) -> all[state.ordinal()] = distribution);
            return new StateDistributions(all);
        }
    }

    /** Nothing done yet. */
    public static Activity activity() {
        return new Activity();
    }

    private static Distribution distribution(long... ns) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        long sum = 0;
        long max = 0;
        for (long one : ns) {
            counts.merge(Buckets.indexOf(one), 1L, Long::sum);
            sum += one;
            max = Math.max(max, one);
        }
        BucketCounts buckets = new BucketCounts();
        counts.forEach(buckets::add);
        return buckets.toDistribution(sum, max);
    }

    /** Counts values of an event, in its unit. */
    public Snapshots event(EventMetric metric, long... values) {
        events.put(metric, distribution(Arrays.stream(values).map(value -> value << metric.unitShift()).toArray()));
        return this;
    }

    /** Counts VM operations. */
    public Snapshots operation(String name, long... ns) {
        operations.put(name, distribution(ns));
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
                times.wallNs(), times, activity.distributions(), sharesPages));
        return this;
    }

    /** Adds a pool. */
    public Snapshots pool(String name, ThreadKind kind, int live, long ended, Activity activity) {
        pools.add(new PoolUsage(name, kind, live, ended, activity.times(), activity.distributions()));
        return this;
    }

    /** Sets a loss. */
    public Snapshots loss(Loss loss, long count) {
        losses.put(loss, count);
        return this;
    }

    /** All that was added. */
    public Snapshot at(long atNs, long beganNs) {
        return new Snapshot(atNs, beganNs, threads, pools, new EventUsage(events, operations), pauses,
                new Losses(losses));
    }
}
