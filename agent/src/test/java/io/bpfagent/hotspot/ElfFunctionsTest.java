package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElfFunctionsTest {
    private static final int FUNCTION = 2;
    private static final int INDIRECT = 10;
    private static final int OBJECT = 1;

    @TempDir
    private Path directory;
    private final List<String> names = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    private void symbol(String name, int type) {
        order.add(names.size());
        names.add(name);
        types.add(type);
    }

    /** Names in the order of the calls, symbols in {@link #order}; the symbol's address is its number. */
    private ElfFile file() throws IOException {
        ByteBuffer strings = ByteBuffer.allocate(names.stream().mapToInt(name -> name.length() + 1).sum() + 1);
        strings.put((byte) 0);
        int[] offsets = new int[names.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = strings.position();
            strings.put(names.get(i).getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0);
        }
        byte[] sectionNames = "\0.symtab\0.strtab\0.shstrtab\0".getBytes(StandardCharsets.ISO_8859_1);
        int symbolsAt = 64 + 4 * 64;
        int stringsAt = symbolsAt + 24 * offsets.length;
        ByteBuffer elf = ByteBuffer.allocate(stringsAt + strings.capacity() + sectionNames.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        elf.putLong(40, 64).putShort(60, (short) 4).putShort(62, (short) 3);
        section(elf, 1, 1, symbolsAt, 24 * offsets.length, 2);
        section(elf, 2, 9, stringsAt, strings.capacity(), 0);
        section(elf, 3, 17, stringsAt + strings.capacity(), sectionNames.length, 0);
        int at = symbolsAt;
        for (int number : order) {
            elf.putInt(at, offsets[number]).put(at + 4, (byte) (types.get(number).intValue()))
                    .putShort(at + 6, (short) 1).putLong(at + 8, number);
            at += 24;
        }
        elf.put(stringsAt, strings.array());
        elf.put(stringsAt + strings.capacity(), sectionNames);
        return new ElfFile(Files.write(directory.resolve("lib.so"), elf.array()).toString());
    }

    private static void section(ByteBuffer elf, int number, int name, long offset, long bytes, int link) {
        int at = 64 + 64 * number;
        elf.putInt(at, name).putLong(at + 24, offset).putLong(at + 32, bytes).putInt(at + 40, link);
    }

    @Test
    void areThoseOfTheTableAndNothingElse() throws Exception {
        symbol("first", FUNCTION);
        symbol("variable", OBJECT);
        symbol("chosen", INDIRECT);
        symbol("", FUNCTION);
        try (ElfFile file = file()) {
            ElfFunctions functions = file.functions();
            assertTrue(functions.next());
            assertEquals("first", functions.name());
            assertFalse(functions.isIndirect());
            assertTrue(functions.isNamed("first".getBytes(StandardCharsets.US_ASCII)));
            assertFalse(functions.isNamed("firs".getBytes(StandardCharsets.US_ASCII)));
            assertTrue(functions.contains("irs".getBytes(StandardCharsets.US_ASCII)));
            assertTrue(functions.contains("first".getBytes(StandardCharsets.US_ASCII)));
            assertFalse(functions.contains("first1".getBytes(StandardCharsets.US_ASCII)));
            assertTrue(functions.next());
            assertEquals("chosen", functions.name());
            assertTrue(functions.isIndirect());
            assertEquals(2, functions.address());
            assertTrue(functions.next());
            assertEquals("", functions.name());
            assertFalse(functions.next());
            assertFalse(functions.next());
        }
    }

    /** More than any window holds, names near each other, far apart, and longer than usual. */
    @Test
    void areReadWhereverTheirNamesStand() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            symbol("f" + i + "x".repeat(random.nextInt(20) == 0 ? 1_000 : random.nextInt(60)), FUNCTION);
        }
        for (int i = 0; i < 200; i++) {
            Collections.swap(order, random.nextInt(5_000), random.nextInt(5_000));
        }
        try (ElfFile file = file()) {
            ElfFunctions functions = file.functions();
            for (int number : order) {
                assertTrue(functions.next());
                assertEquals(names.get(number), functions.name());
                assertEquals(number, functions.address());
            }
            assertFalse(functions.next());
        }
    }

    @Test
    void aDamagedTableEndsOrIsAnError() throws Exception {
        symbol("first", FUNCTION);
        symbol("second", FUNCTION);
        try (ElfFile ignored = file()) {
            byte[] bytes = Files.readAllBytes(directory.resolve("lib.so"));
            ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            elf.putInt(64 + 4 * 64, 0x7fffffff);
            elf.putLong(64 + 64 + 32, 24 * 10_000_000L);
            Files.write(directory.resolve("lib.so"), bytes);
        }
        try (ElfFile file = new ElfFile(directory.resolve("lib.so").toString())) {
            ElfFunctions functions = file.functions();
            assertThrows(IOException.class, () -> {
                while (functions.next()) {
                    assertTrue(functions.name().length() < 5_000);
                }
            });
        }
    }
}
