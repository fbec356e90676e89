package io.bpfagent.prometheus.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bytes, in arrays of which none is so large that a collector would treat it as a special case. One thread. */
final class Pieces extends OutputStream {
    private static final int PIECE_BYTES = 32 * 1024;

    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    @Override
    public void write(int one) {
        roomInLast()[size % PIECE_BYTES] = (byte) one;
        size++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            byte[] last = roomInLast();
            int at = size % PIECE_BYTES;
            int some = Math.min(length - done, PIECE_BYTES - at);
            System.arraycopy(bytes, offset + done, last, at, some);
            done += some;
            size += some;
        }
    }

    /** The one in which the next byte stands. */
    private byte[] roomInLast() {
        int piece = size / PIECE_BYTES;
        if (piece == pieces.size()) {
            pieces.add(new byte[PIECE_BYTES]);
        }
        return pieces.get(piece);
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Begins anew; the arrays stay. */
    void clear() {
        size = 0;
    }

    /** Writes all. */
    void writeTo(OutputStream out) throws IOException {
        for (int from = 0; from < size; from += PIECE_BYTES) {
            out.write(pieces.get(from / PIECE_BYTES), 0, Math.min(PIECE_BYTES, size - from));
        }
    }
}
