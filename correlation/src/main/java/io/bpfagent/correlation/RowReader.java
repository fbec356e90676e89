package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.RowLife;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * Reads the rows that the BPF programs write at the same time.
 *
 * <p>Assumptions: a row has one writer; it makes {@code sequence} odd before it changes the numbers and
 * even afterwards. Exceptions, without the sequence: a page's number is entered after the count, the name before
 * {@code name_length}, faults, migrations and waits before the stay that they belong to; a row that has ended does not
 * change until it is supplied again.
 *
 * <p>Guarantees: the numbers of one {@link #read} belong together, or it fails. No bytes whatever make
 * it throw. One thread; the only garbage are the strings.
 */
final class RowReader {
    /** A write takes well under 1 us; 64 tries are some microseconds. */
    static final int TRIES = 64;

    /** A row up to the end of its numbers. */
    private static final int NUMBERS = ThreadRow.JAVA_ID;
    private static final int TOTALS_WORDS = StateTotals.SIZE / Long.BYTES;

    private final RecordArray rows;
    /** Of each piece of the rows, once it was read. */
    private final LongBuffer[] words;
    /** A row's numbers, in words of 64 bits. */
    private final long[] image = new long[NUMBERS / Long.BYTES];
    private final byte[] text = new byte[Math.max(RecordSizes.NAME_BYTES, RecordSizes.COMM_BYTES)];

    RowReader(RecordArray rows) {
        this.rows = rows;
        this.words = new LongBuffer[rows.pieces()];
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
        int ofPiece = rows.pieceOf(number);
        if (words[ofPiece] == null) {
            words[ofPiece] = piece.asLongBuffer();
        }
        for (int i = 0; i < TRIES; i++) {
            int before = Words.getAcquire(piece, base + ThreadRow.SEQUENCE);
            if ((before & 1) == 0) {
                // One copy of memory: it is as short in the interpreter, where reading field by field
                // takes longer than a busy thread leaves its row alone.
                words[ofPiece].get(base / Long.BYTES, image);
                VarHandle.loadLoadFence();
                if (Words.getAcquire(piece, base + ThreadRow.SEQUENCE) == before) {
                    return decode(row);
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Whether the row's thread has been in what {@code row} says ever since that was read. */
    boolean isInSameStay(int number, Row row) {
        ByteBuffer piece = rows.piece(number);
        int base = rows.offset(number);
        VarHandle.loadLoadFence();
        return piece.getLong(base + ThreadRow.SINCE_NS) == row.sinceNs
                && piece.getInt(base + ThreadRow.GENERATION) == row.generation;
    }

    /**
     * By shifts and array accesses alone: this is done for every thread, mostly in the interpreter, where calls are
     * dear.
     */
    private boolean decode(Row row) {
        long[] from = image;
        row.sinceNs = from[ThreadRow.SINCE_NS / Long.BYTES];
        row.startNs = from[ThreadRow.START_NS / Long.BYTES];
        row.hostTid = (int) (from[ThreadRow.HOST_TID / Long.BYTES] >> Integer.SIZE);
        row.generation = (int) from[ThreadRow.GENERATION / Long.BYTES];
        row.tid = (int) (from[ThreadRow.TID / Long.BYTES] >> Integer.SIZE);
        // The four bytes behind syscall.
        int bytes = (int) (from[ThreadRow.STATE / Long.BYTES] >> Integer.SIZE);
        row.state = bytes & 0xff;
        row.life = bytes >> 8 & 0xff;
        row.flags = bytes << 8 >> 24;
        row.nameLength = bytes >>> 24;
        // The last two of the eight bytes that begin with migrations.
        row.node = (int) (from[ThreadRow.NODE / Long.BYTES] >>> Long.SIZE - Short.SIZE);
        long sign = row.sinceNs | row.startNs;
        for (int s = 0, at = ThreadRow.TOTALS / Long.BYTES; s < RecordSizes.STATES; s++, at += TOTALS_WORDS) {
            long time = from[at];
            long max = from[at + StateTotals.MAX_NS / Long.BYTES];
            long countAndPage = from[at + StateTotals.COUNT / Long.BYTES];
            row.timeNs[s] = time;
            row.maxNs[s] = max;
            row.count[s] = (int) countAndPage;
            row.page[s] = (int) (countAndPage >> Integer.SIZE) & 0xffff;
            sign |= time | max;
        }
        row.counter[0] = (int) from[ThreadRow.MINOR_FAULTS / Long.BYTES];
        row.counter[1] = (int) (from[ThreadRow.MAJOR_FAULTS / Long.BYTES] >> Integer.SIZE);
        row.counter[2] = (int) from[ThreadRow.MIGRATIONS / Long.BYTES];
        row.firstCounter[0] = (int) from[ThreadRow.FIRST_MINOR_FAULTS / Long.BYTES];
        row.firstCounter[1] = (int) (from[ThreadRow.FIRST_MAJOR_FAULTS / Long.BYTES] >> Integer.SIZE);
        row.firstCounter[2] = (int) from[ThreadRow.FIRST_MIGRATIONS / Long.BYTES];
        for (int i = 0; i < row.waitedNs.length; i++) {
            row.waitedNs[i] = from[ThreadRow.WAITED_NS / Long.BYTES + i];
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
