package io.bpfagent.truth;

import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened in one safepoint. */
final class PauseTruth {
    /** Timeline.OPENING_NS */
    private static final long OPENING_NS = 100_000;

    final long beginNs;
    long reachedNs = -1;
    long endNs = -1;
    String operation;
    boolean isCollection;
    /** Of each thread, by states. */
    final Map<Account, long[]> timesNs = new HashMap<>();
    long workingNs;
    long noCpuNs;
    final long[] vmBlockedNs = new long[Account.STATES];

    /** Whether the agent knew the thread that makes it. */
    final boolean hasMaker;

    /** @param beginNs CLOCK_MONOTONIC, as the others */
    PauseTruth(long beginNs, boolean hasMaker) {
        this.beginNs = beginNs;
        this.hasMaker = hasMaker;
    }

    /** Whether it is one of which all is told. */
    boolean isToldExactly() {
        return !hasWorkerAtItsBegin() && !hasUnknownWorker() && !hasUnmovedWorkerThatEnded();
    }

    /** Whether a worker has begun so soon after it that it is taken to have been there before: clocks differ. */
    private boolean hasWorkerAtItsBegin() {
        return timesNs.keySet().stream()
                .anyMatch(account -> works(account) && account.task.bornNs >= beginNs
                        && account.task.bornNs <= beginNs + OPENING_NS);
    }

    /**
     * Whether a worker was in it that no read had found before: what it does once the operation is over is not told,
     * for it may be any thread.
     */
    private boolean hasUnknownWorker() {
        return timesNs.keySet().stream()
                .anyMatch(account -> works(account) && account.task.foundNs > beginNs);
    }

    /**
     * Whether a worker was in one state all through and has ended since: nothing is told of it, for there is no record
     * of it in the pause and no row any more.
     */
    private boolean hasUnmovedWorkerThatEnded() {
        return timesNs.entrySet().stream().anyMatch(entry -> works(entry.getKey())
                && entry.getKey().task.life == Task.Life.DEAD
                && Arrays.stream(entry.getValue()).filter(ns -> ns != 0).count() == 1);
    }

    boolean isReached() {
        return reachedNs >= 0;
    }

    /** Time goes by, in which nothing changes. @param vm null if the agent does not know of it */
    void pass(List<Account> live, Account vm, long ns) {
        boolean running = false;
        boolean runnable = false;
        for (Account account : live) {
            timesNs.computeIfAbsent(account, each -> new long[Account.STATES])[account.state.ordinal()] += ns;
            if (works(account)) {
                running |= account.state == ThreadState.RUNNING;
                runnable |= account.state == ThreadState.RUNNABLE;
            }
        }
        if (!isReached()) {
            return;
        }
        if (running) {
            workingNs += ns;
        } else if (runnable) {
            noCpuNs += ns;
        } else {
            vmBlockedNs[vm == null ? 0 : vm.state.ordinal()] += ns;
        }
    }

    /** Whether the thread does what pauses are made for. */
    static boolean works(Account account) {
        ThreadKind kind = account.task.identity.kind();
        return kind == ThreadKind.VM || kind == ThreadKind.GC;
    }
}
