package io.bpfagent.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is kept of virtual threads while they are on no carrier: the node to which they come back, and since when they
 * could run. A virtual thread that is in no context and waits for something has no place here.
 *
 * <p>Assumptions: of one virtual thread one call comes after the other, as its mounts, unmounts and unparks do; any
 * threads call for different ones. Guarantees: nothing here allocates, locks or waits, and a call looks at 16 places at
 * most. Two threads may want the same free place: a compare-and-swap decides. For whom no place is free is counted.
 *
 * <p>512 KiB: 32,768 places of 16 bytes, in groups of 8, which are a cache line of keys. Each number has two groups, so
 * that more than two thirds of all places are used before one is lost.
 */
final class UnmountedThreads {
    private static final int GROUP_BITS = 12;
    private static final int WAY_BITS = 3;
    private static final int GROUP = 1 << WAY_BITS;
    static final int PLACES = GROUP << GROUP_BITS;
    private static final int NODE_BITS = 12;
    private static final int NODE_MASK = (1 << NODE_BITS) - 1;
    /**
     * Fibonacci's hashing, which puts numbers that follow each other far apart; and a factor that knows nothing of it.
     */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private static final long OTHER_SPREAD = 0xd6e8feb86659fd93L;

    /**
     * Of a place that was given up, in no node and no thread's: whoever had found it before may free it still, so
     * nobody else has it until the next giving up. So those that come back need no compare-and-swap.
     */
    private static final long GIVEN_UP = -1L << NODE_BITS;

    /** The thread's id and its node; 0: free. */
    private final AtomicLongArray keys = new AtomicLongArray(PLACES);
    /** nanoTime: since when it could run, or negative, since when it is here and waits for something. */
    private final long[] sinceNs = new long[PLACES];
    private final AtomicLong lost = new AtomicLong();
    /** Whether a thread was ever entered in its second group. */
    private volatile boolean usesSecond;

    /** Where the thread's place is, or -1. */
    int find(long id) {
        int at = findIn(firstGroup(id), id);
        return at >= 0 ? at : findIn(secondGroup(id), id);
    }

    private int findIn(int group, long id) {
        int first = way(id);
        for (int i = 0; i < GROUP; i++) {
            int at = group + (first + i & GROUP - 1);
            if (keys.getPlain(at) >>> NODE_BITS == id) {
                return at;
            }
        }
        return -1;
    }

    /** The node of the thread at this place. */
    int node(int at) {
        return (int) keys.getPlain(at) & NODE_MASK;
    }

    /** As it was given to {@link #put}. */
    long sinceNs(int at) {
        return sinceNs[at];
    }

    /** The thread at this place could run since then; negative: that is not known, or it waits for something. */
    void runnable(int at, long ns) {
        sinceNs[at] = ns;
    }

    /** Frees the place. */
    void remove(int at) {
        sinceNs[at] = 0;
        keys.lazySet(at, 0);
    }

    /** Frees the thread's place, if it has one. */
    void forget(long id) {
        int at = find(id);
        if (at >= 0) {
            remove(at);
        }
    }

    /** Enters a thread. @param ns since when it could run, or negative, since when it is here */
    void put(long id, int node, long ns) {
        long key = id << NODE_BITS | node;
        int group = firstGroup(id);
        // Its own: it was unparked while somebody looked at its stack, and had run before that was noted.
        int own = findIn(group, id);
        if (own < 0 && usesSecond) {
            own = findIn(secondGroup(id), id);
        }
        if (own >= 0) {
            keys.lazySet(own, key);
            sinceNs[own] = ns;
        } else if (!putIn(group, id, key, ns)) {
            putInSecond(id, key, ns);
        }
    }

    private void putInSecond(long id, long key, long ns) {
        usesSecond = true;
        if (!putIn(secondGroup(id), id, key, ns)) {
            lost.getAndIncrement();
        }
    }

    private boolean putIn(int group, long id, long key, long ns) {
        int first = way(id);
        for (int i = 0; i < GROUP; i++) {
            int at = group + (first + i & GROUP - 1);
            if (keys.getPlain(at) == 0 && keys.compareAndSet(at, 0, key)) {
                sinceNs[at] = ns;
                return true;
            }
        }
        return false;
    }

    /** How often no place was free: the thread came back in no context, or its wait for a carrier is not counted. */
    long lost() {
        return lost.get();
    }

    /**
     * Gives up the places of those that came before a moment, and counts them as lost: a virtual thread that nobody can
     * wake any more may have been collected, and would keep its place for good. What was given up the last time is free
     * from now on. One thread, rarely.
     */
    void forgetBefore(long ns) {
        for (int at = 0; at < PLACES; at++) {
            long key = keys.get(at);
            long since = Math.abs(sinceNs[at]);
            if (key == GIVEN_UP) {
                remove(at);
            } else if (key != 0 && since != 0 && since - ns < 0 && keys.compareAndSet(at, key, GIVEN_UP)) {
                lost.getAndIncrement();
            }
        }
    }

    /** How many are entered. Any thread, rarely. */
    int size() {
        int size = 0;
        for (int at = 0; at < PLACES; at++) {
            long key = keys.get(at);
            size += key == 0 || key == GIVEN_UP ? 0 : 1;
        }
        return size;
    }

    static int firstGroup(long id) {
        return (int) (id * SPREAD >>> Long.SIZE - GROUP_BITS) * GROUP;
    }

    private static int secondGroup(long id) {
        return (int) (id * OTHER_SPREAD >>> Long.SIZE - GROUP_BITS) * GROUP;
    }

    private static int way(long id) {
        return (int) (id * SPREAD >>> Long.SIZE - GROUP_BITS - WAY_BITS) & GROUP - 1;
    }
}
