package io.bpfagent.boot;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The numbers of contexts by kind and name, for the JVM's life. Any number of threads; nobody waits for another.
 *
 * <p>Heap: 12 KiB, and each name's text; {@value #MOST} names of {@value #MOST_CHARACTERS} characters at most.
 */
final class ContextNames {
    static final int MOST = 1_000;
    /** Number 0 is none. */
    static final int OTHER = 1;
    static final int MOST_CHARACTERS = 256;
    /**
     * By kind: how many names there may be, so that paths that somebody tries at random leave room for the methods
     * that somebody asked for. All that comes later of a kind is that kind's {@code other}, which is one name more.
     */
    private static final int[] QUOTAS = {0, 500, 300, 150};
    /** Of all other kinds together. */
    private static final int QUOTA_OF_OTHERS = 50;
    private static final String OTHER_NAME = "other";

    /** Twice as many as names, so that one is found at the first or second try. */
    private static final int PLACES = 2 * ContextSizes.CONTEXTS;
    private static final AtomicReferenceArray<Name> BY_HASH = new AtomicReferenceArray<>(PLACES);
    private static final AtomicReferenceArray<Name> BY_NUMBER = new AtomicReferenceArray<>(ContextSizes.CONTEXTS);
    private static final AtomicInteger NEXT = new AtomicInteger(OTHER + 1);
    private static final AtomicLong OVER_LIMIT = new AtomicLong();
    /** By kind, and first of the kinds that share a quota: how many names there are. */
    private static final AtomicIntegerArray USED = new AtomicIntegerArray(QUOTAS.length);
    /** By kind: the number of its {@code other}; 0: there is none yet. */
    private static final AtomicIntegerArray OTHERS = new AtomicIntegerArray(ContextRuntime.API + 1);

    static {
        BY_NUMBER.set(OTHER, new Name(0, OTHER_NAME, OTHER));
    }

    private static final class Name {
        private final int kind;
        private final String text;
        private final int number;

        Name(int kind, String text, int number) {
            this.kind = kind;
            this.text = text;
            this.number = number;
        }
    }

    private ContextNames() {}

    static int number(int kind, String name) {
        if (name == null) {
            return OTHER;
        }
        String text = name.length() > MOST_CHARACTERS ? name.substring(0, MOST_CHARACTERS) : name;
        Name made = null;
        int place = place(kind, text);
        while (true) {
            Name found = BY_HASH.get(place);
            if (found == null) {
                made = made == null ? make(kind, text) : made;
                if (made == null) {
                    return other(kind);
                }
                if (BY_HASH.compareAndSet(place, null, made)) {
                    BY_NUMBER.set(made.number, made);
                    return made.number;
                }
                // Another thread was first, maybe with this very name: then a number is lost, and that is all.
                found = BY_HASH.get(place);
            }
            if (found.kind == kind && found.text.equals(text)) {
                return found.number;
            }
            place = place + 1 & PLACES - 1;
        }
    }

    private static int place(int kind, String text) {
        int hash = text.hashCode() * 31 + kind;
        return (hash ^ hash >>> 16) & PLACES - 1;
    }

    private static Name make(int kind, String text) {
        int quota = kind > 0 && kind < QUOTAS.length ? kind : 0;
        int most = quota == 0 ? QUOTA_OF_OTHERS : QUOTAS[quota];
        int used;
        do {
            used = USED.get(quota);
            if (used >= most) {
                return null;
            }
        } while (!USED.compareAndSet(quota, used, used + 1));
        return new Name(kind, text, NEXT.getAndIncrement());
    }

    /** The number of what has no room: of its kind, so that what is within it is told apart. It counts as that. */
    static int other(int kind) {
        OVER_LIMIT.incrementAndGet();
        if (kind <= 0 || kind >= OTHERS.length()) {
            return OTHER;
        }
        int number = OTHERS.get(kind);
        if (number == 0) {
            // Fixed: two threads that come at once write the same.
            number = OTHER + MOST + kind;
            BY_NUMBER.set(number, new Name(kind, OTHER_NAME, number));
            OTHERS.set(kind, number);
        }
        return number;
    }

    static boolean isOther(int number) {
        return number == OTHER || number > OTHER + MOST;
    }

    /** Numbers are below this; those of what has no room come last. */
    static int count() {
        for (int kind = OTHERS.length() - 1; kind > 0; kind--) {
            if (OTHERS.get(kind) != 0) {
                return OTHERS.get(kind) + 1;
            }
        }
        return NEXT.get();
    }

    static String name(int number) {
        Name name = named(number);
        return name == null ? null : name.text;
    }

    static int kind(int number) {
        Name name = named(number);
        return name == null ? 0 : name.kind;
    }

    private static Name named(int number) {
        return number < 0 || number >= ContextSizes.CONTEXTS ? null : BY_NUMBER.get(number);
    }

    static long overLimit() {
        return OVER_LIMIT.get();
    }
}
