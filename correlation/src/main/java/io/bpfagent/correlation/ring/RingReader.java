package io.bpfagent.correlation.ring;

import io.bpfagent.correlation.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes records out of a BPF ring buffer, as {@code libbpf} does it: {@code kernel/bpf/ringbuf.c}.
 *
 * <p>Positions count bytes and never begin again; a record stands at its position modulo the size. It
 * begins with its length (u32, bit 31: it is being written, bit 30: it is to be skipped) and its page (u32),
 * and takes 8 bytes and its length, rounded up to 8.
 *
 * <p>Assumptions: one reader, one thread; the kernel writes the records between the two positions
 * before it takes bit 31 off, and nothing else.
 *
 * <p>Guarantees: each record is given once, in the ring's order, whole, also where it passes the end.
 * No content of the memory makes it throw or loop: what makes no sense up to the producer's position is
 * passed over and counted. No garbage.
 */
public final class RingReader {
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER_BYTES = 8;

    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private final ByteBuffer data;
    private final int dataBytes;
    private final byte[] bytes;
    private final ByteBuffer image;
    private long position;

    /** Takes the records. */
    public interface Sink {
        /** A record of so many bytes, little-endian; the buffer is valid until the call returns. */
        void accept(ByteBuffer record, int length);

        /** What stood there was no record. */
        void garbage();
    }

    /** @param mostBytes longest record there is */
    public RingReader(RingMemory ring, int mostBytes) {
        this.consumer = ring.consumer();
        this.producer = ring.producer();
        this.dataBytes = ring.dataBytes();
        this.data = ring.data();
        if (Integer.bitCount(dataBytes) != 1 || dataBytes < HEADER_BYTES || data.capacity() < dataBytes) {
            throw new IllegalArgumentException("dataBytes must be a power of two and the data's size, dataBytes="
                    + dataBytes + ", size=" + data.capacity());
        }
        this.bytes = new byte[mostBytes];
        this.image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.position = Words.getAcquireLong(consumer, 0);
    }

    /** How many bytes are there to be read; anything, if the memory is garbage. */
    public long waitingBytes() {
        return Words.getAcquireLong(producer, 0) - position;
    }

    /** Gives all that is there, and whether that was all: a record may still be being written. */
    public boolean drain(Sink sink) {
        long end = Words.getAcquireLong(producer, 0);
        long waiting = end - position;
        if (waiting < 0 || waiting > dataBytes || ((end | position) & 7) != 0) {
            sink.garbage();
            advanceTo(end & -8);
            return true;
        }
        while (position != end) {
            int header = Words.getAcquire(data, index(position));
            if ((header & BUSY) != 0) {
                return false;
            }
            int length = header & ~DISCARDED;
            // 64 bits: a length of nearly 2^30 is rounded up too
            long step = (long) HEADER_BYTES + length + 7 & -8;
            if (length == 0 || step > end - position) {
                sink.garbage();
                advanceTo(end);
                return true;
            }
            if ((header & DISCARDED) == 0) {
                give(sink, length);
            }
            advanceTo(position + step);
        }
        return true;
    }

    private void give(Sink sink, int length) {
        if (length > bytes.length) {
            sink.garbage();
            return;
        }
        int at = index(position + HEADER_BYTES);
        int first = Math.min(length, dataBytes - at);
        data.get(at, bytes, 0, first);
        data.get(0, bytes, first, length - first);
        sink.accept(image, length);
    }

    private int index(long position) {
        return (int) position & dataBytes - 1;
    }

    /** The kernel may write up to there from now on. */
    private void advanceTo(long next) {
        position = next;
        Words.setReleaseLong(consumer, 0, next);
    }
}
