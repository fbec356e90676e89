package io.bpfagent.correlation.pause;

import java.util.Arrays;

/** Numbers keys from 0 on, in the order in which they first come. Used again and again; 20 bytes a key. */
final class Numbering {
    private static final int NONE = -1;

    private long[] keys = new long[16];
    /** Numbers by the key's hash, at most half full. */
    private int[] slots = new int[64];
    private int size;

    Numbering() {
        Arrays.fill(slots, NONE);
    }

    void clear() {
        if (size != 0) {
            Arrays.fill(slots, NONE);
            size = 0;
        }
    }

    int size() {
        return size;
    }

    long key(int number) {
        return keys[number];
    }

    /** The key's number, or -1 if it has none. */
    int find(long key) {
        return slots[slot(key)];
    }

    /** The key's number, a new one if it had none. */
    int of(long key) {
        int slot = slot(key);
        if (slots[slot] == NONE) {
            if (2 * size >= slots.length) {
                grow();
                slot = slot(key);
            }
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
            }
            keys[size] = key;
            slots[slot] = size++;
        }
        return slots[slot];
    }

    private int slot(long key) {
        int slot = (int) (key * 0x9e3779b97f4a7c15L >>> 32) & slots.length - 1;
        while (slots[slot] != NONE && keys[slots[slot]] != key) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        Arrays.fill(slots, NONE);
        for (int number = 0; number < size; number++) {
            slots[slot(keys[number])] = number;
        }
    }
}
