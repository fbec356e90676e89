package io.bpfagent.hotspot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through the probes of a library's {@code .note.stapsdt}, one after the other, in the order of the notes; a
 * damaged note ends them. One thread at a time.
 *
 * <p>libjvm has some 540 notes, of which a user's probe or ours want a few: a hash of a note's bytes decides, and
 * nothing is made of the others. Source: systemtap's wiki, UserSpaceProbeImplementation.
 */
public final class UsdtNotes {
    private static final int NOTE_HEADER_BYTES = 12;
    /** Where the probe, the linker's {@code .stapsdt.base} and the semaphore are. */
    private static final int ADDRESSES_BYTES = 24;
    private static final int TYPE_STAPSDT = 3;

    private final ElfFile file;
    private final byte[] bytes;
    private final ByteBuffer words;
    private final long base;
    private int next;
    /** Of the current note: its addresses, behind its two names, its end. */
    private int content;
    private int names;
    private int end;
    private int hash;

    /**
     * For the notes of a file.
     *
     * @param base where {@code .stapsdt.base} is, 0 when the file has none: where a note has it elsewhere
     *             the library was moved (prelink) after the note was written
     */
    UsdtNotes(ElfFile file, ByteBuffer notes, long base) {
        this.file = file;
        this.bytes = notes.array();
        this.words = notes;
        this.base = base;
    }

    /** Goes on to the next probe; false behind the last one. */
    public boolean next() {
        while (next + NOTE_HEADER_BYTES <= bytes.length) {
            int ownerBytes = words.getInt(next);
            int contentBytes = words.getInt(next + 4);
            boolean isProbe = words.getInt(next + 8) == TYPE_STAPSDT;
            content = next + NOTE_HEADER_BYTES + (ownerBytes + 3 & -4);
            if (ownerBytes < 0 || ownerBytes > bytes.length || contentBytes < ADDRESSES_BYTES
                    || contentBytes > bytes.length - content) {
                next = bytes.length;
                return false;
            }
            end = content + contentBytes;
            next = content + (contentBytes + 3 & -4);
            if (isProbe && findNames()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there are two. */
    private boolean findNames() {
        hash = 0;
        int texts = 0;
        for (names = content + ADDRESSES_BYTES; names < end && texts < 2; names++) {
            byte b = bytes[names];
            if (b != 0) {
                hash = 31 * hash + b;
            } else if (texts++ == 0) {
                hash = 31 * hash + ':';
            }
        }
        return texts == 2;
    }

    /** {@code String.hashCode} of {@link #fullName}. */
    public int nameHash() {
        return hash;
    }

    /** {@code provider:name}. */
    public String fullName() {
        return text(content + ADDRESSES_BYTES, names - 1).replace('\0', ':');
    }

    /** Where its arguments stand, as the note says it: {@link UsdtArgument}. */
    public String arguments() {
        String text = text(names, end);
        int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }

    /** Of the instruction, in the file; -1 when the note's address is not in it. */
    public long offset() throws IOException {
        return file.offsetOf(words.getLong(content) + moved());
    }

    /** Of the counter, in the file; 0 when there is none, -1 when the note's address is not in the file. */
    public long semaphore() throws IOException {
        long semaphore = words.getLong(content + 16);
        return semaphore == 0 ? 0 : file.offsetOf(semaphore + moved());
    }

    private long moved() {
        long noteBase = words.getLong(content + 8);
        return base == 0 || noteBase == 0 ? 0 : base - noteBase;
    }

    /** The sites of {@link HotSpotProbe}s among those that come. */
    List<UsdtSite> knownSites() throws IOException {
        int[] hashes = new int[HotSpotProbe.count()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = HotSpotProbe.at(i).fullName().hashCode();
        }
        List<UsdtSite> sites = new ArrayList<>();
        while (next()) {
            for (int i = 0; i < hashes.length; i++) {
                if (hashes[i] == hash && HotSpotProbe.at(i).fullName().equals(fullName())) {
                    sites.add(new UsdtSite(HotSpotProbe.at(i), offset(), semaphore(), arguments()));
                }
            }
        }
        return sites;
    }

    private String text(int begin, int to) {
        return new String(bytes, begin, to - begin, StandardCharsets.ISO_8859_1);
    }
}
