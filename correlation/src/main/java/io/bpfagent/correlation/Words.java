package io.bpfagent.correlation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access to single words of mapped memory in the order that the other side relies on. All records are
 * little-endian, and so are the machines that run the agent.
 */
final class Words {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {
    }

    /** What is read after this is as new as the word, or newer. */
    static int getAcquire(ByteBuffer buffer, int offset) {
        return (int) INT.getAcquire(buffer, offset);
    }

    /** Who sees the word sees all that was written before it. */
    static void setRelease(ByteBuffer buffer, int offset, int value) {
        INT.setRelease(buffer, offset, value);
    }

    /** The counter as it is by now. */
    static long getOpaqueLong(ByteBuffer buffer, int offset) {
        return (long) LONG.getOpaque(buffer, offset);
    }

    /** An unsigned 16-bit number. */
    static int getShort(ByteBuffer buffer, int offset) {
        return Short.toUnsignedInt(buffer.getShort(offset));
    }
}
