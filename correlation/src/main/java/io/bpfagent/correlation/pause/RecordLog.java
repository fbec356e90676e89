package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.StayFlags;
import io.bpfagent.records.RecordLayouts.ThreadState;

import java.util.Arrays;

/**
 * What the kernel side sent of pauses that are not taken apart yet: stays of threads and occupants of
 * CPUs, sorted by the time when they ended. Records of different CPUs come slightly out of order.
 *
 * <p>Records are named by their index, from {@link #from()} to {@link #to()}; indexes are good until the
 * next {@code add} or {@link #forgetBefore}. One thread; no garbage but where it grows.
 *
 * <p>Heap: 36 bytes for each of at most {@value #MOST} records, 2.3 MiB. That is 256 pauses with 256 records each,
 * or one pause of 13 s in which the host's threads change state 5,000 times a second.
 */
final class RecordLog {
    /** As many as are kept. */
    static final int MOST = 65_536;
    private static final int LEAST_ROOM = 256;
    /** Beyond that something is wrong with its time, and making room for it would take long. */
    private static final int MOST_DISORDER = 4096;

    /**
     * For how long occupants of the same name are one: other processes can switch 100,000 times a second. Less than
     * by what {@link CpuOccupants} lets a record come after a pause.
     */
    private static final long MOST_JOINED_NS = 2_000_000;
    private static final int MOST_STEPS = 256;
    /** So often little is found before room is given back: half a minute. */
    private static final int CALM = 256;

    private static final int STATE_SHIFT = 16;
    private static final int NEXT_SHIFT = 20;
    private static final int FLAGS_SHIFT = 24;
    private static final int OCCUPANT = 1 << 31;

    private long[] untils = new long[LEAST_ROOM];
    /** Of a stay its begin, of an occupant the first half of its name. */
    private long[] sinces = new long[LEAST_ROOM];
    /** Of a stay its thread, of an occupant the other half. */
    private long[] threads = new long[LEAST_ROOM];
    /** CPU, state, next state, flags; or CPU, kind of occupant. */
    private int[] whats = new int[LEAST_ROOM];
    /** Of an occupant: for how long, in ns, it has been joined with those before. */
    private int[] minorFaults = new int[LEAST_ROOM];
    private int[] majorFaults = new int[LEAST_ROOM];
    private int from;
    private int to;
    /** Of forgetBefore, one after the other, that found little. */
    private int calls;

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

    /** Adds a stay; false if there is no room, or if it is far too late. All numbers must be in range. */
    boolean addStay(long thread, int state, int next, int flags, int cpu, long sinceNs, long untilNs,
            int minor, int major) {
        int at = insert(untilNs);
        if (at < 0) {
            return false;
        }
        sinces[at] = sinceNs;
        threads[at] = thread;
        whats[at] = cpu | state << STATE_SHIFT | next << NEXT_SHIFT | (flags & 15) << FLAGS_SHIFT;
        minorFaults[at] = minor;
        majorFaults[at] = major;
        return true;
    }

    /**
     * Adds an occupant, likewise; its name's 16 bytes as two little-endian numbers. If the CPU's last switch was
     * away from one of the same name, they become one.
     */
    boolean addOccupant(int kind, int cpu, long untilNs, long nameLow, long nameHigh) {
        int what = OCCUPANT | cpu | kind << STATE_SHIFT;
        int same = lastSwitch(cpu, untilNs);
        long joinedNs = 0;
        if (same >= from && whats[same] == what && sinces[same] == nameLow && threads[same] == nameHigh) {
            joinedNs = untilNs - untils[same] + minorFaults[same];
            if (joinedNs <= MOST_JOINED_NS) {
                move(same + 1, same, to - same - 1);
                to--;
            } else {
                joinedNs = 0;
            }
        }
        int at = insert(untilNs);
        if (at < 0) {
            return false;
        }
        sinces[at] = nameLow;
        threads[at] = nameHigh;
        whats[at] = what;
        minorFaults[at] = (int) joinedNs;
        return true;
    }

    /** The last record before {@code ns} that tells of a switch on the CPU, if it is not far away; else -1. */
    private int lastSwitch(int cpu, long ns) {
        for (int i = to - 1; i >= from && i >= to - MOST_STEPS; i--) {
            if (cpu(i) == cpu && (!isStay(i) || leavesCpu(i) || entersCpu(i))) {
                return untils[i] <= ns ? i : -1;
            }
        }
        return -1;
    }

    /** Makes a place behind all that ended before or at the same time; -1 if there is none. */
    private int insert(long untilNs) {
        int at = to;
        while (at > from && untils[at - 1] > untilNs && to - at <= MOST_DISORDER) {
            at--;
        }
        if (to - at > MOST_DISORDER || to - from == MOST) {
            return -1;
        }
        if (to == untils.length) {
            at -= from;
            makeRoom();
        }
        if (at < to) {
            move(at, at + 1, to - at);
        }
        to++;
        untils[at] = untilNs;
        return at;
    }

    private void makeRoom() {
        int size = to - from;
        move(from, 0, size);
        from = 0;
        to = size;
        if (size > untils.length / 2) {
            resize(Math.min(MOST, 2 * untils.length));
        }
    }

    private void move(int at, int target, int count) {
        System.arraycopy(untils, at, untils, target, count);
        System.arraycopy(sinces, at, sinces, target, count);
        System.arraycopy(threads, at, threads, target, count);
        System.arraycopy(whats, at, whats, target, count);
        System.arraycopy(minorFaults, at, minorFaults, target, count);
        System.arraycopy(majorFaults, at, majorFaults, target, count);
    }

    private void resize(int room) {
        untils = Arrays.copyOf(untils, room);
        sinces = Arrays.copyOf(sinces, room);
        threads = Arrays.copyOf(threads, room);
        whats = Arrays.copyOf(whats, room);
        minorFaults = Arrays.copyOf(minorFaults, room);
        majorFaults = Arrays.copyOf(majorFaults, room);
    }

    /** Forgets what ended before {@code ns}, and gives the room back a while after a crowd. */
    void forgetBefore(long ns) {
        from = firstAfter(ns - 1);
        int size = to - from;
        calls = size > untils.length / 8 || untils.length <= LEAST_ROOM ? 0 : calls + 1;
        if (calls == CALM) {
            calls = 0;
            move(from, 0, size);
            from = 0;
            to = size;
            resize(untils.length / 4);
        }
    }

    /** For how many records there is room. */
    int room() {
        return untils.length;
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
        return sinces[i];
    }

    long thread(int i) {
        return threads[i];
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

    int minorFaults(int i) {
        return minorFaults[i];
    }

    int majorFaults(int i) {
        return majorFaults[i];
    }

    /** {@code enum occupant_kind}; of an occupant, as all that follow. */
    int occupantKind(int i) {
        return whats[i] >>> STATE_SHIFT & 15;
    }

    long nameLow(int i) {
        return sinces[i];
    }

    long nameHigh(int i) {
        return threads[i];
    }
}
