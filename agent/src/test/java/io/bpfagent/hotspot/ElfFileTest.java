package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Fuzz;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ElfFileTest {
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int NAMES_BYTES = 64 * 1024;
    /** Four times the table of section headers at its longest. */
    private static final long MOST_BYTES = 16 << 20;

    private static Mapping libc() throws IOException {
        return Mapping.ofLibrary("libc.so").get(0);
    }

    @Test
    void findsExportedFunctionsInTheirOrder() throws Exception {
        List<String> names = List.of("syscall", "no_such_function", "getaddrinfo");
        try (ElfFile file = new ElfFile(libc().path()); ProcSelfMemory memory = new ProcSelfMemory()) {
            long[] offsets = file.exportedFunctions(names);
            assertEquals(3, offsets.length);
            assertEquals(-1, offsets[1]);
            MappedElf mapped = new MappedElf(memory, libc().begin());
            for (int i = 0; i < offsets.length; i += 2) {
                // the mapped symbol table says the same, by another way
                long address = mapped.symbol(names.get(i)).address() - libc().begin();
                assertEquals(file.offsetOf(address), offsets[i], names.get(i));
                assertTrue(offsets[i] > 0, names.get(i));
            }
        }
    }

    @Test
    void variablesAreNoFunctions() throws Exception {
        try (ElfFile file = new ElfFile(libc().path())) {
            assertArrayEquals(new long[] {-1}, file.exportedFunctions(List.of("environ")));
            assertArrayEquals(new long[0], file.exportedFunctions(List.of()));
        }
    }

    @Test
    void givesTheCodeAtAnOffsetAsFarAsThereIsAny() throws Exception {
        Path path = Path.of(libc().path());
        byte[] all = Files.readAllBytes(path);
        try (ElfFile file = new ElfFile(path.toString())) {
            assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, file.code(0, 4));
            assertArrayEquals(new byte[] {all[all.length - 1]}, file.code(all.length - 1, 8));
            assertEquals(0, file.code(all.length, 8).length);
            assertEquals(0, file.code(all.length + 1L, 8).length);
        }
    }

    @Test
    void aFileWithoutSymbolsExportsNothing(@TempDir Path directory) throws Exception {
        Path empty = Files.write(directory.resolve("empty.so"), ByteBuffer.allocate(64).putInt(0x7f454c46)
                .put((byte) 2).put((byte) 1).array());
        try (ElfFile file = new ElfFile(empty.toString())) {
            assertArrayEquals(new long[] {-1, -1}, file.exportedFunctions(List.of("open64", "getaddrinfo")));
        }
    }

    @Test
    void whatIsNotElfIsRefused(@TempDir Path directory) throws Exception {
        Path text = Files.writeString(directory.resolve("libc.so"), "/* GNU ld script */ ".repeat(10));
        assertThrows(IOException.class, () -> new ElfFile(text.toString()));
        assertThrows(IOException.class, () -> new ElfFile(directory.resolve("none.so").toString()));
    }

    /** To open a pipe is to wait for whoever writes to it. */
    @Test
    @Timeout(20)
    void onlyFilesAreOpened(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("libc.so");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path none : List.of(pipe, directory, Path.of("/dev/null"))) {
            assertEquals("not a regular file: " + none,
                    assertThrows(IOException.class, () -> new ElfFile(none.toString())).getMessage());
        }
    }

    @Test
    void aFileOfHolesIsNotReadThrough(@TempDir Path directory) throws Exception {
        Path holes = Files.copy(Path.of(libc().path()), directory.resolve("libc.so"));
        try (RandomAccessFile file = new RandomAccessFile(holes.toFile(), "rw")) {
            file.setLength(5L << 30);
        }
        assertThrows(IOException.class, () -> new ElfFile(holes.toString()));
    }

    /** 65,535 sections whose names all begin at the same 64 KiB without an end. */
    @Test
    void namesWithoutAnEndTakeLittleMemory(@TempDir Path directory) throws Exception {
        int count = 0xffff;
        int namesAt = HEADER_BYTES + count * SECTION_HEADER_BYTES;
        ByteBuffer elf = header(namesAt + NAMES_BYTES).putLong(40, HEADER_BYTES).putShort(60, (short) count);
        elf.putLong(HEADER_BYTES + 24, namesAt).putLong(HEADER_BYTES + 32, NAMES_BYTES);
        Arrays.fill(elf.array(), namesAt, namesAt + NAMES_BYTES, (byte) 'x');
        Path path = Files.write(directory.resolve("many.so"), elf.array());
        Fuzz.allocating(MOST_BYTES, () -> {
            try (ElfFile file = new ElfFile(path.toString())) {
                assertFalse(file.usdtNotes().next());
            }
        });
    }

    @Test
    void notesOfANegativeLengthAreNone(@TempDir Path directory) throws Exception {
        int notes = HEADER_BYTES + SECTION_HEADER_BYTES;
        ByteBuffer elf = header(NAMES_BYTES).putLong(40, HEADER_BYTES).putShort(60, (short) 2);
        elf.putLong(HEADER_BYTES + 24, 256).putLong(HEADER_BYTES + 32, 64);
        elf.put(257, ".note.stapsdt".getBytes(StandardCharsets.ISO_8859_1)).putInt(notes, 1).putLong(notes + 24, 512);
        for (long bytes : new long[] {-1, Integer.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            elf.putLong(notes + 32, bytes);
            Path path = Files.write(directory.resolve("notes.so"), elf.array());
            try (ElfFile file = new ElfFile(path.toString())) {
                assertFalse(file.usdtNotes().next(), bytes + " bytes");
            }
        }
    }

    /** Each address would be looked for in all of them. */
    @Test
    void moreProgramHeadersThanAnyLibraryHasAreRefused(@TempDir Path directory) throws Exception {
        ByteBuffer elf = header(4 * 1024 * 1024).putLong(32, HEADER_BYTES).putShort(56, (short) 0xffff);
        Path path = Files.write(directory.resolve("many.so"), elf.array());
        try (ElfFile file = new ElfFile(path.toString())) {
            assertThrows(IOException.class, () -> file.offsetOf(0x1000));
        }
    }

    /** Of a file of so many bytes. */
    private static ByteBuffer header(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x464c457f).put(4, (byte) 2)
                .put(5, (byte) 1);
    }
}
