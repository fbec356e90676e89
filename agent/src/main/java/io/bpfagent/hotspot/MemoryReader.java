package io.bpfagent.hotspot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Single values out of {@link OwnMemory}. One thread at a time. */
final class MemoryReader {
    /** The address could not be read: it is not, or no longer, mapped. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(long address) {
            super("address 0x" + Long.toHexString(address) + " cannot be read");
        }
    }

    private final OwnMemory memory;
    private final ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    private final long[] address = new long[1];
    private final boolean[] ok = new boolean[1];

    MemoryReader(OwnMemory memory) {
        this.memory = memory;
    }

    /** The 64-bit word there. */
    long word(long at) throws UnreadableException {
        read(at, 8, value);
        return value.getLong(0);
    }

    /** The 32-bit word there. */
    int int32(long at) throws UnreadableException {
        read(at, 4, value);
        return value.getInt(0);
    }

    /** {@code count} bytes (at most 64 KiB) in native byte order. */
    ByteBuffer bytes(long at, int count) throws UnreadableException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
        read(at, count, bytes);
        return bytes;
    }

    private void read(long at, int count, ByteBuffer into) throws UnreadableException {
        address[0] = at;
        memory.read(address, 1, count, into, ok);
        if (!ok[0]) {
            throw new UnreadableException(at);
        }
    }

    /**
     * C strings of at most {@code maxBytes} bytes; a longer one is cut, null where unreadable.
     */
    String[] texts(long[] addresses, int count, int maxBytes) {
        ByteBuffer into = ByteBuffer.allocate(count * maxBytes);
        boolean[] valid = new boolean[count];
        memory.read(addresses, count, maxBytes, into, valid);
        String[] texts = new String[count];
        byte[] bytes = into.array();
        for (int i = 0; i < count; i++) {
            if (valid[i]) {
                int begin = i * maxBytes;
                int end = begin;
                while (end < begin + maxBytes && bytes[end] != 0) {
                    end++;
                }
                texts[i] = new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
            }
        }
        return texts;
    }
}
