package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.RowLife;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.ThreadRow;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the rows that the BPF programs write at the same time.
 *
 * <p>Assumptions: a row has one writer; it makes {@code sequence} odd before it changes the numbers and
 * even afterwards. Exceptions, without the sequence: a page's number is entered after the count, the name before
 * {@code name_length}, faults, migrations and waits before the stay that they belong to; a row that has ended does not change until it is
 * supplied again.
 *
 * <p>Guarantees: the numbers of one {@link #read} belong together, or it fails. No bytes whatever make
 * it throw. One thread; the only garbage are the strings.
 */
final class RowReader {
    /** A write takes well under 1 us; 64 tries are some microseconds. */
    static final int TRIES = 64;

    /** A row up to the end of its numbers. */
    private static final int NUMBERS = ThreadRow.JAVA_ID;

    private final RecordArray rows;
    private final byte[] bytes = new byte[NUMBERS];
    private final ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] text = new byte[Math.max(RecordSizes.NAME_BYTES, RecordSizes.COMM_BYTES)];

    RowReader(RecordArray rows) {
        this.rows = rows;
    }

    /** {@code enum row_life} of the row, unchecked: one load, for rows that nobody has used yet. */
    int life(int number) {
        return rows.piece(number).get(rows.offset(number) + ThreadRow.LIFE);
    }

    /** The row's generation. */
    int generation(int number) {
        return rows.piece(number).getInt(rows.offset(number) + ThreadRow.GENERATION);
    }

    /**
     * Reads row {@code number}. False if it was being written each time, or if what stands there is no
     * row; then {@code row} is not to be used.
     */
    boolean read(int number, Row row) {
        ByteBuffer piece = rows.piece(number);
        int base = rows.offset(number);
        for (int i = 0; i < TRIES; i++) {
            int before = Words.getAcquire(piece, base + ThreadRow.SEQUENCE);
            if ((before & 1) == 0) {
                // One copy of memory: it is as short in the interpreter, where reading field by field
                // takes longer than a busy thread leaves its row alone.
                piece.get(base, bytes);
                VarHandle.loadLoadFence();
                if (Words.getAcquire(piece, base + ThreadRow.SEQUENCE) == before) {
                    return decode(row);
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private boolean decode(Row row) {
        row.sinceNs = image.getLong(ThreadRow.SINCE_NS);
        row.startNs = image.getLong(ThreadRow.START_NS);
        row.hostTid = image.getInt(ThreadRow.HOST_TID);
        row.tid = image.getInt(ThreadRow.TID);
        row.generation = image.getInt(ThreadRow.GENERATION);
        row.state = Byte.toUnsignedInt(image.get(ThreadRow.STATE));
        row.life = Byte.toUnsignedInt(image.get(ThreadRow.LIFE));
        row.nameLength = Byte.toUnsignedInt(image.get(ThreadRow.NAME_LENGTH));
        row.flags = image.get(ThreadRow.FLAGS);
        long sign = row.sinceNs | row.startNs;
        for (int s = 0; s < RecordSizes.STATES; s++) {
            int totals = ThreadRow.TOTALS + s * StateTotals.SIZE;
            row.timeNs[s] = image.getLong(totals + StateTotals.TIME_NS);
            row.maxNs[s] = image.getLong(totals + StateTotals.MAX_NS);
            row.count[s] = image.getInt(totals + StateTotals.COUNT);
            row.page[s] = Words.getShort(image, totals + StateTotals.PAGE);
            sign |= row.timeNs[s] | row.maxNs[s];
        }
        for (int i = 0; i < row.counter.length; i++) {
            row.counter[i] = image.getInt(ThreadRow.MINOR_FAULTS + i * Integer.BYTES);
            row.firstCounter[i] = image.getInt(ThreadRow.FIRST_MINOR_FAULTS + i * Integer.BYTES);
        }
        for (int i = 0; i < row.waitedNs.length; i++) {
            row.waitedNs[i] = image.getLong(ThreadRow.WAITED_NS + i * Long.BYTES);
            sign |= row.waitedNs[i];
        }
        return sign >= 0 && row.state < RecordSizes.STATES && row.nameLength <= RecordSizes.NAME_BYTES
                && (row.life == RowLife.ROW_LIVE || row.life == RowLife.ROW_ENDED);
    }

    /** The kernel's name of the row's thread. */
    String comm(int number) {
        rows.piece(number).get(rows.offset(number) + ThreadRow.COMM, text, 0, RecordSizes.COMM_BYTES);
        return Words.text(text, RecordSizes.COMM_BYTES);
    }

    /** The name that {@code thread__start} gave; {@code length} is the row's name_length, read before. */
    String name(int number, int length) {
        VarHandle.loadLoadFence();
        rows.piece(number).get(rows.offset(number) + ThreadRow.NAME, text, 0, length);
        return ModifiedUtf8.decode(text, length);
    }

    /** The Java id that {@code thread__start} gave; to be asked for when there is a name. */
    long javaId(int number) {
        return rows.piece(number).getLong(rows.offset(number) + ThreadRow.JAVA_ID);
    }
}
