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
 * @param losses  what may be missing
 */
public record Snapshot(long atNs, long beganNs, List<ThreadUsage> threads, List<PoolUsage> pools, Losses losses) {
    public Snapshot {
        Objects.requireNonNull(losses, "losses");
        threads = List.copyOf(threads);
        pools = List.copyOf(pools);
    }

    /** The finished stays in {@code state} of all threads there have been. Made anew by each call. */
    public Distribution total(ThreadState state) {
        List<Distribution> parts = new ArrayList<>(pools.size());
        for (PoolUsage pool : pools) {
            parts.add(pool.distribution(state));
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
     * What happened between {@code earlier} and this one: the live threads and all pools with what was
     * added to their numbers. A thread or pool that {@code earlier} does not know stays as it is.
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
        return new Snapshot(atNs, earlier.atNs, threadDifferences, poolDifferences, losses.minus(earlier.losses));
    }
}
