package io.bpfagent.hotspot;

import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.PinnedFile;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What stands only in a library's file and is not mapped: the USDT notes and the full symbol table.
 *
 * <p>Read in pieces of 64 KiB and never mapped: the two tables of libjvm are 5 MB, which would count as
 * the host's resident memory.
 */
public final class ElfFile implements AutoCloseable {
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int PT_LOAD = 1;
    private static final int SYMBOL_BYTES = 24;
    private static final int SYMBOL_WORDS = SYMBOL_BYTES / Integer.BYTES;
    private static final int CHUNK = 64 * 1024;
    /** That of none that is looked for is longer; each of 65,535 could be as long as all of them together. */
    private static final int MAX_SECTION_NAME = 32;
    /**
     * The kernel runs no program with more than 64 KiB of them; libraries have 10. Each address of a hundred thousand
     * notes is looked for in all.
     */
    private static final int MAX_PROGRAM_HEADERS = 64 * 1024 / PROGRAM_HEADER_BYTES;
    /** libjvm's notes are 55 KB. */
    private static final int MAX_NOTES = 4 * 1024 * 1024;
    /** 700,000 symbols; a JDK's libraries and libc export 3,000. */
    private static final int MAX_EXPORTS = 16 * 1024 * 1024;
    /**
     * Libraries with all that helps to debug them have 1 GB. A file of holes alone costs nobody anything, but to read
     * it.
     */
    private static final long MAX_FILE = 4L << 30;

    private record Section(String name, long address, long offset, long bytes, int link) {}

    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer chunkBytes = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    private final IntBuffer chunkWords = chunkBytes.asIntBuffer();
    private final RandomAccessFile file;
    private final Section[] sections;
    /** Read when first asked for. */
    private ByteBuffer programHeaders;

    /** @throws IOException also when it is not a little-endian 64-bit ELF file */
    public ElfFile(String path) throws IOException {
        this(new File(path), path);
    }

    /** @param path what it is called in errors */
    private ElfFile(File named, String path) throws IOException {
        // Before it is opened: that would wait for whoever writes to a pipe, and a device may do something.
        if (named.exists() && !named.isFile()) {
            throw new IOException("not a regular file: " + path);
        }
        this.file = new RandomAccessFile(named, "r");
        try {
            if (file.length() > MAX_FILE) {
                throw new IOException("a file of " + file.length() + " bytes: " + path);
            }
            this.sections = readSections();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e instanceof IOException io ? io : new IOException("not an ELF file: " + path, e);
        }
    }

    /**
     * A file of another process, of which nobody can make another one between looking at it and opening it.
     *
     * @param root  {@code /proc/PID/root}
     * @param path  as that process sees it
     * @param links what becomes of symbolic links on the way. Before the native libraries are open, which only root
     *              needs them for, they are followed
     * @throws IOException as the constructor
     */
    public static ElfFile below(String root, String path, PinnedFile.Links links) throws IOException {
        if (!NativeTier.isOpen()) {
            return new ElfFile(root + path);
        }
        try (PinnedFile file = PinnedFile.below(root, path, links)) {
            return new ElfFile(new File(file.path()), path);
        }
    }

    /** The file that a link of the kernel's in {@code /proc} leads to; it cannot become another one meanwhile. */
    static ElfFile behind(String link) throws IOException {
        if (!NativeTier.isOpen()) {
            return new ElfFile(link);
        }
        try (PinnedFile file = PinnedFile.of(link)) {
            return new ElfFile(new File(file.path()), link);
        }
    }

    private Section[] readSections() throws IOException {
        ByteBuffer header = bytes(0, 64);
        if (header.getInt(0) != 0x464c457f || header.get(4) != 2 || header.get(5) != 1) {
            throw new IOException("not a little-endian 64-bit ELF file");
        }
        int count = header.getShort(60) & 0xffff;
        int names = header.getShort(62) & 0xffff;
        ByteBuffer table = bytes(header.getLong(40), count * SECTION_HEADER_BYTES);
        int namesAt = names * SECTION_HEADER_BYTES;
        byte[] text = names >= count ? new byte[0]
                : bytes(table.getLong(namesAt + 24), Math.min(table.getLong(namesAt + 32), CHUNK)).array();
        Section[] read = new Section[count];
        for (int i = 0; i < count; i++) {
            int at = i * SECTION_HEADER_BYTES;
            read[i] = new Section(text(text, table.getInt(at)), table.getLong(at + 16), table.getLong(at + 24),
                    table.getLong(at + 32), table.getInt(at + 40));
        }
        return read;
    }

    /** The first bytes of the file, for comparing it with what is mapped. */
    ByteBuffer head(int count) throws IOException {
        return bytes(0, count);
    }

    /** Where the probes that we know stand, in the order of the notes; empty when there are no notes. */
    List<UsdtSite> usdtSites() throws IOException {
        return usdtNotes().knownSites();
    }

    /** All notes of probes; none when there are no notes. */
    public UsdtNotes usdtNotes() throws IOException {
        Section notes = section(".note.stapsdt");
        if (notes == null || notes.bytes() < 0 || notes.bytes() > MAX_NOTES) {
            return new UsdtNotes(this, ByteBuffer.allocate(0), 0);
        }
        Section base = section(".stapsdt.base");
        return new UsdtNotes(this, bytes(notes.offset(), notes.bytes()), base == null ? 0 : base.address());
    }

    /** Where in the file stands what is mapped at this virtual address; -1 when nothing of it is. */
    public long offsetOf(long address) throws IOException {
        if (programHeaders == null) {
            ByteBuffer header = bytes(0, 64);
            int count = header.getShort(56) & 0xffff;
            if (count > MAX_PROGRAM_HEADERS) {
                throw new IOException("a file with " + count + " program headers");
            }
            programHeaders = bytes(header.getLong(32), count * PROGRAM_HEADER_BYTES);
        }
        for (int at = 0; at < programHeaders.capacity(); at += PROGRAM_HEADER_BYTES) {
            long into = address - programHeaders.getLong(at + 16);
            if (programHeaders.getInt(at) == PT_LOAD && into >= 0 && into < programHeaders.getLong(at + 32)) {
                return programHeaders.getLong(at + 8) + into;
            }
        }
        return -1;
    }

    /**
     * Virtual address of a symbol out of the full symbol table ({@code .symtab}), exported or not; -1
     * when the file has been stripped or has none of that name.
     */
    long symbol(String name) throws IOException {
        Section symbols = section(".symtab");
        if (symbols == null || symbols.link() < 0 || symbols.link() >= sections.length) {
            return -1;
        }
        int nameAt = (int) find(sections[symbols.link()], ('\0' + name + '\0').getBytes(StandardCharsets.ISO_8859_1))
                + 1;
        int perChunk = CHUNK / SYMBOL_BYTES;
        // 80,000 symbols, interpreted in a JVM that has just begun: an array takes a tenth of a buffer's time.
        int[] words = new int[nameAt > 0 ? perChunk * SYMBOL_WORDS : 0];
        for (long done = 0; nameAt > 0 && done < symbols.bytes(); done += (long) perChunk * SYMBOL_BYTES) {
            int count = (int) Math.min((long) perChunk * SYMBOL_BYTES, symbols.bytes() - done);
            readChunk(symbols.offset() + done, count);
            int wordCount = count / SYMBOL_BYTES * SYMBOL_WORDS;
            chunkWords.get(0, words, 0, wordCount);
            for (int at = 0; at < wordCount; at += SYMBOL_WORDS) {
                if (words[at] == nameAt) {
                    return chunkBytes.getLong(at * Integer.BYTES + 8);
                }
            }
        }
        return -1;
    }

    /** Where in the file those of the given functions begin that the library exports, in their order; -1 for others. */
    long[] exportedFunctions(List<String> names) throws IOException {
        long[] offsets = new long[names.size()];
        Arrays.fill(offsets, -1);
        byte[][] wanted = new byte[names.size()][];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = names.get(i).getBytes(StandardCharsets.ISO_8859_1);
        }
        Section exports = section(".dynsym");
        ElfFunctions functions = functions(exports != null && exports.bytes() > MAX_EXPORTS ? null : exports);
        while (functions.next()) {
            for (int i = 0; i < wanted.length; i++) {
                if (functions.isNamed(wanted[i]) && !functions.isIndirect()) {
                    offsets[i] = offsetOf(functions.address());
                }
            }
        }
        return offsets;
    }

    /** All functions of the full symbol table or, where the file has been stripped, those that it exports. */
    public ElfFunctions functions() {
        Section all = section(".symtab");
        return functions(all == null || all.bytes() == 0 ? section(".dynsym") : all);
    }

    private ElfFunctions functions(Section symbols) {
        if (symbols == null || symbols.link() < 0 || symbols.link() >= sections.length) {
            return new ElfFunctions(this, 0, 0, 0, 0);
        }
        Section names = sections[symbols.link()];
        return new ElfFunctions(this, symbols.offset(), symbols.bytes(), names.offset(), names.bytes());
    }

    /** The first bytes of what stands at an offset, fewer at the file's end. */
    public byte[] code(long offset, int count) throws IOException {
        return bytes(offset, Math.max(0, Math.min(count, file.length() - offset))).array();
    }

    /** Offset of {@code wanted} in a section, or -1; by Horspool, which looks at every 40th byte. */
    private long find(Section section, byte[] wanted) throws IOException {
        int last = wanted.length - 1;
        int[] skips = new int[256];
        Arrays.fill(skips, wanted.length);
        for (int i = 0; i < last; i++) {
            skips[wanted[i] & 0xff] = last - i;
        }
        for (long done = 0; done + wanted.length <= section.bytes(); done += CHUNK - last) {
            int count = (int) Math.min(CHUNK, section.bytes() - done);
            readChunk(section.offset() + done, count);
            for (int end = last; end < count; end += skips[chunk[end] & 0xff]) {
                if (chunk[end] == wanted[last]
                        && Arrays.equals(chunk, end - last, end + 1, wanted, 0, wanted.length)) {
                    return done + end - last;
                }
            }
        }
        return -1;
    }

    private Section section(String name) {
        for (Section section : sections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    private void readChunk(long offset, int count) throws IOException {
        read(offset, chunk, count);
    }

    /** Exactly so many bytes, from the beginning of the array on. */
    void read(long offset, byte[] into, int count) throws IOException {
        file.seek(offset);
        file.readFully(into, 0, count);
    }

    private ByteBuffer bytes(long offset, long count) throws IOException {
        // Before there is room for it: a damaged file says anything.
        if (count < 0 || count > Math.max(0, file.length() - offset)) {
            throw new IOException("a file that is cut or damaged");
        }
        byte[] bytes = new byte[(int) count];
        file.seek(offset);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(byte[] bytes, int begin) {
        int end = Math.max(0, begin);
        while (end < bytes.length && bytes[end] != 0 && end - begin < MAX_SECTION_NAME) {
            end++;
        }
        return new String(bytes, Math.min(begin, end), end - Math.min(begin, end), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
