package io.bpfagent.hotspot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What single threads have allocated in the heap, as {@code com.sun.management.ThreadMXBean} says it, but without the
 * classes of JMX: from HotSpot's own structures of the thread, by one system call for each.
 *
 * <p>Source: Thread::cooked_allocated_bytes in hotspot/share/runtime/thread.inline.hpp: what was allocated up to the
 * last buffer, and what is used of the buffer that the thread has now. One thread at a time; throws nothing.
 */
public final class OwnAllocation {
    /** Offsets in HotSpot's structures, bytes. */
    record Offsets(int allocatedBytes, int bufferStart, int bufferTop) {
        Offsets {
            if (allocatedBytes < 0 || bufferStart < 0 || bufferTop < 0) {
                throw new IllegalArgumentException("offsets must be >= 0");
            }
        }
    }

    /** A buffer is never that large: what says so has been read while it was being changed. */
    private static final long MOST_BUFFER_BYTES = 1L << 30;

    private final OwnMemory memory;
    private final JavaThreads threads;
    private final Offsets offsets;
    private final long[] addresses = new long[3];
    private final boolean[] ok = new boolean[3];
    private final ByteBuffer words = ByteBuffer.allocate(3 * Long.BYTES).order(ByteOrder.nativeOrder());

    OwnAllocation(OwnMemory memory, JavaThreads threads, Offsets offsets) {
        this.memory = memory;
        this.threads = threads;
        this.offsets = offsets;
    }

    /** Bytes since the thread began; -1 when that cannot be read, for example since it has ended. */
    public long of(Thread thread) {
        long address = threads.address(thread);
        if (address == 0) {
            return -1;
        }
        addresses[0] = address + offsets.allocatedBytes;
        addresses[1] = address + offsets.bufferStart;
        addresses[2] = address + offsets.bufferTop;
        memory.read(addresses, addresses.length, Long.BYTES, words, ok);
        if (!ok[0] || words.getLong(0) < 0) {
            return -1;
        }
        long used = ok[1] && ok[2] ? words.getLong(2 * Long.BYTES) - words.getLong(Long.BYTES) : 0;
        // Without a buffer both are 0.
        return words.getLong(0) + (used > 0 && used < MOST_BUFFER_BYTES ? used : 0);
    }
}
