package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.StayFlags;
import io.bpfagent.records.RecordLayouts.ThreadState;

/**
 * What the kernel side sent of pauses: stays of threads and occupants of CPUs, sorted by the time when they ended.
 * Records are named by their index, from {@link #from()} to {@link #to()}.
 *
 * <p>Of each record there are six numbers, which an occupant reads in its own way:
 * <pre>
 *               of a stay                       of an occupant
 * untils        when it ended                   when it left the CPU
 * firstWords    when it began                   the first half of its name
 * secondWords   its thread                      the second half
 * whats         CPU, state, next state, flags   CPU, kind
 * firstCounts   minor faults so far             for how long, ns, it has been joined with those before
 * secondCounts  major faults so far             nothing
 * </pre>
 *
 * <p>Heap: {@value #BYTES} bytes for each record that there is room for. Not to be changed but by {@link RecordLog}.
 */
class Records {
    static final int BYTES = 36;

    static final int STATE_SHIFT = 16;
    static final int NEXT_SHIFT = 20;
    static final int FLAGS_SHIFT = 24;
    static final int OCCUPANT = 1 << 31;

    long[] untils;
    long[] firstWords;
    long[] secondWords;
    int[] whats;
    int[] firstCounts;
    int[] secondCounts;
    int from;
    int to;

    /** None, with room for so many. */
    Records(int room) {
        untils = new long[room];
        firstWords = new long[room];
        secondWords = new long[room];
        whats = new int[room];
        firstCounts = new int[room];
        secondCounts = new int[room];
    }

    /** What names a thread in the records: its row and which of the row's threads it is. */
    static long thread(int row, int generation) {
        return Integer.toUnsignedLong(generation) << Short.SIZE | row;
    }

    /** The thread's row. */
    static int rowOf(long thread) {
        return (int) thread & 0xffff;
    }

    /** The generation of its row. */
    static int generationOf(long thread) {
        return (int) (thread >>> Short.SIZE);
    }

    /**
     * Records of their own: those from {@code first} to {@code end}, and after them {@code count} later ones, by
     * their indexes in rising order; one that is named twice is there once.
     */
    Records cut(int first, int end, long[] later, int count) {
        Records cut = new Records(end - first + count);
        cut.append(this, first, end - first);
        for (int i = 0; i < count; i++) {
            if (i == 0 || later[i] != later[i - 1]) {
                cut.append(this, (int) later[i], 1);
            }
        }
        return cut;
    }

    private void append(Records other, int at, int count) {
        other.copy(at, this, to, count);
        to += count;
    }

    void copy(int at, Records target, int targetAt, int count) {
        System.arraycopy(untils, at, target.untils, targetAt, count);
        System.arraycopy(firstWords, at, target.firstWords, targetAt, count);
        System.arraycopy(secondWords, at, target.secondWords, targetAt, count);
        System.arraycopy(whats, at, target.whats, targetAt, count);
        System.arraycopy(firstCounts, at, target.firstCounts, targetAt, count);
        System.arraycopy(secondCounts, at, target.secondCounts, targetAt, count);
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** The first that ended later than {@code ns}. */
    int firstAfter(long ns) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = low + high >>> 1;
            if (untils[middle] <= ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean isStay(int i) {
        return whats[i] >= 0;
    }

    long untilNs(int i) {
        return untils[i];
    }

    int cpu(int i) {
        return whats[i] & 0xffff;
    }

    /** Of a stay, as all that follow. */
    long sinceNs(int i) {
        return firstWords[i];
    }

    long thread(int i) {
        return secondWords[i];
    }

    int state(int i) {
        return whats[i] >>> STATE_SHIFT & 15;
    }

    int next(int i) {
        return whats[i] >>> NEXT_SHIFT & 15;
    }

    /** Whether the thread was on the CPU and is not from then on. */
    boolean leavesCpu(int i) {
        return state(i) == ThreadState.STATE_RUNNING;
    }

    /** Whether the thread was not on the CPU and is from then on. */
    boolean entersCpu(int i) {
        return state(i) != ThreadState.STATE_RUNNING && next(i) == ThreadState.STATE_RUNNING;
    }

    /** Whether a wait for a CPU begins, and the cgroup has used up its quota. */
    boolean beginsThrottled(int i) {
        return next(i) == ThreadState.STATE_RUNNABLE && isThrottled(i);
    }

    /** Whether a wait for a CPU has ended that began so. */
    boolean endsThrottled(int i) {
        return state(i) == ThreadState.STATE_RUNNABLE && isThrottled(i);
    }

    private boolean isThrottled(int i) {
        return (whats[i] >>> FLAGS_SHIFT & StayFlags.STAY_THROTTLED) != 0;
    }

    /** Whether the thread has ended with this stay. */
    boolean ended(int i) {
        return (whats[i] >>> FLAGS_SHIFT & StayFlags.STAY_ENDED) != 0;
    }

    /** Whether other threads of the host had the stay's CPU before it, of which nothing is told. */
    boolean isOfMany(int i) {
        return (whats[i] >>> FLAGS_SHIFT & StayFlags.STAY_OF_MANY) != 0;
    }

    int minorFaults(int i) {
        return firstCounts[i];
    }

    int majorFaults(int i) {
        return secondCounts[i];
    }

    /** {@code enum occupant_kind}; of an occupant, as all that follow. */
    int occupantKind(int i) {
        return whats[i] >>> STATE_SHIFT & 15;
    }

    long nameLow(int i) {
        return firstWords[i];
    }

    long nameHigh(int i) {
        return secondWords[i];
    }
}
