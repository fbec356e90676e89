package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Occupant.Kind;
import io.bpfagent.records.RecordLayouts.OccupantKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Names those who had a CPU, by numbers, and adds up how long each of them kept one thread waiting. */
final class Occupants {
    static final int OWN = 0;
    static final int IDLE = 1;
    static final int KERNEL = 2;
    static final int CGROUP = 3;
    static final int THROTTLED = 4;
    static final int UNKNOWN = 5;
    private static final int PROCESSES = 6;

    private static final Kind[] KINDS = {Kind.OWN, Kind.IDLE, Kind.KERNEL, Kind.CGROUP, Kind.THROTTLED, Kind.UNKNOWN};
    private static final String[] NAMES = {"own", "idle", "kernel", "cgroup", "throttled", "unknown"};
    /** Other processes in one pause that are named; what others there are is unknown. */
    private static final int MOST_PROCESSES = 64;
    private static final int NAME_BYTES = 16;

    private final long[] nameLows = new long[MOST_PROCESSES];
    private final long[] nameHighs = new long[MOST_PROCESSES];
    private final String[] processNames = new String[MOST_PROCESSES];
    private int processes;
    private final long[] waitedNs = new long[PROCESSES + MOST_PROCESSES];

    /** Begins a pause: forgets the processes. */
    void begin() {
        processes = 0;
    }

    /** The number of the one in this record. */
    int of(Records log, int record) {
        return switch (log.occupantKind(record)) {
            case OccupantKind.OCCUPANT_IDLE -> IDLE;
            case OccupantKind.OCCUPANT_KERNEL -> KERNEL;
            case OccupantKind.OCCUPANT_CGROUP -> CGROUP;
            case OccupantKind.OCCUPANT_PROCESS -> process(log.nameLow(record), log.nameHigh(record));
            default -> UNKNOWN;
        };
    }

    private int process(long nameLow, long nameHigh) {
        for (int i = 0; i < processes; i++) {
            if (nameLows[i] == nameLow && nameHighs[i] == nameHigh) {
                return PROCESSES + i;
            }
        }
        if (processes == MOST_PROCESSES) {
            return UNKNOWN;
        }
        nameLows[processes] = nameLow;
        nameHighs[processes] = nameHigh;
        processNames[processes] = null;
        return PROCESSES + processes++;
    }

    /** Begins a thread. */
    void beginThread() {
        Arrays.fill(waitedNs, 0);
    }

    /** The thread has waited so long for a CPU that this one had. */
    void add(int occupant, long ns) {
        waitedNs[occupant] += ns;
    }

    /** What the thread waited for, longest first. */
    List<Occupant> toList() {
        List<Occupant> list = new ArrayList<>();
        for (int number = 0; number < PROCESSES + processes; number++) {
            if (waitedNs[number] != 0) {
                insert(list, toOccupant(number));
            }
        }
        return list;
    }

    private static void insert(List<Occupant> list, Occupant occupant) {
        int at = list.size();
        while (at > 0 && list.get(at - 1).ns() < occupant.ns()) {
            at--;
        }
        list.add(at, occupant);
    }

    private Occupant toOccupant(int number) {
        boolean named = number < PROCESSES;
        Kind kind = named ? KINDS[number] : Kind.PROCESS;
        return new Occupant(kind, named ? NAMES[number] : processName(number - PROCESSES), waitedNs[number]);
    }

    private String processName(int process) {
        if (processNames[process] == null) {
            processNames[process] = decode(nameLows[process], nameHighs[process]);
        }
        return processNames[process];
    }

    private static String decode(long low, long high) {
        byte[] text = new byte[NAME_BYTES];
        int length = 0;
        for (; length < NAME_BYTES; length++) {
            long half = length < Long.BYTES ? low : high;
            text[length] = (byte) (half >>> length % Long.BYTES * Byte.SIZE);
            if (text[length] == 0) {
                break;
            }
        }
        return withoutControls(new String(text, 0, length, StandardCharsets.UTF_8));
    }

    /**
     * Any process can call itself anything: what could steer a terminal becomes a question mark. Of characters, not
     * of bytes: U+0080 to U+009F are controls too, in two bytes.
     */
    private static String withoutControls(String name) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
