package io.bpfagent.hotspot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The sites of {@link HotSpotProbe}s out of a library's {@code .note.stapsdt}.
 *
 * <p>libjvm has some 540 notes, of which some 30 are wanted: a hash of each one's bytes decides, and
 * nothing is made of the others. Source: systemtap's wiki, UserSpaceProbeImplementation.
 */
final class UsdtNotes {
    private static final int NOTE_HEADER_BYTES = 12;
    /** Where the probe, the linker's {@code .stapsdt.base} and the semaphore are. */
    private static final int ADDRESSES_BYTES = 24;
    private static final int TYPE_STAPSDT = 3;

    private final ElfFile file;
    private final byte[] bytes;
    private final ByteBuffer words;
    private final long base;
    private final List<UsdtSite> sites = new ArrayList<>();

    private UsdtNotes(ElfFile file, ByteBuffer notes, long base) {
        this.file = file;
        this.bytes = notes.array();
        this.words = notes;
        this.base = base;
    }

    /**
     * All sites, in the order of the notes; a damaged note ends the list.
     *
     * @param base where {@code .stapsdt.base} is, 0 when the file has none: where a note has it elsewhere
     *             the library was moved (prelink) after the note was written
     */
    static List<UsdtSite> read(ElfFile file, ByteBuffer notes, long base) throws IOException {
        UsdtNotes read = new UsdtNotes(file, notes, base);
        int[] hashes = new int[HotSpotProbe.count()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = HotSpotProbe.at(i).fullName().hashCode();
        }
        read.readAll(hashes);
        return read.sites;
    }

    private void readAll(int[] hashes) throws IOException {
        for (int at = 0; at + NOTE_HEADER_BYTES <= bytes.length; ) {
            int ownerBytes = words.getInt(at);
            int contentBytes = words.getInt(at + 4);
            if (ownerBytes < 0 || ownerBytes > bytes.length || contentBytes < ADDRESSES_BYTES) {
                return;
            }
            int content = at + NOTE_HEADER_BYTES + (ownerBytes + 3 & -4);
            if (contentBytes > bytes.length - content) {
                return;
            }
            if (words.getInt(at + 8) == TYPE_STAPSDT) {
                readNote(content, content + contentBytes, hashes);
            }
            at = content + (contentBytes + 3 & -4);
        }
    }

    private void readNote(int content, int end, int[] hashes) throws IOException {
        int provider = content + ADDRESSES_BYTES;
        int hash = 0;
        int texts = 0;
        int at = provider;
        // String.hashCode of "provider:name"
        for (; at < end && texts < 2; at++) {
            byte b = bytes[at];
            if (b != 0) {
                hash = 31 * hash + b;
            } else if (texts++ == 0) {
                hash = 31 * hash + ':';
            }
        }
        for (int i = 0; texts == 2 && i < hashes.length; i++) {
            if (hashes[i] == hash) {
                String name = text(provider, at - 1).replace('\0', ':');
                if (HotSpotProbe.at(i).fullName().equals(name)) {
                    addSite(HotSpotProbe.at(i), content, text(at, end));
                }
            }
        }
    }

    private void addSite(HotSpotProbe probe, int content, String arguments) throws IOException {
        long noteBase = words.getLong(content + 8);
        long moved = base == 0 || noteBase == 0 ? 0 : base - noteBase;
        long semaphore = words.getLong(content + 16);
        long offset = file.offsetOf(words.getLong(content) + moved);
        long semaphoreOffset = semaphore == 0 ? 0 : file.offsetOf(semaphore + moved);
        int zero = arguments.indexOf('\0');
        sites.add(new UsdtSite(probe, offset, semaphoreOffset,
                zero < 0 ? arguments : arguments.substring(0, zero)));
    }

    private String text(int begin, int end) {
        return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
    }
}
