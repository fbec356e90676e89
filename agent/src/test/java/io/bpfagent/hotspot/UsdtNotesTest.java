package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

final class UsdtNotesTest {
    /** Text at 0x1000 of the file, 0x401000 in memory; data at 0x2000, 0x403000. */
    private static final long TEXT_MOVED = 0x400000;
    private static final long DATA_MOVED = 0x401000;
    private static final long BASE = 0x401100;

    @TempDir
    private Path directory;

    private List<UsdtSite> read(long base, ByteBuffer... notes) throws Exception {
        Path file = Files.write(directory.resolve("libjvm.so"), elf(base, notes).array());
        try (ElfFile elf = new ElfFile(file.toString())) {
            return elf.usdtSites();
        }
    }

    @Test
    void takesTheSitesOfTheProbesThatAreKnown() throws Exception {
        List<UsdtSite> sites = read(BASE,
                note(0x401010, BASE, 0, "hotspot", "gc__begin", "1@%dil"),
                note(0x401020, BASE, 0, "hotspot", "method__entry", "8@%r12"),
                note(0x401030, BASE, 0, "hs_private", "safepoint__begin", ""),
                note(0x401040, BASE, 0, "hotspot_jni", "gc__begin", "8@%r12"),
                note(0x401050, BASE, 0x403008, "hotspot", "gc__begin", "1@$1"));
        assertEquals(List.of(new UsdtSite(HotSpotProbe.GC_BEGIN, 0x1010, 0, "1@%dil"),
                new UsdtSite(HotSpotProbe.SAFEPOINT_BEGIN, 0x1030, 0, ""),
                new UsdtSite(HotSpotProbe.GC_BEGIN, 0x1050, 0x2008, "1@$1")), sites);
    }

    /** prelink moves a library and leaves its notes as they were. */
    @Test
    void followsALibraryThatWasMovedLater() throws Exception {
        List<UsdtSite> sites = read(BASE,
                note(0x1010, BASE - TEXT_MOVED, 0x3010, "hotspot", "thread__start", "8@%r13"));
        assertEquals(List.of(new UsdtSite(HotSpotProbe.THREAD_START, 0x1010, 0x2010, "8@%r13")), sites);
        sites = read(0, note(0x401010, BASE - TEXT_MOVED, 0, "hotspot", "thread__start", "8@%r13"));
        assertEquals(0x1010, sites.get(0).offset(), "there is no base to compare with");
    }

    @Test
    void saysWhenANoteLeadsOutOfTheFile() throws Exception {
        List<UsdtSite> sites = read(BASE, note(0x901010, BASE, 0, "hotspot", "gc__begin", "1@%dil"),
                note(0x401010, BASE, 0x901010, "hotspot", "gc__begin", "1@%dil"));
        assertEquals(-1, sites.get(0).offset());
        assertEquals(-1, sites.get(1).semaphore());
    }

    @Test
    void endsAtADamagedNote() throws Exception {
        ByteBuffer good = note(0x401010, BASE, 0, "hotspot", "gc__begin", "1@%dil");
        for (int at = 0; at < 8; at += 4) {
            for (int broken : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x10000}) {
                ByteBuffer bad = note(0x401010, BASE, 0, "hotspot", "gc__begin", "1@%dil");
                bad.putInt(at, broken);
                assertEquals(1, read(BASE, good, bad, good).size(), at + ": " + broken);
            }
        }
        ByteBuffer unended = note(0x401010, BASE, 0, "hotspot", "gc__begin", "1@%dil");
        for (int i = unended.getInt(0) + 12 + 24; i < unended.capacity(); i++) {
            unended.put(i, (byte) 'x');
        }
        assertEquals(1, read(BASE, good, unended).size());
        ByteBuffer another = note(0x401010, BASE, 0, "hotspot", "gc__begin", "1@%dil");
        another.putInt(8, 4);
        assertEquals(1, read(BASE, another, good).size(), "a note of another type is passed over");
    }

    /** A probe stands where the compiler has put a nop. */
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void everySiteOfThisJvmIsANop() throws Exception {
        Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        try (ElfFile elf = new ElfFile(library.toString());
                RandomAccessFile bytes = new RandomAccessFile(library.toFile(), "r")) {
            for (UsdtSite site : elf.usdtSites()) {
                bytes.seek(site.offset());
                assertEquals(0x90, bytes.read(), site::toString);
                for (int i = 0; i < 4; i++) {
                    assertTrue(!site.probe().reads(i)
                            || UsdtArgument.read(site.arguments(), i, Registers.X86_64).found(), site::toString);
                }
            }
        }
    }

    static ByteBuffer note(long address, long base, long semaphore, String provider, String name,
            String arguments) {
        byte[] texts = (provider + '\0' + name + '\0' + arguments + '\0').getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer note = ByteBuffer.allocate(12 + 8 + (24 + texts.length + 3 & -4)).order(ByteOrder.LITTLE_ENDIAN);
        note.putInt(8).putInt(24 + texts.length).putInt(3).put("stapsdt\0".getBytes(StandardCharsets.ISO_8859_1));
        note.putLong(address).putLong(base).putLong(semaphore).put(texts);
        return note.rewind();
    }

    /** Two segments, and the sections of notes, of the base (unless 0) and of the names. */
    private static ByteBuffer elf(long base, ByteBuffer... notes) {
        int notesAt = 0x3000;
        int notesBytes = 0;
        ByteBuffer elf = ByteBuffer.allocate(0x8000).order(ByteOrder.LITTLE_ENDIAN);
        for (ByteBuffer note : notes) {
            elf.put(notesAt + notesBytes, note.array());
            notesBytes += note.capacity();
        }
        String names = "\0.note.stapsdt\0.stapsdt.base\0.shstrtab\0";
        int namesAt = 0x6000;
        elf.put(namesAt, names.getBytes(StandardCharsets.ISO_8859_1));
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        elf.putLong(32, 64).putLong(40, 0x7000).putShort(56, (short) 3).putShort(60, (short) 3).putShort(62, (short) 2);
        segment(elf, 64, 6, 0x2000, TEXT_MOVED, 0x800);
        segment(elf, 120, 1, 0x1000, TEXT_MOVED, 0x1000);
        segment(elf, 176, 1, 0x2000, DATA_MOVED, 0x800);
        section(elf, 0x7000, names.indexOf(".note"), 0, notesAt, notesBytes);
        section(elf, 0x7040, base == 0 ? 0 : names.indexOf(".stapsdt.base"), base, 0x1100, 1);
        section(elf, 0x7080, names.indexOf(".shstrtab"), 0, namesAt, names.length());
        return elf;
    }

    private static void segment(ByteBuffer elf, int at, int type, long offset, long moved, long bytes) {
        elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, offset + moved).putLong(at + 32, bytes)
                .putLong(at + 40, bytes);
    }

    private static void section(ByteBuffer elf, int at, int name, long address, long offset, long bytes) {
        elf.putInt(at, name).putLong(at + 16, address).putLong(at + 24, offset).putLong(at + 32, bytes);
    }
}
