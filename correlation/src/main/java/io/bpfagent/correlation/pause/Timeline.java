package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.PauseTimes;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.Arrays;

/**
 * What one thread did from one moment to another, state after state without a gap: its segments. Only at
 * the beginning, where the thread was not born yet, and at the end, where it had ended, there is nothing.
 * Used for one thread after the other.
 */
final class Timeline {
    /** A CPU that is not known. */
    static final int NO_CPU = -1;
    /** Before a thread's first stay: it was not there. */
    static final int NO_STATE = -1;

    /**
     * What changed just before the pause may have a time just after its begin: the clocks of run queues and the one
     * for pauses differ by some us. And until all CPUs know that a pause is under way, they do not record.
     */
    private static final long OPENING_NS = 100_000;

    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int[] states = new int[16];
    private int[] cpus = new int[16];
    private boolean[] throttled = new boolean[16];
    private int size;
    private long cursorNs;
    private long endNs;

    void begin(long beginNs, long endNs) {
        this.size = 0;
        this.cursorNs = beginNs;
        this.endNs = endNs;
    }

    /** Adds a segment from {@code startNs} or where the last one ended, to {@code untilNs} or the window's end. */
    void add(long startNs, long untilNs, int state, int cpu, boolean isThrottled) {
        long start = Math.max(startNs, cursorNs);
        long end = Math.min(untilNs, endNs);
        if (start >= end) {
            return;
        }
        if (size == states.length) {
            grow();
        }
        starts[size] = start;
        ends[size] = end;
        states[size] = state;
        cpus[size] = cpu;
        throttled[size] = isThrottled;
        size++;
        cursorNs = end;
    }

    private void grow() {
        int room = 2 * size;
        starts = Arrays.copyOf(starts, room);
        ends = Arrays.copyOf(ends, room);
        states = Arrays.copyOf(states, room);
        cpus = Arrays.copyOf(cpus, room);
        throttled = Arrays.copyOf(throttled, room);
    }

    /**
     * Adds what a thread's stays tell, from the first on. What a stay does not tell of, because a record was
     * lost, is the state that had begun before.
     *
     * @param before     the state before the first stay, if that began later than the window
     * @param ends       whether the thread may end in the window
     * @param runsFromNs when the run began that goes on after the window, or {@link PauseWindow#NEVER}
     */
    void addStays(Records log, WindowThreads threads, int thread, int before, boolean ends, long runsFromNs) {
        long at = cursorNs;
        int first = threads.first(thread);
        int state = before == NO_STATE && isOpening(log.sinceNs(first)) ? log.state(first) : before;
        // A wait that had begun before the window was for the CPU that it ended on, as far as is known.
        int cpu = log.cpu(first);
        boolean isThrottled = false;
        for (int i = first; i != WindowThreads.NONE && at < endNs; i = threads.next(i)) {
            long sinceNs = log.sinceNs(i);
            if (sinceNs > at) {
                if (state != NO_STATE) {
                    add(at, sinceNs, state, cpu, isThrottled);
                }
                cpu = log.cpu(i);
                isThrottled = false;
            }
            add(sinceNs, log.untilNs(i), log.state(i), cpu, isThrottled || log.endsThrottled(i));
            at = log.untilNs(i);
            state = ends && log.ended(i) ? NO_STATE : log.next(i);
            cpu = log.cpu(i);
            isThrottled = log.beginsThrottled(i);
        }
        if (state == ThreadState.STATE_RUNNABLE && runsFromNs < endNs) {
            add(at, runsFromNs, state, cpu, isThrottled);
            add(runsFromNs, endNs, ThreadState.STATE_RUNNING, NO_CPU, false);
        } else if (state != NO_STATE) {
            add(at, endNs, state, cpu, isThrottled);
        }
    }

    /** Adds a state that had not ended at the end. */
    void addRest(long sinceNs, int state, int cpu, boolean isThrottled) {
        add(isOpening(sinceNs) ? cursorNs : sinceNs, endNs, state, cpu, isThrottled);
    }

    private boolean isOpening(long ns) {
        return ns - cursorNs <= OPENING_NS;
    }

    int size() {
        return size;
    }

    long startNs(int segment) {
        return starts[segment];
    }

    long endNs(int segment) {
        return ends[segment];
    }

    int state(int segment) {
        return states[segment];
    }

    /** The CPU that a runnable thread was waiting for, or {@link #NO_CPU}. */
    int cpu(int segment) {
        return cpus[segment];
    }

    /** Whether a runnable thread was waiting because its cgroup had used up its quota. */
    boolean isThrottled(int segment) {
        return throttled[segment];
    }

    PauseTimes toTimes() {
        long[] ns = new long[RecordSizes.STATES];
        for (int i = 0; i < size; i++) {
            ns[states[i]] += ends[i] - starts[i];
        }
        return PauseTimes.of(ns);
    }
}
