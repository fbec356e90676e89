package io.bpfagent.boot;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import jdk.internal.misc.Unsafe;

/**
 * Native memory, in this machine's order of bytes, without a look at each access whether it is inside: whoever calls
 * has looked. To begin and end a context takes a dozen accesses, and a {@link ByteBuffer} looks for eight instructions
 * at each, which was more than a third of all.
 *
 * <p>{@code jdk.internal.misc} is exported to the boot loader's unnamed module before the first of these is used. What
 * else there is: {@code sun.misc.Unsafe} warns from JDK 24 on, {@code java.lang.foreign} comes with 22, and a method
 * handle may define a class at its hundredth call.
 */
final class NativeMemory {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /** Kept, for with it the memory would go; null if it stays. */
    private final ByteBuffer owner;
    private final long address;
    private final int bytes;

    /** @param buffer a direct one */
    NativeMemory(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("not native memory");
        }
        this.owner = buffer;
        this.address = UNSAFE.getLong(buffer, UNSAFE.objectFieldOffset(Buffer.class, "address"));
        this.bytes = buffer.capacity();
    }

    private NativeMemory(long address, int bytes) {
        this.owner = null;
        this.address = address;
        this.bytes = bytes;
    }

    /** So many bytes, zero, for the JVM's life: none of those that the host allows its direct buffers. */
    static NativeMemory forGood(int bytes) {
        long address = UNSAFE.allocateMemory(bytes);
        UNSAFE.setMemory(address, bytes, (byte) 0);
        return new NativeMemory(address, bytes);
    }

    int bytes() {
        return bytes;
    }

    short getShort(int at) {
        return UNSAFE.getShort(address + at);
    }

    int getInt(int at) {
        return UNSAFE.getInt(address + at);
    }

    long getLong(int at) {
        return UNSAFE.getLong(address + at);
    }

    /** What is loaded afterwards is not older. */
    long getLongAcquire(int at) {
        return UNSAFE.getLongAcquire(null, address + at);
    }

    void putShort(int at, short value) {
        UNSAFE.putShort(address + at, value);
    }

    void putInt(int at, int value) {
        UNSAFE.putInt(address + at, value);
    }

    void putLong(int at, long value) {
        UNSAFE.putLong(address + at, value);
    }

    boolean compareAndSetLong(int at, long expected, long value) {
        return UNSAFE.compareAndSetLong(null, address + at, expected, value);
    }
}
