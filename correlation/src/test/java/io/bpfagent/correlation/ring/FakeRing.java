package io.bpfagent.correlation.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The kernel's side of a BPF ring buffer: kernel/bpf/ringbuf.c on plain buffers. */
public final class FakeRing implements RingMemory {
    public static final int BUSY = 1 << 31;
    public static final int DISCARDED = 1 << 30;

    private final ByteBuffer consumer = buffer(4096);
    private final ByteBuffer producer = buffer(4096);
    private final ByteBuffer data;
    private boolean mapped;

    public FakeRing(int dataBytes) {
        data = buffer(dataBytes);
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins at this position, as after so many bytes. */
    public FakeRing startingAt(long position) {
        producer.putLong(0, position);
        consumer.putLong(0, position);
        return this;
    }

    /** Puts a record in and gives the position of its header, or -1 if there is no room. */
    public long put(byte[] record) {
        return put(record, record.length);
    }

    /** With these bits and this length in its header. */
    public long put(byte[] record, int header) {
        long at = producer.getLong(0);
        long end = at + 8 + (record.length + 7 & -8);
        if (end - consumer.getLong(0) > data.capacity()) {
            return -1;
        }
        data.putInt(index(at), header);
        data.putInt(index(at) + 4, 23); // pg_off
        for (int i = 0; i < record.length; i++) {
            data.put(index(at + 8 + i), record[i]);
        }
        producer.putLong(0, end);
        return at;
    }

    /** Changes the header of a record that was put in. */
    public void header(long position, int header) {
        data.putInt(index(position), header);
    }

    private int index(long position) {
        return (int) (position & data.capacity() - 1);
    }

    /** Bytes that the reader has not taken. */
    public long waiting() {
        return producer.getLong(0) - consumer.getLong(0);
    }

    /** Where the headers of the records stand that the reader has not taken. */
    public List<Long> positions() {
        List<Long> positions = new ArrayList<>();
        for (long at = consumer.getLong(0); at < producer.getLong(0);) {
            positions.add(at);
            at += 8 + (lengthAt(at) + 7 & -8);
        }
        return positions;
    }

    /** Of the record at this position, without its header. */
    public int lengthAt(long position) {
        return data.getInt(index(position)) & ~(BUSY | DISCARDED);
    }

    /** Whether the reader has asked for the data. */
    public boolean isMapped() {
        return mapped;
    }

    @Override
    public ByteBuffer consumer() {
        return consumer;
    }

    @Override
    public ByteBuffer producer() {
        return producer;
    }

    @Override
    public ByteBuffer data() {
        mapped = true;
        return data;
    }

    @Override
    public int dataBytes() {
        return data.capacity();
    }
}
