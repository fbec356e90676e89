package io.bpfagent.correlation.ring;

import java.nio.ByteBuffer;

/**
 * A BPF ring buffer in this process's memory. Buffers are in the machine's byte
 * order and stay the same; they are used by one thread, and by none once the maps are closed.
 */
public interface RingMemory {
    /** The page that begins with the consumer's position (u64): all that is written here. */
    ByteBuffer consumer();

    /** The page that begins with the producer's position (u64); only read. */
    ByteBuffer producer();

    /**
     * The records, {@link #dataBytes} of them, once: a record that passes the end goes on at the
     * beginning. Only read. Mapped, and from then on resident, when it is first asked for.
     *
     * @throws IllegalStateException if it cannot be mapped
     */
    ByteBuffer data();

    /** Size of the data, a power of two. */
    int dataBytes();
}
