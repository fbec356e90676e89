package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is broken in a library's file, in as many ways as time allows: whatever stands in it, what is asked of it comes
 * to an end with an answer or an IOException, and takes no more memory than a whole file may.
 */
final class ElfFuzzTest {
    private static final int SMALL = 8_000;
    private static final int LIBC = 500;
    private static final int LIBJVM = 100;
    private static final int NOISE = 5_000;
    private static final int NOTES = 2_000;
    /** Of garbage, for one file: the largest tables that are read have 4 MiB. */
    private static final long MOST_BYTES = 32 << 20;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int HEADER_BYTES = 64;
    /** Of each table, its beginning: what comes later is of the same kind. */
    private static final int PART_BYTES = 4096;
    /** Of a library's functions: libjvm has 60,000. */
    private static final int FUNCTIONS = 2_000;
    private static final int ARGUMENTS = 12;
    private static final int NOISE_BYTES = 32 * 1024;
    private static final List<String> SECTIONS = List.of(".note.stapsdt", ".stapsdt.base", ".symtab", ".dynsym");
    private static final List<String> NAMES = List.of("open64", "getaddrinfo", "_ZN20SafepointSynchronize5beginEv");

    @TempDir
    private Path directory;

    /** A copy of a library, of which some is broken and put right again. */
    private static final class Copy {
        final Path path;
        private final MappedByteBuffer bytes;
        /** From where to where stands what is read. */
        private final List<int[]> parts = new ArrayList<>();
        private final List<Runnable> undo = new ArrayList<>();

        Copy(Path directory, Path library) throws IOException {
            this(Files.copy(library, directory.resolve(library.getFileName())));
            int sections = (int) bytes.getLong(40);
            int count = Short.toUnsignedInt(bytes.getShort(60));
            part(0, HEADER_BYTES);
            part(0, HEADER_BYTES);
            part(bytes.getLong(32), Short.toUnsignedInt(bytes.getShort(56)) * 56L);
            part(sections, (long) count * SECTION_HEADER_BYTES);
            for (int i = 1; i < count; i++) {
                int at = sections + i * SECTION_HEADER_BYTES;
                // Symbols, names and notes: what else there is nobody reads.
                if (List.of(2, 3, 7, 11).contains(bytes.getInt(at + 4))) {
                    part(at, SECTION_HEADER_BYTES);
                    part(bytes.getLong(at + 24), bytes.getLong(at + 32));
                }
            }
        }

        Copy(Path path) throws IOException {
            this.path = path;
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            }
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        }

        private void part(long from, long length) {
            if (length >= Long.BYTES) {
                parts.add(new int[] {(int) from, (int) (from + Math.min(length, PART_BYTES))});
            }
        }

        void breakSome(RandomGenerator random) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                int[] part = parts.get(random.nextInt(parts.size()));
                int at = part[0] + random.nextInt((part[1] - part[0]) / Long.BYTES) * Long.BYTES;
                long right = bytes.getLong(at);
                undo.add(() -> bytes.putLong(at, right));
                Fuzz.mutate(random, bytes, at, at + Long.BYTES);
            }
        }

        void putRight() {
            for (int i = undo.size() - 1; i >= 0; i--) {
                undo.get(i).run();
            }
            undo.clear();
        }
    }

    /** Asks for everything. False if the file was refused. */
    private static boolean read(Path path) throws Exception {
        boolean[] whole = new boolean[1];
        Fuzz.allocating(MOST_BYTES, () -> {
            try (ElfFile file = new ElfFile(path.toString())) {
                read(file.usdtNotes());
                file.usdtSites();
                file.head(16);
                file.code(Integer.MAX_VALUE, 16);
                for (String name : NAMES) {
                    file.symbol(name);
                }
                for (long offset : file.exportedFunctions(NAMES)) {
                    file.code(Math.max(0, offset), 16);
                }
                read(file, file.functions());
                whole[0] = true;
            } catch (IOException documented) {
                whole[0] = false;
            }
        });
        return whole[0];
    }

    private static void read(ElfFile file, ElfFunctions functions) throws IOException {
        byte[] part = "Safepoint".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < FUNCTIONS && functions.next(); i++) {
            functions.isNamed(part);
            functions.isIndirect();
            if (functions.contains(part) || i % 50 == 0) {
                functions.name();
                file.offsetOf(functions.address());
            }
        }
    }

    private static void read(UsdtNotes notes) throws IOException {
        while (notes.next()) {
            assertTrue(notes.fullName().indexOf(':') >= 0);
            notes.offset();
            notes.semaphore();
            String arguments = notes.arguments();
            for (int i = Math.min(ARGUMENTS, UsdtArgument.count(arguments)); i >= 0; i--) {
                UsdtArgument.read(arguments, i, Registers.X86_64);
                UsdtArgument.read(arguments, i, Registers.ARM64);
            }
        }
    }

    private void breaks(Path library, int inputs) throws IOException {
        Copy copy = new Copy(directory, library);
        Fuzz.play(inputs, random -> {
            int whole = 0;
            int played = Math.min(inputs, 4_000);
            for (int i = 0; i < played; i++) {
                copy.breakSome(random);
                whole += read(copy.path) ? 1 : 0;
                copy.putRight();
            }
            assertTrue(whole > 0 && whole < played, whole + " of " + played + " were read as if they were whole");
            assertTrue(read(copy.path), "it has not been put right");
            return played;
        });
    }

    @Test
    void readsASmallLibraryThatIsBroken() throws Exception {
        breaks(Path.of(System.getProperty("java.home"), "lib", "libjsig.so"), SMALL);
    }

    @Test
    void readsALibcThatIsBroken() throws Exception {
        breaks(Path.of(Mapping.ofLibrary("libc.so").get(0).path()), LIBC);
    }

    /** It has the notes, and the full symbol table. */
    @Test
    void readsALibjvmThatIsBroken() throws Exception {
        breaks(Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so"), LIBJVM);
    }

    /** The names of sections are those that are looked for, and lead to anything. */
    @Test
    void readsNoise() throws Exception {
        Copy noise = new Copy(Files.write(directory.resolve("noise.so"), new byte[NOISE_BYTES]));
        Fuzz.play(NOISE, random -> {
            for (int i = 0; i < 1_000; i++) {
                noise(random, noise.bytes);
                read(noise.path);
            }
            return 1_000;
        });
    }

    private static void noise(RandomGenerator random, ByteBuffer elf) {
        Fuzz.noise(random, elf);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        elf.putLong(32, random.nextInt(NOISE_BYTES)).putShort(56, (short) random.nextInt(random.nextInt(1, 300)));
        int sections = HEADER_BYTES;
        int count = SECTIONS.size() + 2;
        elf.putLong(40, sections).putShort(60, (short) count).putShort(62, (short) 0);
        String names = '\0' + String.join("\0", SECTIONS) + '\0';
        int namesAt = sections + count * SECTION_HEADER_BYTES;
        elf.put(namesAt, names.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < count; i++) {
            int at = sections + i * SECTION_HEADER_BYTES;
            boolean isNames = i == 0;
            boolean isLookedFor = i > 0 && i <= SECTIONS.size();
            elf.putInt(at, isLookedFor ? names.indexOf(SECTIONS.get(i - 1)) : 0);
            if (isNames || random.nextInt(8) != 0) {
                int offset = isNames ? namesAt : random.nextInt(NOISE_BYTES);
                elf.putLong(at + 24, offset);
                elf.putLong(at + 32, isNames ? names.length() : random.nextInt(NOISE_BYTES - offset + 8));
                elf.putInt(at + 40, random.nextInt(count + 1));
            }
        }
    }

    /** Notes as they are, of which some is changed. */
    @Test
    void readsNotesThatAreBroken() throws Exception {
        ByteBuffer good = notes();
        try (ElfFile file = new ElfFile(Path.of(System.getProperty("java.home"), "lib", "libjsig.so").toString())) {
            Fuzz.play(NOTES, random -> {
                for (int i = 0; i < 1_000; i++) {
                    byte[] broken = good.array().clone();
                    ByteBuffer bytes = ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN);
                    for (int changes = random.nextInt(8); changes >= 0; changes--) {
                        Fuzz.mutate(random, bytes, 0, bytes.capacity());
                    }
                    Fuzz.allocating(MOST_BYTES, () -> read(new UsdtNotes(file, bytes, random.nextLong(3))));
                }
                return 1_000;
            });
        }
    }

    private static ByteBuffer notes() {
        List<ByteBuffer> all = new ArrayList<>();
        for (String arguments : List.of("1@%dil", "8@%r12 -4@-60(%rbp) 4@$-1 8@0x10(%rax)", "",
                "8@x0 -4@[sp, 60] 4@#16", "8@12(%rax,%rbx,4) 8@foo(%rip)")) {
            for (int i = 0; i < HotSpotProbe.count(); i++) {
                String[] name = HotSpotProbe.at(i).fullName().split(":");
                all.add(UsdtNotesTest.note(0x401000 + i, 0x401100, i % 3, name[0], name[1], arguments));
            }
        }
        ByteBuffer notes = ByteBuffer.allocate(all.stream().mapToInt(ByteBuffer::capacity).sum());
        all.forEach(notes::put);
        return notes.rewind();
    }
}
