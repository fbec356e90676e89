package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The histograms of virtual threads. Two are counted by their carriers. The third is the kernel side's: how long
 * carriers were blocked while they had a virtual thread, by states, as a node that is no context's.
 *
 * <p>One thread. Heap: 20 KiB.
 */
final class VirtualAccounts {
    /** Of the contexts' nodes the one that is none. */
    private static final int PINNED = 0;

    private final CarrierTimes times;
    private final ContextMemory memory;
    private final Supplies supplies;
    private final CarrierAccount runnable = new CarrierAccount(EventMetric.VIRTUAL_RUNNABLE);
    private final CarrierAccount mounted = new CarrierAccount(EventMetric.VIRTUAL_MOUNTED);
    private final NodeAccount blocked;
    private final DistributionAccounts byState = new DistributionAccounts();
    private Map<String, Distribution> pinned = Map.of();

    VirtualAccounts(CarrierTimes times, ContextMemory memory, Supplies supplies) {
        this.times = times;
        this.memory = memory;
        this.supplies = supplies;
        this.blocked = new NodeAccount(memory.stripes());
    }

    /** Reads what is new. True if there was something. */
    boolean read(PageReader reader) {
        Distribution runnableBefore = runnable.toDistribution();
        Distribution mountedBefore = mounted.toDistribution();
        Distributions pinnedBefore = byState.toDistributions(UserMetrics.NONE);
        runnable.read(times);
        mounted.read(times);
        readBlocked(reader);
        boolean pins = byState.toDistributions(UserMetrics.NONE) != pinnedBefore;
        if (pins) {
            pinned = byName();
        }
        return pins || runnable.toDistribution() != runnableBefore || mounted.toDistribution() != mountedBefore;
    }

    private void readBlocked(PageReader reader) {
        for (int stripe = 0; stripe < memory.stripes(); stripe++) {
            int number = stripe * ContextSizes.CONTEXT_NODES + PINNED;
            blocked.readEnded(stripe, memory.totals().piece(number), memory.totals().offset(number));
        }
        blocked.finish();
        blocked.readPages(reader, supplies, byState);
    }

    private Map<String, Distribution> byName() {
        Map<String, Distribution> byName = new LinkedHashMap<>();
        Distributions all = byState.toDistributions(UserMetrics.NONE);
        for (ThreadState state : ThreadState.ALL) {
            Distribution one = all.of(state);
            if (one.count() > 0) {
                byName.put(state.metric(), one);
            }
        }
        return byName;
    }

    /** Enters them, as of the last reading. */
    void putInto(Map<EventMetric, Distribution> metrics) {
        metrics.put(EventMetric.VIRTUAL_RUNNABLE, runnable.toDistribution());
        metrics.put(EventMetric.VIRTUAL_MOUNTED, mounted.toDistribution());
        metrics.put(EventMetric.VIRTUAL_PINNED, Distribution.sum(pinned.values()));
    }

    /** How carriers were blocked, by states, as of the last reading. */
    Map<String, Distribution> pinned() {
        return pinned;
    }

    /** How many virtual threads have found no place while they were unmounted. */
    long lost() {
        return times.lost();
    }

    /** The name of a virtual thread, or null if it is not known. */
    String nameOf(long id) {
        return times.nameOf(id);
    }
}
