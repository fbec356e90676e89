package io.bpfagent.correlation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Records of one size that stand one behind the other in the kernel's memory and come into this
 * process's piece by piece, each when one of its records is first asked for: what nobody asks for is
 * not resident. Pieces stay.
 *
 * <p>One thread, the one that made it.
 */
public abstract class RecordArray {
    private final int recordBytes;
    private final int count;
    private final int perPiece;
    private final ByteBuffer[] pieces;

    /**
     * An array of which nothing is there yet.
     *
     * @param perPiece how many records one piece has; the last piece may have fewer
     */
    protected RecordArray(int recordBytes, int count, int perPiece) {
        if (recordBytes < 1 || count < 0 || perPiece < 1) {
            throw new IllegalArgumentException("recordBytes and perPiece must be > 0 and count >= 0, recordBytes="
                    + recordBytes + ", perPiece=" + perPiece + ", count=" + count);
        }
        this.recordBytes = recordBytes;
        this.count = count;
        this.perPiece = perPiece;
        this.pieces = new ByteBuffer[(count + perPiece - 1) / perPiece];
    }

    /** All records of a memory that is there already: one piece. */
    static RecordArray of(ByteBuffer memory, int recordBytes) {
        ByteBuffer view = memory.slice();
        int count = view.capacity() / recordBytes;
        return new RecordArray(recordBytes, count, Math.max(1, count)) {
            @Override
            protected ByteBuffer map(int first, int mapped) {
                return view;
            }
        };
    }

    /** The memory of records {@code first} to {@code first + mapped - 1}; asked for once. */
    protected abstract ByteBuffer map(int first, int mapped);

    /** How many records there are. */
    public final int count() {
        return count;
    }

    final int recordBytes() {
        return recordBytes;
    }

    /** How many pieces there are, mapped or not. */
    final int pieces() {
        return pieces.length;
    }

    /** The number of the piece that a record stands in. */
    final int pieceOf(int record) {
        return record / perPiece;
    }

    /** That piece, in little-endian order. */
    public final ByteBuffer piece(int record) {
        int number = record / perPiece;
        ByteBuffer piece = pieces[number];
        if (piece == null) {
            int first = number * perPiece;
            piece = map(first, Math.min(perPiece, count - first)).order(ByteOrder.LITTLE_ENDIAN);
            pieces[number] = piece;
        }
        return piece;
    }

    /** Where in its piece a record begins, in bytes. */
    public final int offset(int record) {
        return record % perPiece * recordBytes;
    }
}
