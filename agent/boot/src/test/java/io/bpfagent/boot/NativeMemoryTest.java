package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Against what a buffer finds in the same memory. */
class NativeMemoryTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
    private final NativeMemory memory = new NativeMemory(buffer);

    @Test
    void writesWhereItsBufferReads() {
        memory.putLong(8, 0x1122334455667788L);
        memory.putInt(20, -5);
        memory.putShort(62, (short) -7);
        assertEquals(0x1122334455667788L, buffer.getLong(8));
        assertEquals(-5, buffer.getInt(20));
        assertEquals(-7, buffer.getShort(62));
        buffer.putLong(8, 0).putInt(20, 0).putShort(62, (short) 0);
        for (int at = 0; at < 64; at += Long.BYTES) {
            assertEquals(0, buffer.getLong(at), "nothing else was written");
        }
    }

    @Test
    void readsWhatItsBufferWrites() {
        buffer.putLong(56, -2).putInt(0, 9).putShort(4, (short) -3);
        assertEquals(-2, memory.getLong(56));
        assertEquals(-2, memory.getLongAcquire(56));
        assertEquals(9, memory.getInt(0));
        assertEquals(-3, memory.getShort(4));
        assertEquals(64, memory.bytes());
    }

    @Test
    void exchangesWhatIsAsExpectedOnly() {
        buffer.putLong(16, 3);
        assertFalse(memory.compareAndSetLong(16, 4, 5));
        assertEquals(3, buffer.getLong(16));
        assertTrue(memory.compareAndSetLong(16, 3, 5));
        assertEquals(5, buffer.getLong(16));
    }

    @Test
    void memoryForGoodIsZero() {
        NativeMemory own = NativeMemory.forGood(1 << 15);
        for (int at = 0; at < own.bytes(); at += Long.BYTES) {
            assertEquals(0, own.getLong(at));
        }
        own.putLong(own.bytes() - Long.BYTES, 7);
        assertEquals(7, own.getLong(own.bytes() - Long.BYTES));
    }

    @Test
    void takesNativeMemoryOnly() {
        ByteBuffer heap = ByteBuffer.allocate(64);
        assertThrows(IllegalArgumentException.class, () -> new NativeMemory(heap));
    }
}
