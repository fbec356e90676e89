package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Counted;
import io.bpfagent.records.RecordLayouts.RowCounters;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Reads what the BPF programs count for each thread at the same time.
 *
 * <p>Assumptions: one writer, which makes {@code sequence} odd before it writes and even afterwards. Guarantees: the
 * numbers of one {@link #read} belong together, or it fails. No bytes whatever make it throw. One thread, no garbage.
 */
final class CounterReader {
    private final CounterMemory memory;
    /** By counter as they stand there: count, enabled and running. */
    private final long[] values;

    CounterReader(CounterMemory memory) {
        this.memory = memory;
        values = new long[memory.counters().size() * ThreadCounts.PER_COUNTER];
    }

    /** How many numbers a read gives. */
    int numbers() {
        return values.length;
    }

    /** Where in {@link ThreadCounts} the number stands that a read gives as this one. */
    int index(int number) {
        return ThreadCounts.indexOf(memory.counters().get(number / ThreadCounts.PER_COUNTER))
                + number % ThreadCounts.PER_COUNTER;
    }

    /**
     * What has been counted for the thread in a row; until the next call. All zeros where that is nothing yet, null if
     * it was being written each time.
     */
    long[] read(int row, int generation) {
        ByteBuffer piece = memory.rows().piece(row);
        int base = memory.rows().offset(row);
        for (int i = 0; i < RowReader.TRIES; i++) {
            int before = Words.getAcquire(piece, base + RowCounters.SEQUENCE);
            if ((before & 1) == 0) {
                boolean same = piece.getInt(base + RowCounters.GENERATION) == generation;
                for (int number = 0; number < values.length; number++) {
                    values[number] = same ? piece.getLong(base + RowCounters.COUNTED + offset(number)) : 0;
                }
                VarHandle.loadLoadFence();
                if (Words.getAcquire(piece, base + RowCounters.SEQUENCE) == before) {
                    return values;
                }
            }
            Thread.onSpinWait();
        }
        return null;
    }

    /** The three of a counter stand one behind the other. */
    private static int offset(int number) {
        int field = switch (number % ThreadCounts.PER_COUNTER) {
            case ThreadCounts.COUNT -> Counted.COUNT;
            case ThreadCounts.ENABLED_NS -> Counted.ENABLED_NS;
            default -> Counted.RUNNING_NS;
        };
        return number / ThreadCounts.PER_COUNTER * Counted.SIZE + field;
    }
}
