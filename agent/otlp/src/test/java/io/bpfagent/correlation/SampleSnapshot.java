package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes snapshots by hand. Stands in this package because only it can make their parts. */
public final class SampleSnapshot {
    private final List<PoolUsage> pools = new ArrayList<>();
    private final Map<EventMetric, Distribution> events = new EnumMap<>(EventMetric.class);
    private final Map<String, Distribution> operations = new LinkedHashMap<>();
    private final List<ContextReport> contexts = new ArrayList<>();
    private final List<DiskUsage> disks = new ArrayList<>();
    private final List<RemoteUsage> remotes = new ArrayList<>();
    private final Map<Loss, Long> losses = new EnumMap<>(Loss.class);

    /** Values that are no times. */
    public static Distribution numbers(long... values) {
        long[] shifted = values.clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] <<= RecordSizes.BUCKET_UNIT_SHIFT;
        }
        return SampleDistribution.of(shifted);
    }

    /** A pool of two live threads that was in each of these states for these stays, and has these values. */
    public SampleSnapshot pool(String name, Map<ThreadState, long[]> stays, Map<ThreadMetric, Distribution> metrics) {
        return pool(name, stays, metrics, UserMetrics.NONE, Map.of());
    }

    /** The same with what the user's probes have counted. */
    public SampleSnapshot pool(String name, Map<ThreadState, long[]> stays, Map<ThreadMetric, Distribution> metrics,
            List<UserMetric> users, List<Distribution> values) {
        UserMetrics named = UserMetrics.NONE;
        Map<UserMetric, Distribution> of = new LinkedHashMap<>();
        for (int i = 0; i < users.size(); i++) {
            named = named.with(users.get(i));
            of.put(users.get(i), values.get(i));
        }
        return pool(name, stays, metrics, named, of);
    }

    private SampleSnapshot pool(String name, Map<ThreadState, long[]> stays, Map<ThreadMetric, Distribution> metrics,
            UserMetrics named, Map<UserMetric, Distribution> users) {
        Distribution[] slots = new Distribution[Distributions.SLOTS];
        long[] numbers = new long[3 * StateTimes.STATES];
        stays.forEach((state, ns) -> {
            slots[state.ordinal()] = SampleDistribution.of(ns);
            numbers[StateTimes.TIME + state.ordinal()] = slots[state.ordinal()].sumNs();
            numbers[StateTimes.COUNT + state.ordinal()] = ns.length;
        });
        metrics.forEach((metric, of) -> slots[Distributions.FIRST_METRIC + metric.ordinal()] = of);
        users.forEach((metric, of) -> slots[Distributions.FIRST_METRIC + metric.slot()] = of);
        long[] counts = new long[ThreadCounts.NUMBERS];
        counts[ThreadCounts.MINOR_FAULTS] = 23;
        counts[ThreadCounts.MIGRATIONS] = 5;
        counts[ThreadCounts.WAITED_NS + ThreadCounts.Behind.PROCESS.ordinal()] = 3_000_000;
        pools.add(new PoolUsage(name, ThreadKind.JAVA, 2, 1, new StateTimes(numbers, 0, 0), new ThreadCounts(counts),
                new Distributions(slots, named)));
        return this;
    }

    public SampleSnapshot event(EventMetric metric, long... ns) {
        events.put(metric, SampleDistribution.of(ns));
        return this;
    }

    public SampleSnapshot operation(String name, long... ns) {
        operations.put(name, SampleDistribution.of(ns));
        return this;
    }

    public SampleSnapshot context(ContextKind kind, String name, long runningNs) {
        long[] numbers = new long[3 * StateTimes.STATES];
        numbers[ThreadState.RUNNING.ordinal()] = runningNs;
        StateTimes times = new StateTimes(numbers, 0, 0);
        contexts.add(new ContextReport(kind, name, 1, times, times, Distributions.EMPTY));
        return this;
    }

    public SampleSnapshot disk(DiskUsage disk) {
        disks.add(disk);
        return this;
    }

    public SampleSnapshot remote(RemoteUsage remote) {
        remotes.add(remote);
        return this;
    }

    public SampleSnapshot loss(Loss loss, long count) {
        losses.put(loss, count);
        return this;
    }

    /** All that was added. */
    public Snapshot at(long atNs, long beganNs) {
        return new Snapshot(atNs, beganNs, List.of(), pools, new EventUsage(events, operations), disks, List.of(),
                List.of(), remotes, new Losses(losses)).withContexts(new ContextsReading(true, contexts));
    }
}
