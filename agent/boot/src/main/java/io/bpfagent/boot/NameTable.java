package io.bpfagent.boot;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * From texts of one kind to numbers of contexts.
 *
 * <p>Assumptions: any thread calls, any number at once. Guarantees: a name that is known is found without locking or
 * waiting, and without allocating but where {@value #BUFFERS} threads do so at one moment; nothing is kept of a text
 * but the name, and of names no more than there are contexts.
 */
final class NameTable {
    /** Names are kept for good and what they come from has no limit: they are cut off here. */
    static final int MOST_CHARACTERS = 120;
    /** Twice as many as there can be names, and some: 16 KiB. */
    private static final int SLOTS = 4096;
    /** In which names are spelled, 256 bytes each. */
    private static final int BUFFERS = 16;
    private static final int TRIES = 4;
    /** Words from one mark to the next: each has a line of a CPU's cache to itself. */
    private static final int STRIDE = 16;
    /** Fibonacci hashing: the high bits of a product are the best mixed. */
    private static final int GOLDEN = 0x9e3779b1;
    private static final int SLOT_SHIFT = 20;
    /** Of names for which there was no room: 4 KiB. */
    private static final int OTHERS = 1024;

    private final int kind;
    private final Spelling spelling;
    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SLOTS);
    private final char[][] buffers = new char[BUFFERS][MOST_CHARACTERS];
    /** Their hashes: no string is made of a known one. What shares a hash with such a name is taken for it. */
    private final AtomicIntegerArray others = new AtomicIntegerArray(OTHERS);
    private final AtomicIntegerArray taken = new AtomicIntegerArray(BUFFERS * STRIDE);

    /** A name and its number. */
    private static final class Entry {
        final int hash;
        final char[] name;
        final int context;

        Entry(int hash, char[] name, int context) {
            this.hash = hash;
            this.name = name;
            this.context = context;
        }
    }

    /** @param kind of the contexts: {@link ContextRuntime#REQUEST} and so on */
    NameTable(int kind, Spelling spelling) {
        this.kind = kind;
        this.spelling = spelling;
    }

    /** The number of the context that these texts stand for. */
    int context(String first, String second) {
        int start = System.identityHashCode(Thread.currentThread());
        for (int i = 0; i < TRIES; i++) {
            int buffer = start + i & BUFFERS - 1;
            if (taken.compareAndSet(buffer * STRIDE, 0, 1)) {
                try {
                    return find(first, second, buffers[buffer]);
                } finally {
                    taken.set(buffer * STRIDE, 0);
                }
            }
        }
        return find(first, second, new char[MOST_CHARACTERS]);
    }

    /** The name that these texts stand for. */
    String name(String first, String second) {
        char[] buffer = new char[MOST_CHARACTERS];
        return new String(buffer, 0, spelling.spell(first, second, buffer));
    }

    private int find(String first, String second, char[] buffer) {
        int length = spelling.spell(first, second, buffer);
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + buffer[i];
        }
        int slot = hash * GOLDEN >>> SLOT_SHIFT;
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = entries.get(slot);
            if (entry == null) {
                return enter(slot, hash, buffer, length);
            }
            if (entry.hash == hash && Arrays.equals(entry.name, 0, entry.name.length, buffer, 0, length)) {
                return entry.context;
            }
            slot = slot + 1 & SLOTS - 1;
        }
        return ContextNames.other(kind);
    }

    private int enter(int slot, int hash, char[] buffer, int length) {
        int other = hash & OTHERS - 1;
        if (hash != 0 && others.get(other) == hash) {
            return ContextNames.other(kind);
        }
        int context = ContextRuntime.context(kind, new String(buffer, 0, length));
        // What is beyond the limit is not kept here either. Who loses the race for the place asks again next time.
        if (ContextNames.isOther(context)) {
            others.set(other, hash);
        } else {
            entries.compareAndSet(slot, null, new Entry(hash, Arrays.copyOf(buffer, length), context));
        }
        return context;
    }
}
