package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseTimes;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.Arrays;

/**
 * Divides a pause's wall time by what those who work in it were doing at each moment: the VM thread, which
 * comes first, and the GC threads. Used for one pause after the other.
 */
final class PauseDivision {
    private static final int NO_STATE = Timeline.NO_STATE;

    /** Changes of state, in no order. */
    private long[] times = new long[64];
    private int[] workers = new int[64];
    private int[] states = new int[64];
    private int changes;
    private long[] order = new long[64];

    private int[] current = new int[16];
    private int workerCount;
    private int running;
    private int runnable;

    private long workingNs;
    private long noCpuNs;
    private final long[] vmBlockedNs = new long[RecordSizes.STATES];

    void begin() {
        changes = 0;
        workerCount = 0;
    }

    /** Adds what the next worker did; the first is the VM thread, which was always there. */
    void add(Timeline timeline) {
        long at = 0;
        for (int i = 0; i < timeline.size(); i++) {
            if (i > 0 && timeline.startNs(i) > at) {
                change(at, NO_STATE);
            }
            change(timeline.startNs(i), timeline.state(i));
            at = timeline.endNs(i);
        }
        if (timeline.size() > 0) {
            change(at, NO_STATE);
        }
        workerCount++;
    }

    private void change(long ns, int state) {
        if (changes == times.length) {
            times = Arrays.copyOf(times, 2 * changes);
            workers = Arrays.copyOf(workers, 2 * changes);
            states = Arrays.copyOf(states, 2 * changes);
        }
        times[changes] = ns;
        workers[changes] = workerCount;
        states[changes] = state;
        changes++;
    }

    /** The parts of the pause, which add up to it. */
    PauseParts divide(EndedPause pause) {
        sort(pause.beginNs());
        if (current.length < workerCount) {
            current = new int[2 * workerCount];
        }
        Arrays.fill(current, NO_STATE);
        Arrays.fill(vmBlockedNs, 0);
        running = 0;
        runnable = 0;
        workingNs = 0;
        noCpuNs = 0;
        long at = pause.reachedNs();
        int mask = mask();
        for (int i = 0; i < changes; i++) {
            int change = (int) order[i] & mask;
            long until = Math.min(times[change], pause.endNs());
            if (until > at) {
                spend(until - at);
                at = until;
            }
            apply(change);
        }
        spend(pause.endNs() - at);
        return new PauseParts(pause.reachingNs(), workingNs, noCpuNs, PauseTimes.of(vmBlockedNs));
    }

    /** By time, and at the same time as they were added. */
    private void sort(long beginNs) {
        if (order.length < changes) {
            order = new long[times.length];
        }
        int bits = bits();
        // 100 days with 1,000 changes; 2 hours with a million, more than there can be
        long most = Long.MAX_VALUE >>> bits;
        for (int i = 0; i < changes; i++) {
            order[i] = Math.min(times[i] - beginNs, most) << bits | i;
        }
        HeapSort.sort(order, changes);
    }

    private int bits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(changes);
    }

    private int mask() {
        return (1 << bits()) - 1;
    }

    private void spend(long ns) {
        if (running > 0) {
            workingNs += ns;
        } else if (runnable > 0) {
            noCpuNs += ns;
        } else {
            int vm = current[0];
            vmBlockedNs[vm == NO_STATE ? ThreadState.STATE_BLOCKED_OTHER : vm] += ns;
        }
    }

    private void apply(int change) {
        int worker = workers[change];
        count(current[worker], -1);
        current[worker] = states[change];
        count(current[worker], 1);
    }

    private void count(int state, int by) {
        if (state == ThreadState.STATE_RUNNING) {
            running += by;
        } else if (state == ThreadState.STATE_RUNNABLE) {
            runnable += by;
        }
    }
}
