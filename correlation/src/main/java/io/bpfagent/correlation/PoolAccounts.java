package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All pools there have been, by name and by the number that the kernel side knows them by. Pools are
 * kept for good: 512, and {@code other}, which is number 0 and takes the threads for which no pool was
 * left and what was counted in histogram pages before a thread's pool was known.
 */
final class PoolAccounts {
    static final int MOST = RecordSizes.POOLS - 1;

    private final Map<String, PoolAccount> byName = new HashMap<>();
    private final List<PoolAccount> byIndex = new ArrayList<>();

    PoolAccounts() {
        PoolAccount other = new PoolAccount(PoolNames.OTHER, 0, ThreadKind.OTHER);
        byName.put(other.name(), other);
        byIndex.add(other);
    }

    PoolAccount other() {
        return byIndex.get(0);
    }

    /** How many numbers are given, 0 included. */
    int size() {
        return byIndex.size();
    }

    PoolAccount at(int index) {
        return byIndex.get(index);
    }

    /** The pool of the threads called {@code name}, made if there is room, else {@link #other()}. */
    PoolAccount of(String name, ThreadKind kind) {
        PoolAccount pool = byName.get(name);
        if (pool == null) {
            if (byIndex.size() > MOST) {
                return other();
            }
            pool = new PoolAccount(name, byIndex.size(), kind);
            byName.put(name, pool);
            byIndex.add(pool);
        }
        pool.learnKind(kind);
        return pool;
    }

    void forgetThreads() {
        for (PoolAccount pool : byIndex) {
            pool.threads = 0;
        }
    }

    /** A user metric has gone: its numbers are not kept. */
    void forget(UserMetric metric) {
        for (PoolAccount pool : byIndex) {
            pool.distributions().forget(Distributions.FIRST_METRIC + metric.slot());
        }
    }

    /** As they are now, in order of appearance; {@code other} comes last, and only if there is something in it. */
    List<PoolUsage> toUsages(UserMetrics users) {
        List<PoolUsage> usages = new ArrayList<>(byIndex.size());
        for (int i = 1; i < byIndex.size(); i++) {
            usages.add(byIndex.get(i).toUsage(users));
        }
        PoolUsage other = other().toUsage(users);
        if (other.threads() != 0 || other.ended() != 0 || !other.times().equals(StateTimes.ZERO)
                || other.distributions() != Distributions.EMPTY) {
            usages.add(other);
        }
        return usages;
    }
}
