package io.bpfagent.correlation.pause;

import io.bpfagent.records.RecordLayouts.OccupantRecord;
import io.bpfagent.records.RecordLayouts.StayRecord;
import java.util.Arrays;

/**
 * What the kernel side sent of pauses that are not finished yet, as it comes: records of different CPUs come slightly
 * out of order. Indexes are good until the next {@code add} or {@link #forgetBefore}. One thread; no garbage but where
 * it grows.
 *
 * <p>Heap: for at most as many records as the ring can hold, or {@value #LEAST_MOST}: 2.3 MiB with a
 * ring of up to 2.5 MiB, 14.4 MiB with one of 16. The reader is stopped in a pause as all are, so what comes of one
 * pause is in the ring at once, and there is always room for that. {@value #LEAST_MOST} are 256 pauses with 256
 * records each.
 */
final class RecordLog extends Records {
    /** So many are kept however small the ring is. */
    static final int LEAST_MOST = 65_536;
    /** In the ring: with its header. */
    private static final int SHORTEST_BYTES = 8 + Math.min(StayRecord.SIZE, OccupantRecord.SIZE);
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

    private final int most;
    /** Of forgetBefore, one after the other, that found little. */
    private int calls;

    /** For what comes through a ring of so many bytes. */
    RecordLog(int ringBytes) {
        super(LEAST_ROOM);
        this.most = Math.max(LEAST_MOST, ringBytes / SHORTEST_BYTES);
    }

    /** As many as are kept. */
    int most() {
        return most;
    }

    /** Adds a stay; false if there is no room, or if it is far too late. All numbers must be in range. */
    boolean addStay(long thread, int state, int next, int flags, int cpu, long sinceNs, long untilNs,
            int minor, int major) {
        int at = insert(untilNs);
        if (at < 0) {
            return false;
        }
        firstWords[at] = sinceNs;
        secondWords[at] = thread;
        whats[at] = cpu | state << STATE_SHIFT | next << NEXT_SHIFT | (flags & 15) << FLAGS_SHIFT;
        firstCounts[at] = minor;
        secondCounts[at] = major;
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
        if (same >= from && whats[same] == what && firstWords[same] == nameLow && secondWords[same] == nameHigh) {
            joinedNs = untilNs - untils[same] + firstCounts[same];
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
        firstWords[at] = nameLow;
        secondWords[at] = nameHigh;
        whats[at] = what;
        firstCounts[at] = (int) joinedNs;
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
        if (to - at > MOST_DISORDER || to - from == most) {
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
            resize(Math.min(most, 2 * untils.length));
        }
    }

    private void move(int at, int target, int count) {
        copy(at, this, target, count);
    }

    private void resize(int room) {
        untils = Arrays.copyOf(untils, room);
        firstWords = Arrays.copyOf(firstWords, room);
        secondWords = Arrays.copyOf(secondWords, room);
        whats = Arrays.copyOf(whats, room);
        firstCounts = Arrays.copyOf(firstCounts, room);
        secondCounts = Arrays.copyOf(secondCounts, room);
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
            resize(Math.max(LEAST_ROOM, untils.length / 4));
        }
    }

    /** For how many records there is room. */
    int room() {
        return untils.length;
    }
}
