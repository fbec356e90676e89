package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where the time of every thread went, at one moment. Immutable.
 *
 * @param atNs    when it was taken, CLOCK_MONOTONIC
 * @param beganNs when its numbers began: the agent's beginning, or the earlier snapshot of an interval
 * @param threads the live threads
 * @param pools   all pools there have been, live and ended threads together
 * @param events  what HotSpot's probes told
 * @param disks   what the block devices did, for anybody, in the order in which they were first used
 * @param pauses  the last pauses, at most {@link #MOST_PAUSES}, oldest first
 * @param slow    the last slow events, at most {@link #MOST_SLOW_EVENTS}, oldest first
 * @param remotes with whom the host has or had connections, outgoing ones first
 * @param contexts where the time of requests, methods and the like went
 * @param losses  what may be missing
 */
public record Snapshot(long atNs, long beganNs, List<ThreadUsage> threads, List<PoolUsage> pools, EventUsage events,
        List<DiskUsage> disks, List<Pause> pauses, List<SlowEvent> slow, List<RemoteUsage> remotes,
        ContextsReading contexts, Losses losses) {
    /** How many slow events are kept: some 400 bytes each and, where there is one, its stack. */
    public static final int MOST_SLOW_EVENTS = 1024;
    /**
     * How many pauses are kept. Each takes 210 bytes, 170 for each of its threads and 36 for each occupant but the
     * first of a thread: 2 KiB with 10 GC threads, 5 KiB where each waited for three others and 8 threads were late.
     * Until somebody asks what was in it, its records instead: 36 bytes each, 10 KiB with 16 CPUs.
     */
    public static final int MOST_PAUSES = 256;

    public Snapshot {
        Objects.requireNonNull(events, "events");
        Objects.requireNonNull(contexts, "contexts");
        Objects.requireNonNull(losses, "losses");
        threads = List.copyOf(threads);
        pools = List.copyOf(pools);
        disks = List.copyOf(disks);
        pauses = List.copyOf(pauses);
        slow = List.copyOf(slow);
        remotes = List.copyOf(remotes);
    }

    /** Of a host of which nothing is known but its threads' states. */
    public Snapshot(long atNs, long beganNs, List<ThreadUsage> threads, List<PoolUsage> pools, Losses losses) {
        this(atNs, beganNs, threads, pools, EventUsage.NONE, List.of(), List.of(), List.of(), List.of(), losses);
    }

    /** Of a host of whose connections nothing is known. */
    public Snapshot(long atNs, long beganNs, List<ThreadUsage> threads, List<PoolUsage> pools, EventUsage events,
            List<DiskUsage> disks, List<Pause> pauses, List<SlowEvent> slow, Losses losses) {
        this(atNs, beganNs, threads, pools, events, disks, pauses, slow, List.of(), losses);
    }

    /** Of a host whose contexts are not counted. */
    public Snapshot(long atNs, long beganNs, List<ThreadUsage> threads, List<PoolUsage> pools, EventUsage events,
            List<DiskUsage> disks, List<Pause> pauses, List<SlowEvent> slow, List<RemoteUsage> remotes, Losses losses) {
        this(atNs, beganNs, threads, pools, events, disks, pauses, slow, remotes, ContextsReading.OFF, losses);
    }

    /** The same with these pauses. */
    public Snapshot withPauses(List<Pause> pauses) {
        return new Snapshot(atNs, beganNs, threads, pools, events, disks, pauses, slow, remotes, contexts,
                losses);
    }

    /** The same with these slow events. */
    public Snapshot withSlow(List<SlowEvent> slow) {
        return new Snapshot(atNs, beganNs, threads, pools, events, disks, pauses, slow, remotes, contexts,
                losses);
    }

    /** The same with these contexts. */
    public Snapshot withContexts(ContextsReading contexts) {
        return new Snapshot(atNs, beganNs, threads, pools, events, disks, pauses, slow, remotes, contexts,
                losses);
    }

    /** The same with {@code more} lost in this way. */
    public Snapshot plus(Loss loss, long more) {
        return more == 0 ? this
                : new Snapshot(atNs, beganNs, threads, pools, events, disks, pauses, slow,
                        remotes, contexts, losses.plus(loss, more));
    }

    /** The values of {@code metric} of all threads there have been, or of the process. Made anew by each call. */
    public Distribution total(Metric metric) {
        if (metric instanceof EventMetric event) {
            return events.of(event);
        }
        List<Distribution> parts = new ArrayList<>(pools.size());
        for (PoolUsage pool : pools) {
            parts.add(pool.distribution(metric));
        }
        return Distribution.sum(parts);
    }

    /** The times of all threads there have been. Made anew by each call. */
    public StateTimes totalTimes() {
        StateTimes total = StateTimes.ZERO;
        for (PoolUsage pool : pools) {
            total = total.plus(pool.times());
        }
        return total;
    }

    /**
     * What happened between {@code earlier} and this one: the live threads, all pools, events, disks and remotes with
     * what was added to their numbers, and the pauses and slow events that were not known then. A thread, pool or
     * remote that {@code earlier} does not know stays as it is.
     */
    public Snapshot minus(Snapshot earlier) {
        // A tid is one live thread's at a time; the start tells whether it still is that thread's.
        Map<Integer, ThreadUsage> earlierThreads = new HashMap<>();
        for (ThreadUsage thread : earlier.threads) {
            earlierThreads.put(thread.hostTid(), thread);
        }
        Map<String, PoolUsage> earlierPools = new HashMap<>();
        for (PoolUsage pool : earlier.pools) {
            earlierPools.put(pool.pool(), pool);
        }
        List<ThreadUsage> threadDifferences = new ArrayList<>(threads.size());
        for (ThreadUsage thread : threads) {
            ThreadUsage before = earlierThreads.get(thread.hostTid());
            boolean same = before != null && before.startNs() == thread.startNs();
            threadDifferences.add(same ? thread.minus(before) : thread);
        }
        List<PoolUsage> poolDifferences = new ArrayList<>(pools.size());
        for (PoolUsage pool : pools) {
            PoolUsage before = earlierPools.get(pool.pool());
            poolDifferences.add(before == null ? pool : pool.minus(before));
        }
        long lastPause = earlier.pauses.isEmpty() ? 0 : earlier.pauses.get(earlier.pauses.size() - 1).number();
        List<Pause> newPauses = new ArrayList<>();
        for (Pause pause : pauses) {
            if (pause.number() > lastPause) {
                newPauses.add(pause);
            }
        }
        long lastSlow = earlier.slow.isEmpty() ? 0 : earlier.slow.get(earlier.slow.size() - 1).number();
        List<SlowEvent> newSlow = new ArrayList<>();
        for (SlowEvent event : slow) {
            if (event.number() > lastSlow) {
                newSlow.add(event);
            }
        }
        return new Snapshot(atNs, earlier.atNs, threadDifferences, poolDifferences, events.minus(earlier.events),
                diskDifferences(earlier), newPauses, newSlow, remoteDifferences(earlier),
                contexts.minus(earlier.contexts),
                losses.minus(earlier.losses));
    }

    private List<DiskUsage> diskDifferences(Snapshot earlier) {
        List<DiskUsage> differences = new ArrayList<>(disks.size());
        for (int i = 0; i < disks.size(); i++) {
            // They keep their order: one that is new comes last.
            differences.add(i < earlier.disks.size() ? disks.get(i).minus(earlier.disks.get(i)) : disks.get(i));
        }
        return differences;
    }

    private List<RemoteUsage> remoteDifferences(Snapshot earlier) {
        Map<String, RemoteUsage> before = new HashMap<>();
        for (RemoteUsage remote : earlier.remotes) {
            before.put(remote.key(), remote);
        }
        Map<String, RemoteUsage> now = new HashMap<>();
        for (RemoteUsage remote : remotes) {
            now.put(remote.key(), remote);
        }
        // What has been forgotten since is among all others: so it is then, as if it had been so before.
        for (RemoteUsage remote : earlier.remotes) {
            RemoteUsage same = now.get(remote.key());
            if (remote.address() != null && (same == null || same.isAnewAfter(remote))) {
                before.remove(remote.key());
                String others = RemoteUsage.none(remote.incoming()).key();
                before.put(others, before.getOrDefault(others, RemoteUsage.none(remote.incoming())).with(remote));
            }
        }
        List<RemoteUsage> differences = new ArrayList<>(remotes.size());
        for (RemoteUsage remote : remotes) {
            RemoteUsage same = before.get(remote.key());
            differences.add(same == null ? remote : remote.minus(same));
        }
        return differences;
    }
}
