package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ElfFileTest {
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
}
