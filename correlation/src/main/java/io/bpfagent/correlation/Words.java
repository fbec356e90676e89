package io.bpfagent.correlation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Access to single words of mapped memory in the order that the other side relies on. All records are
 * little-endian, and so are the machines that run the agent.
 */
public final class Words {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {
    }

    /** What is read after this is as new as the word, or newer. */
    public static int getAcquire(ByteBuffer buffer, int offset) {
        return (int) INT.getAcquire(buffer, offset);
    }

    /** Who sees the word sees all that was written before it. */
    static void setRelease(ByteBuffer buffer, int offset, int value) {
        INT.setRelease(buffer, offset, value);
    }

    /** As {@link #getAcquire}. */
    public static long getAcquireLong(ByteBuffer buffer, int offset) {
        return (long) LONG.getAcquire(buffer, offset);
    }

    /** Who sees the word knows that all reads before it are done. */
    public static void setReleaseLong(ByteBuffer buffer, int offset, long value) {
        LONG.setRelease(buffer, offset, value);
    }

    /** The counter as it is by now. */
    public static long getOpaqueLong(ByteBuffer buffer, int offset) {
        return (long) LONG.getOpaque(buffer, offset);
    }

    /** A name of the kernel's in the first {@code most} bytes, up to the first 0. */
    public static String text(byte[] bytes, int most) {
        int length = 0;
        while (length < most && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** An unsigned 16-bit number. */
    public static int getShort(ByteBuffer buffer, int offset) {
        return Short.toUnsignedInt(buffer.getShort(offset));
    }
}
