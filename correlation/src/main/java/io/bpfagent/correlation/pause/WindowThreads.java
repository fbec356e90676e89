package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.Arrays;

/**
 * Whose the stays in a window are: the threads by numbers from 0 on, and of each its stays in the order of
 * time. Used for one window after the other.
 */
final class WindowThreads {
    static final int NONE = -1;

    private final Numbering threads = new Numbering();
    private int[] first = new int[16];
    private int[] last = new int[16];
    /** By a stay's distance from the window's first record. */
    private int[] next = new int[64];
    private int from;

    /** Reads the records of a window. */
    void read(Records log, int from, int to) {
        this.from = from;
        threads.clear();
        if (to - from > next.length) {
            next = new int[to - from];
        }
        for (int i = from; i < to; i++) {
            if (log.isStay(i)) {
                add(log.thread(i), i);
            }
        }
    }

    private void add(long key, int stay) {
        int known = threads.size();
        int thread = threads.of(key);
        if (thread == first.length) {
            first = Arrays.copyOf(first, 2 * thread);
            last = Arrays.copyOf(last, 2 * thread);
        }
        if (thread == known) {
            first[thread] = stay;
        } else {
            next[last[thread] - from] = stay;
        }
        last[thread] = stay;
        next[stay - from] = NONE;
    }

    int size() {
        return threads.size();
    }

    /** The number of the thread with this {@link Records#thread(int)}, or {@link #NONE}. */
    int find(long key) {
        return threads.find(key);
    }

    long key(int thread) {
        return threads.key(thread);
    }

    /** The thread's first stay; every thread has one. */
    int first(int thread) {
        return first[thread];
    }

    /** Whether the thread's last stay was followed by a wait for a CPU. */
    boolean endsRunnable(Records log, int thread) {
        return log.next(last[thread]) == ThreadState.STATE_RUNNABLE;
    }

    /** The same thread's stay after this one, or {@link #NONE}. */
    int next(int stay) {
        return next[stay - from];
    }
}
