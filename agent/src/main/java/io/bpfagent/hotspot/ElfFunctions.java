package io.bpfagent.hotspot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the functions of a library's symbol table, one after the other, without keeping any: libjvm has 60,000.
 *
 * <p>Symbols and names are read through two windows of 16 KiB. Linkers write the names nearly in the order of the
 * symbols, so that the second moves some 800 times in libjvm. One thread at a time, and not while the file's other
 * methods run.
 */
public final class ElfFunctions {
    private static final int SYMBOL_BYTES = 24;
    private static final int SYMBOL_WORDS = SYMBOL_BYTES / Integer.BYTES;
    private static final int SYMBOLS_AT_ONCE = 680;
    private static final int WINDOW = 16 * 1024;
    /** Names a little before the last one are near too. */
    private static final int BEFORE = 1024;
    /** libjvm's longest are 350; a longer one is cut. */
    private static final int MAX_NAME = 1024;
    private static final int STT_FUNC = 2;
    /** STT_GNU_IFUNC of the GNU gABI extensions. */
    private static final int STT_INDIRECT = 10;

    private final ElfFile file;
    private final long symbolsAt;
    private final long symbolsEnd;
    private final long namesAt;
    private final long namesBytes;
    private final ByteBuffer symbols = ByteBuffer.allocate(SYMBOLS_AT_ONCE * SYMBOL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final IntBuffer symbolWords = symbols.asIntBuffer();
    /** The same once more: read by an interpreter, an array takes a tenth of a buffer's time. */
    private final int[] words = new int[SYMBOLS_AT_ONCE * SYMBOL_WORDS];
    /** Of the first symbol in {@link #words}. */
    private long symbolsFrom;
    private int wordsRead;
    /** Of the current symbol in {@link #words}. */
    private int at = -SYMBOL_WORDS;
    /** With a zero behind what has been read. */
    private final byte[] names = new byte[WINDOW + 1];
    private long namesFrom;
    private int namesRead;
    /** Of the current name in {@link #names}; it ends at a zero, or after {@link #MAX_NAME}. */
    private int nameBegin;

    /** @param symbolsBytes 0 when there are none */
    ElfFunctions(ElfFile file, long symbolsAt, long symbolsBytes, long namesAt, long namesBytes) {
        this.file = file;
        this.symbolsAt = symbolsAt;
        this.symbolsEnd = Math.max(0, symbolsBytes / SYMBOL_BYTES * SYMBOL_BYTES); // a damaged file has any number
        this.namesAt = namesAt;
        this.namesBytes = namesBytes;
    }

    /** Goes on to the next function that the file itself has; false behind the last one. */
    public boolean next() throws IOException {
        while (true) {
            at += SYMBOL_WORDS;
            if (at >= wordsRead && !readSymbols()) {
                return false;
            }
            int info = words[at + 1];
            int type = info & 15;
            if ((type == STT_FUNC || type == STT_INDIRECT) && info >>> 16 != 0) {
                findName(Integer.toUnsignedLong(words[at]));
                return true;
            }
        }
    }

    private boolean readSymbols() throws IOException {
        symbolsFrom += (long) wordsRead * Integer.BYTES;
        int bytes = (int) Math.min(symbols.capacity(), symbolsEnd - symbolsFrom);
        wordsRead = 0;
        at = 0;
        if (bytes <= 0) {
            return false;
        }
        file.read(symbolsAt + symbolsFrom, symbols.array(), bytes);
        wordsRead = bytes / Integer.BYTES;
        symbolWords.get(0, words, 0, wordsRead);
        return true;
    }

    private void findName(long offset) throws IOException {
        boolean outside = offset < namesFrom || offset >= namesFrom + namesRead;
        boolean cut = offset + MAX_NAME > namesFrom + namesRead && namesFrom + namesRead < namesBytes;
        if (offset < namesBytes && (outside || cut)) {
            namesFrom = Math.max(0, offset - BEFORE);
            namesRead = (int) Math.min(WINDOW, namesBytes - namesFrom);
            file.read(namesAt + namesFrom, names, namesRead);
            names[namesRead] = 0;
        }
        nameBegin = offset < namesBytes ? (int) (offset - namesFrom) : namesRead; // an offset behind all names has none
    }

    /** Virtual address of its first instruction; of an indirect one, of the function that chooses. */
    public long address() {
        return Integer.toUnsignedLong(words[at + 2]) | (long) words[at + 3] << Integer.SIZE;
    }

    /** Whether the dynamic linker asks it which function is to be called in its place. */
    public boolean isIndirect() {
        return (words[at + 1] & 15) == STT_INDIRECT;
    }

    /** As the linker knows it. */
    public String name() {
        int end = nameBegin;
        while (names[end] != 0 && end < nameBegin + MAX_NAME) {
            end++;
        }
        return new String(names, nameBegin, end - nameBegin, StandardCharsets.ISO_8859_1);
    }

    /** Whether that is its name: without making a String. */
    public boolean isNamed(byte[] wanted) {
        return isAt(nameBegin, wanted) && names[nameBegin + wanted.length] == 0;
    }

    /** Whether this, which has at least one byte, is a part of its name. */
    public boolean contains(byte[] part) {
        for (int begin = nameBegin; names[begin] != 0; begin++) {
            if (names[begin] == part[0] && isAt(begin, part)) {
                return true;
            }
        }
        return false;
    }

    /** No name goes on behind its zero, and what is wanted has none. */
    private boolean isAt(int begin, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (begin + i > namesRead || names[begin + i] != wanted[i]) {
                return false;
            }
        }
        return begin + wanted.length <= namesRead;
    }
}
