package io.bpfagent.find;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the types and the strings of a file of BTF, in pieces of 64 KiB: the kernel's is 5 MB, and older kernels
 * do not map it. Source: Documentation/bpf/btf.rst in the kernel's tree. One thread at a time.
 */
final class BtfTypes implements AutoCloseable {
    static final int KIND_POINTER = 2;
    static final int KIND_TYPEDEF = 8;
    static final int KIND_FUNCTION_PROTOTYPE = 13;

    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int TYPE_BYTES = 12;
    private static final int WINDOW = 64 * 1024;
    /** Of the kinds from 0 on, what follows a type once, and for each of its items. */
    private static final int[] BYTES = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
    private static final int[] BYTES_PER_ITEM = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};

    private final RandomAccessFile file;
    private final long typesAt;
    private final long typesBytes;
    private final long stringsAt;
    private final long stringsBytes;
    private final byte[] window = new byte[WINDOW];
    private final ByteBuffer words = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
    private long windowFrom;
    private int windowBytes;
    /** Of the next type or string, from the section's begin. */
    private long next;
    private int id;
    private int nameOffset;
    private int info;
    private int type;

    /** @throws IOException also when it is not little-endian BTF */
    BtfTypes(String path) throws IOException {
        this.file = new RandomAccessFile(path, "r");
        try {
            file.readFully(window, 0, HEADER_BYTES);
            if ((words.getShort(0) & 0xffff) != MAGIC) {
                throw new IOException(path + " is not little-endian BTF");
            }
            long header = Integer.toUnsignedLong(words.getInt(4));
            this.typesAt = header + Integer.toUnsignedLong(words.getInt(8));
            this.typesBytes = Integer.toUnsignedLong(words.getInt(12));
            this.stringsAt = header + Integer.toUnsignedLong(words.getInt(16));
            this.stringsBytes = Integer.toUnsignedLong(words.getInt(20));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Back before the first type or string. */
    void rewind() {
        next = 0;
        id = 0;
        windowBytes = 0;
    }

    /** Goes on to the next type; false behind the last one. */
    boolean nextType() throws IOException {
        if (next + TYPE_BYTES > typesBytes) {
            return false;
        }
        if (next < windowFrom || next + TYPE_BYTES > windowFrom + windowBytes) {
            load(typesAt, typesBytes);
        }
        int at = (int) (next - windowFrom);
        nameOffset = words.getInt(at);
        info = words.getInt(at + 4);
        type = words.getInt(at + 8);
        id++;
        if (kind() >= BYTES.length) {
            throw new IOException("BTF of a kind that is not known: " + kind());
        }
        next += TYPE_BYTES + BYTES[kind()] + (long) BYTES_PER_ITEM[kind()] * items();
        return true;
    }

    private void load(long section, long bytes) throws IOException {
        windowFrom = next;
        windowBytes = (int) Math.min(WINDOW, bytes - next);
        file.seek(section + next);
        file.readFully(window, 0, windowBytes);
    }

    /** Of the current type, from 1 on. */
    int id() {
        return id;
    }

    int kind() {
        return info >>> 24 & 0x1f;
    }

    /** Where its name is among the strings. */
    int nameOffset() {
        return nameOffset;
    }

    /** What a pointer points to, and what a typedef stands for. */
    int type() {
        return type;
    }

    /** The parameters of a prototype. */
    int items() {
        return info & 0xffff;
    }

    /**
     * The next string that begins so, or null behind the last one; {@link #nameOffset} is where it stands. Between
     * {@link #rewind} and this, no type is read.
     */
    String nextString(byte[] prefix) throws IOException {
        while (next < stringsBytes) {
            if (next < windowFrom || next >= windowFrom + windowBytes) {
                load(stringsAt, stringsBytes);
            }
            int begin = (int) (next - windowFrom);
            int end = end(begin);
            if (end == windowBytes && begin > 0) {
                load(stringsAt, stringsBytes); // it may go on behind the window
                begin = 0;
                end = end(0);
            }
            nameOffset = (int) next;
            next += end - begin + 1;
            if (isAt(begin, end, prefix)) {
                return new String(window, begin, end - begin, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    private int end(int begin) {
        int end = begin;
        while (end < windowBytes && window[end] != 0) {
            end++;
        }
        return end;
    }

    private boolean isAt(int begin, int end, byte[] prefix) {
        if (end - begin < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (window[begin + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
