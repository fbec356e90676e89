package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.Arrays;

/**
 * When, in a window, a thread of the host was kept from a CPU because its cgroup had used up its quota:
 * while that CPU is idle, so are the others that wait for it. Used for one window after the other.
 */
final class ThrottledTimes {
    private int[] cpus = new int[8];
    private long[] starts = new long[8];
    private long[] untils = new long[8];
    private int size;

    void read(PauseWindow window, WindowThreads threads, LaterRecords later) {
        Records log = window.records();
        long beginNs = window.pause().beginNs();
        size = 0;
        // Those that had begun before come first: add() wants them in the order of their starts.
        for (int i = window.from(); i < window.to(); i++) {
            if (log.isStay(i) && log.endsThrottled(i) && log.sinceNs(i) < beginNs) {
                add(log.cpu(i), beginNs, log.untilNs(i));
            }
        }
        for (int i = window.from(); i < window.to(); i++) {
            if (log.isStay(i) && log.beginsThrottled(i)) {
                add(log.cpu(i), log.untilNs(i), endOfWait(window, threads.next(i), log.thread(i), later));
            }
        }
    }

    /** The wait's own end is not recorded of all threads, but their next run is. */
    private static long endOfWait(PauseWindow window, int next, long thread, LaterRecords later) {
        if (next == WindowThreads.NONE) {
            return Math.min(window.pause().endNs(), window.runsFromNs(later, thread));
        }
        Records log = window.records();
        return log.state(next) == ThreadState.STATE_RUNNABLE ? log.untilNs(next) : log.sinceNs(next);
    }

    /** They come in the order of their starts; those of a CPU that overlap become one. */
    private void add(int cpu, long start, long until) {
        for (int i = size - 1; i >= 0; i--) {
            if (cpus[i] == cpu) {
                if (untils[i] >= start) {
                    untils[i] = Math.max(untils[i], until);
                    return;
                }
                break;
            }
        }
        if (start >= until) {
            return;
        }
        if (size == cpus.length) {
            cpus = Arrays.copyOf(cpus, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            untils = Arrays.copyOf(untils, 2 * size);
        }
        cpus[size] = cpu;
        starts[size] = start;
        untils[size] = until;
        size++;
    }

    /** How much of the time from {@code start} to {@code until} that was so on this CPU. */
    long overlapNs(int cpu, long start, long until) {
        long ns = 0;
        for (int i = 0; i < size; i++) {
            if (cpus[i] == cpu) {
                ns += Math.max(0, Math.min(until, untils[i]) - Math.max(start, starts[i]));
            }
        }
        return ns;
    }
}
