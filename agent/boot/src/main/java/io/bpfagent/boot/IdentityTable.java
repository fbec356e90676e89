package io.bpfagent.boot;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A small number for an object of the host's, without a reference to it: known by its identity hash code, of 31 bits.
 * So nothing of the host is kept alive, and nothing has to be cleared. Two objects that are in the table at one time
 * and have the same code are taken for one: with 1,000 in it, that befalls one in two million.
 *
 * <p>An object can be in it several times; the one that came first is found first.
 *
 * <p>Assumptions: any thread calls, any number at once. Guarantees: nothing allocates, locks or waits. Where there is
 * no room near an object's place the oldest there gives way; {@link #add} says so if it is not so old that what it
 * stood for has most likely gone without a word.
 */
final class IdentityTable {
    /** Places in which an object may stand: four lines of a CPU's cache. */
    private static final int WINDOW = 32;
    /** What is older than that is most likely of an object that is not there any more: some ten seconds. */
    private static final int OLD = 10;
    /** From ns to a unit of some 1.07 s: as int it comes round after a hundred years. */
    private static final int AGE_SHIFT = 30;
    private static final int SEQUENCE_SHIFT = 16;
    private static final int CODE_SHIFT = 32;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** Each: the code, 16 bits of the sequence in which they came, the value and one; 0: nothing. */
    private final AtomicLongArray entries;
    /** When they came. Written after the entry: one that is read in between has the time of who was there before. */
    private final AtomicIntegerArray times;
    private final int shift;
    /** As many as have come; the last 16 bits tell in which order. */
    private final AtomicInteger sequence = new AtomicInteger();
    /** As many of them as have gone again. */
    private final AtomicInteger gone = new AtomicInteger();

    /** @param bits of the number of places, 6 to 20; a place is 12 bytes */
    IdentityTable(int bits) {
        entries = new AtomicLongArray((1 << bits) + WINDOW);
        times = new AtomicIntegerArray((1 << bits) + WINDOW);
        shift = 64 - bits;
    }

    /** Adds an object, also if it is there. @param value 0 to 65,534 @return false if a young one gave way */
    boolean add(Object object, int value) {
        return add(object, value, time());
    }

    /** @param now of {@link #time} */
    boolean add(Object object, int value, int now) {
        int code = System.identityHashCode(object);
        int place = place(code);
        long entry = entry(code, sequence.incrementAndGet(), value);
        for (int i = place; i < place + WINDOW; i++) {
            if (entries.get(i) == 0 && entries.compareAndSet(i, 0, entry)) {
                times.lazySet(i, now);
                return true;
            }
        }
        int oldest = oldest(place, now);
        boolean old = now - times.get(oldest) > OLD;
        put(oldest, entry);
        times.lazySet(oldest, now);
        return old;
    }

    /** The value of an object, from now on, for good. @return false if a young one gave way */
    boolean set(Object object, int value) {
        return set(object, value, time());
    }

    /** @param now of {@link #time} */
    boolean set(Object object, int value, int now) {
        int code = System.identityHashCode(object);
        int at = find(code);
        if (at < 0) {
            return add(object, value, now);
        }
        put(at, entry(code, sequence.incrementAndGet(), value));
        times.lazySet(at, now);
        return true;
    }

    /** Now, in the unit of ages. */
    static int time() {
        return (int) (System.nanoTime() >> AGE_SHIFT);
    }

    /** The object is used: it is as young as when it came. @return its value, or -1 */
    int touch(Object object) {
        int at = find(System.identityHashCode(object));
        long entry = at < 0 ? 0 : entries.get(at);
        if (entry == 0) {
            return -1;
        }
        times.lazySet(at, time());
        return value(entry);
    }

    /** Takes out those of an object that are old. */
    void takeOld(Object object, int now) {
        int code = System.identityHashCode(object);
        int place = place(code);
        for (int i = place; i < place + WINDOW; i++) {
            long entry = entries.get(i);
            if (entry != 0 && code(entry) == code && now - times.get(i) > OLD) {
                takeOut(i, entry);
            }
        }
    }

    /** As {@link #take}, of the one that came last. */
    int takeLast(Object object) {
        int code = System.identityHashCode(object);
        while (true) {
            int at = find(code, true);
            long entry = at < 0 ? 0 : entries.get(at);
            if (at < 0) {
                return -1;
            }
            if (entry != 0 && code(entry) == code && takeOut(at, entry)) {
                return value(entry);
            }
        }
    }

    /** The value of an object, or -1. */
    int get(Object object) {
        int at = find(System.identityHashCode(object));
        long entry = at < 0 ? 0 : entries.get(at);
        return entry == 0 ? -1 : value(entry);
    }

    /** The value of an object, which is in the table once less from now on; or -1. */
    int take(Object object) {
        int code = System.identityHashCode(object);
        while (true) {
            int at = find(code);
            long entry = at < 0 ? 0 : entries.get(at);
            if (at < 0) {
                return -1;
            }
            // Another that took it meanwhile has taken it once: look again.
            if (entry != 0 && code(entry) == code && takeOut(at, entry)) {
                return value(entry);
            }
        }
    }

    /** In place of what stands there, if anything does. */
    private void put(int at, long entry) {
        if (entries.getAndSet(at, entry) != 0) {
            gone.incrementAndGet();
        }
    }

    private boolean takeOut(int at, long entry) {
        boolean taken = entries.compareAndSet(at, entry, 0);
        if (taken) {
            gone.incrementAndGet();
        }
        return taken;
    }

    /** Whether nothing is in it: known without a look at any object, whose first identity hash code is dear. */
    boolean isEmpty() {
        // In this order: what comes and goes in between does not hide what stays.
        int left = gone.get();
        return sequence.get() == left;
    }

    private int place(int code) {
        return (int) (code * GOLDEN >>> shift);
    }

    /** Where the first with that code stands, or -1. */
    private int find(int code) {
        return find(code, false);
    }

    private int find(int code, boolean last) {
        int place = place(code);
        int found = -1;
        short first = 0;
        for (int i = place; i < place + WINDOW; i++) {
            long entry = entries.get(i);
            if (entry != 0 && code(entry) == code
                    && (found < 0 || (short) (sequence(entry) - first) < 0 != last)) {
                found = i;
                first = sequence(entry);
            }
        }
        return found;
    }

    /** Of those of one second, the one that has waited longest, as far as their numbers tell. */
    private int oldest(int place, int now) {
        int oldest = place;
        short last = (short) sequence.get();
        long age = -1;
        for (int i = place; i < place + WINDOW; i++) {
            long its = (long) Math.max(0, now - times.get(i)) << SEQUENCE_SHIFT
                    | last - sequence(entries.get(i)) & 0xffff;
            if (its > age) {
                age = its;
                oldest = i;
            }
        }
        return oldest;
    }

    private static long entry(int code, int sequence, int value) {
        return (long) code << CODE_SHIFT | (sequence & 0xffffL) << SEQUENCE_SHIFT | (value + 1 & 0xffffL);
    }

    private static int code(long entry) {
        return (int) (entry >>> CODE_SHIFT);
    }

    private static short sequence(long entry) {
        return (short) (entry >>> SEQUENCE_SHIFT);
    }

    private static int value(long entry) {
        return (int) (entry & 0xffff) - 1;
    }
}
