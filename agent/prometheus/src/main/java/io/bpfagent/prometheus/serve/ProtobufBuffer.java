package io.bpfagent.prometheus.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Messages in the encoding of Protocol Buffers, one after the other in an array that grows. A message within another
 * begins with {@link #begin} and ends with {@link #end}. One thread.
 *
 * <p>Source: protobuf.dev/programming-guides/encoding.
 */
final class ProtobufBuffer {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    private static final int TYPE_BITS = 3;
    private static final int MOST_VARINT = 10;
    private static final int FIRST_ROOM = 16 * 1024;

    private byte[] bytes = new byte[FIRST_ROOM];
    private int size;

    /** Begins anew; the array stays. */
    private void clear() {
        size = 0;
    }

    /** Writes all to {@code out}, and begins anew. */
    void moveTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        clear();
    }

    /** The length of the message that comes next, where it is in no field. */
    void length(int length) {
        varint(length);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    private void varint(long value) {
        room(MOST_VARINT);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    /** A field of type uint64, uint32, int64, int32 or of an enum. */
    void number(int field, long value) {
        varint((long) field << TYPE_BITS | VARINT);
        varint(value);
    }

    /** A field of type sint64 or sint32. */
    void signed(int field, long value) {
        number(field, value << 1 ^ value >> 63);
    }

    /** A field of type double. */
    void real(int field, double value) {
        varint((long) field << TYPE_BITS | EIGHT_BYTES);
        room(Long.BYTES);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[size++] = (byte) (bits >>> 8 * i);
        }
    }

    /** A field of type string. */
    void text(int field, String value) {
        int length = value.length();
        int at = begin(field);
        room(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                // All of it at once: what stands beside it may be its other half.
                size = at;
                raw(value.getBytes(StandardCharsets.UTF_8));
                break;
            }
            bytes[size++] = (byte) c;
        }
        end(at);
    }

    private void raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    /** Begins a message in a field; what comes next is its, until {@link #end} with the number that this returns. */
    int begin(int field) {
        varint((long) field << TYPE_BITS | LENGTH);
        room(1);
        size++; // most are shorter than 128 bytes: one digit for the length
        return size;
    }

    /** Ends a message: its length goes before it. */
    void end(int begun) {
        int length = size - begun;
        int more = 0;
        for (int left = length >>> 7; left != 0; left >>>= 7) {
            more++;
        }
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, begun, bytes, begun + more, length);
        }
        size = begun - 1;
        varint(length);
        size = begun + more + length;
    }
}
