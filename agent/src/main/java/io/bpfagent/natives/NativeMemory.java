package io.bpfagent.natives;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A zeroed block of C memory, for structures that are passed to libbpf.
 *
 * <p>Not a direct buffer of Java's: those count against the host's {@code -XX:MaxDirectMemorySize}
 * and are freed only when the host's garbage collector finds time.
 *
 * <p>Assumptions: the owner closes it after the last call that may read it, and drops its buffer
 * then. Guarantees: closing twice is harmless. One thread at a time.
 */
public final class NativeMemory implements AutoCloseable {
    private final long size;
    private long address;

    private NativeMemory(long address, long size) {
        this.address = address;
        this.size = size;
    }

    /** Memory of {@code size} bytes (at least one), all zero. */
    public static NativeMemory allocate(long size) {
        return allocate(size, true);
    }

    /** The same with whatever stood there before: no page of it is written to. */
    public static NativeMemory allocateUntouched(long size) {
        return allocate(size, false);
    }

    private static NativeMemory allocate(long size, boolean zeroed) {
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "size must be 1.." + Integer.MAX_VALUE + ", size=" + size);
        }
        long address = MemoryIO.getInstance().allocateMemory(size, zeroed);
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + size + " bytes for libbpf");
        }
        return new NativeMemory(address, size);
    }

    /** A copy of {@code bytes}. */
    public static NativeMemory of(byte[] bytes) {
        NativeMemory memory = allocate(Math.max(1, bytes.length));
        MemoryIO.getInstance().putByteArray(memory.address, bytes, 0, bytes.length);
        return memory;
    }

    /** {@code text} as a C string in UTF-8. */
    public static NativeMemory ofString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        NativeMemory memory = allocate(bytes.length + 1L);
        MemoryIO.getInstance().putByteArray(memory.address, bytes, 0, bytes.length);
        return memory;
    }

    /**
     * The memory at an address that is not ours (a mapped map, a value of libbpf's) in the
     * machine's byte order.
     *
     * @param address of at least {@code size} bytes that stay mapped as long as the buffer is used
     */
    public static ByteBuffer bufferAt(long address, long size) {
        if (address == 0 || size < 0 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a buffer needs an address and 0.." + Integer.MAX_VALUE + " bytes, address="
                            + Long.toHexString(address) + " size=" + size);
        }
        return MemoryIO.getInstance().newDirectByteBuffer(address, (int) size)
                .order(ByteOrder.nativeOrder());
    }

    /** The C string at {@code address}, or null for address 0. */
    public static String stringAt(long address) {
        if (address == 0) {
            return null;
        }
        return new String(MemoryIO.getInstance().getZeroTerminatedByteArray(address),
                StandardCharsets.UTF_8);
    }

    /** Where the block begins. */
    public long address() {
        if (address == 0) {
            throw new IllegalStateException("this memory has been freed");
        }
        return address;
    }

    /** Whether it has been freed. */
    public boolean isClosed() {
        return address == 0;
    }

    /** How many bytes it has. */
    public long size() {
        return size;
    }

    /** The block as a buffer in the machine's byte order, valid until {@link #close()}. */
    public ByteBuffer buffer() {
        return bufferAt(address(), size);
    }

    @Override
    public void close() {
        if (address != 0) {
            MemoryIO.getInstance().freeMemory(address);
            address = 0;
        }
    }
}
