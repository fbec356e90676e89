package io.bpfagent.boot;

/**
 * Whose row a virtual thread uses: that of the carrier on which it was mounted last.
 *
 * <p>Assumptions: any thread calls, of one virtual thread one call comes after the other. Guarantees: nothing
 * allocates, locks or waits. An entry may be out of date, where a mount or an unmount was not seen, or be pushed
 * out by another's: whoever uses a row looks whether its slot has the virtual thread's number.
 */
final class VirtualRows {
    /** The virtual thread has none: it was mounted unseen, or its carrier has no row. */
    static final int NO_ROW = -1;
    /** It has no entry. */
    static final int UNKNOWN = -2;
    static final int PLACES = 4096;
    /** Where an entry may stand, from its number's place on. */
    static final int TRIES = 4;
    private static final int ROW_BITS = 16;
    private static final int ROW_MASK = (1 << ROW_BITS) - 1;

    /** The thread's number, and its row + 1. */
    private final long[] entries = new long[PLACES];
    /** Not before the first mount is seen is it known that the JDK's class tells of mounts, and of unmounts. */
    private boolean hasMounts;

    int find(long id) {
        int place = placeOf(id);
        return place < 0 ? UNKNOWN : ((int) entries[place] & ROW_MASK) - 1;
    }

    private int placeOf(long id) {
        for (int i = 0; i < TRIES; i++) {
            int place = (int) id + i & PLACES - 1;
            if (entries[place] >>> ROW_BITS == id) {
                return place;
            }
        }
        return -1;
    }

    /** In its own place, a free one, or the first if there is none. @param row or {@link #NO_ROW} @return the row */
    int enter(long id, int row) {
        int place = placeOf(id);
        for (int i = 0; i < TRIES && place < 0; i++) {
            int there = (int) id + i & PLACES - 1;
            place = entries[there] == 0 ? there : -1;
        }
        entries[place < 0 ? (int) id & PLACES - 1 : place] = id << ROW_BITS | row + 1;
        return row;
    }

    /** The thread is unmounted, and uses no row: others have room. */
    void leave(long id) {
        int place = placeOf(id);
        if (place >= 0) {
            entries[place] = 0;
        }
    }

    /** A mount was seen. */
    void mounts() {
        if (!hasMounts) {
            hasMounts = true;
        }
    }

    boolean hasMounts() {
        return hasMounts;
    }
}
