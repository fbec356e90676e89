package io.bpfagent.truth;

import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a thread has done since the agent knows of it, by the rules that docs/metrics.md promises and nothing else: at
 * every moment it is in one state, a state lasts until an event ends it, and an event that is missed moves time between
 * two states and loses none.
 */
final class Account {
    static final int STATES = ThreadState.ALL.size();

    final Task task;
    final long startNs;
    final long[] timeNs = new long[STATES];
    final long[] maxNs = new long[STATES];
    final List<List<Long>> stays = new ArrayList<>();
    final long[] waitedNs = new long[ThreadCounts.Behind.ALL.size()];
    /** What the kernel had counted of the thread at the account's begin, and at its last switch or wake-up. */
    final long firstMinorFaults;
    final long firstMajorFaults;
    final long firstMigrations;
    long minorFaults;
    long majorFaults;
    long migrations;
    ThreadState state;
    /** It is runnable, and when that began its cgroup had used up its CPU quota. */
    boolean isThrottled;
    long sinceNs;
    /** As the JVM said when it began; null: it has not. */
    String startName;
    long javaId;
    /** What it works on: a node. Off its CPU it is in the one that it left it in. */
    int node;
    /** Of its stay on a CPU, if it has changed its node: how long it was in which, and since when in this one. */
    private final Map<Integer, Long> parts = new TreeMap<>();
    private long partSinceNs;
    private final ContextTruth contexts;

    /** What has become of a change of state. */
    enum Change {
        MADE,
        /** The event lay before the one before it, by more than clocks differ. */
        BACKWARDS
    }

    Account(Task task, ThreadState state, long startNs, ContextTruth contexts) {
        this.task = task;
        this.contexts = contexts;
        this.partSinceNs = startNs;
        this.state = state;
        this.startNs = startNs;
        this.sinceNs = startNs;
        this.minorFaults = task.minorFaults;
        this.majorFaults = task.majorFaults;
        this.migrations = task.migrations;
        this.firstMinorFaults = minorFaults;
        this.firstMajorFaults = majorFaults;
        this.firstMigrations = migrations;
        for (int s = 0; s < STATES; s++) {
            stays.add(new ArrayList<>());
        }
    }

    /** The state ends, and the next begins: at that moment or, should that lie before its begin, at once. */
    Change change(ThreadState next, long atNs) {
        long ns = Math.max(0, atNs - sinceNs);
        // That it began at all is no stay.
        if (sinceNs != startNs || ns != 0) {
            int s = state.ordinal();
            timeNs[s] += ns;
            maxNs[s] = Math.max(maxNs[s], ns);
            stays.get(s).add(ns);
            divide(sinceNs + ns);
        }
        parts.clear();
        partSinceNs = sinceNs + ns;
        Change change = atNs - sinceNs < -1_000_000 ? Change.BACKWARDS : Change.MADE;
        sinceNs += ns;
        state = next;
        return change;
    }

    /** On its CPU it begins to work on this. */
    void enter(int next, long atNs) {
        if (next != node) {
            parts.merge(node, atNs - partSinceNs, Long::sum);
            partSinceNs = atNs;
            node = next;
        }
    }

    /** A stay of several contexts counts once for each of them that had a part in it. */
    private void divide(long atNs) {
        if (parts.isEmpty()) {
            contexts.add(node, state, atNs - sinceNs);
            return;
        }
        parts.merge(node, atNs - partSinceNs, Long::sum);
        parts.forEach((of, ns) -> {
            if (ns != 0) {
                contexts.add(of, state, ns);
            }
        });
    }

    /** Adds the stay that has not ended. */
    void addOpen(long atNs) {
        contexts.addOpen(node, state, Math.max(0, atNs - partSinceNs));
        parts.forEach((of, ns) -> contexts.addOpen(of, state, ns));
    }

    /** How many stays there were, in all states. */
    long count() {
        return stays.stream().mapToLong(List::size).sum();
    }

    /** For how long it has been known. */
    long wallNs() {
        long sum = 0;
        for (long ns : timeNs) {
            sum += ns;
        }
        return sum;
    }
}
