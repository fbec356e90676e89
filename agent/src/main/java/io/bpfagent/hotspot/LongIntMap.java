package io.bpfagent.hotspot;

import java.util.Arrays;

/**
 * A map from positive longs to ints without boxes, filled anew in every interval.
 *
 * <p>Open addressing, at most half full; it keeps the room it once needed. One thread at a time.
 */
final class LongIntMap {
    /** What {@link #get} answers for a key that is not there. */
    static final int ABSENT = -1;

    private long[] keys = new long[128];
    private int[] values = new int[128];
    private int size;

    void put(long key, int value) {
        if (key <= 0) {
            throw new IllegalArgumentException("key must be > 0, key=" + key);
        }
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int slot = slot(key);
        if (keys[slot] == 0) {
            keys[slot] = key;
            size++;
        }
        values[slot] = value;
    }

    int get(long key) {
        int slot = slot(key);
        return keys[slot] == key && key != 0 ? values[slot] : ABSENT;
    }

    void clear() {
        Arrays.fill(keys, 0);
        size = 0;
    }

    int size() {
        return size;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9e3779b97f4a7c15L) >>> 40) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }
}
