package io.bpfagent.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The sections of a little-endian 64-bit ELF file. Source: elf(5). */
final class ElfFile {
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int SECTION_TABLE_OFFSET = 0x28;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SECTION_COUNT = 0x3c;
    private static final int NAMES_INDEX = 0x3e;

    private final ByteBuffer file;
    private final int sectionTable;
    private final int sections;
    private final ByteBuffer names;

    /** @throws IllegalArgumentException if the bytes are no such file */
    ElfFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < SECTION_HEADER_BYTES || file.getInt(0) != MAGIC
                || file.get(4) != CLASS_64 || file.get(5) != LITTLE_ENDIAN) {
            throw new IllegalArgumentException("not a little-endian 64-bit ELF file");
        }
        sectionTable = Math.toIntExact(file.getLong(SECTION_TABLE_OFFSET));
        sections = Short.toUnsignedInt(file.getShort(SECTION_COUNT));
        names = content(Short.toUnsignedInt(file.getShort(NAMES_INDEX)));
    }

    /**
     * The content of the first section of that name, little-endian, from position 0.
     *
     * @throws IllegalArgumentException if there is none
     */
    ByteBuffer section(String name) {
        for (int i = 0; i < sections; i++) {
            if (string(names, file.getInt(header(i))).equals(name)) {
                return content(i);
            }
        }
        throw new IllegalArgumentException("no section " + name);
    }

    /** The string that begins at {@code offset} and ends before the next zero byte. */
    static String string(ByteBuffer strings, int offset) {
        int end = offset;
        while (strings.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - offset];
        strings.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int header(int index) {
        return sectionTable + index * SECTION_HEADER_BYTES;
    }

    private ByteBuffer content(int index) {
        int offset = Math.toIntExact(file.getLong(header(index) + 0x18));
        int length = Math.toIntExact(file.getLong(header(index) + 0x20));
        return file.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
