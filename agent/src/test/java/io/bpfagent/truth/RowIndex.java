package io.bpfagent.truth;

import io.bpfagent.kernel.LoadedConstants;
import java.util.HashMap;
import java.util.Map;

/** The places of tids in the index: a tid can stand in sixteen, and one for which all are taken is not known. */
final class RowIndex {
    private static final int TRIES = 16;
    private static final int STRIDE = 0x2545;

    private final int mask;
    private final Map<Integer, Integer> tids = new HashMap<>();

    RowIndex(int rows) {
        mask = LoadedConstants.indexSlots(rows) - 1;
    }

    /** Whether the tid has got a place. */
    boolean enter(int tid) {
        for (int i = 0; i < TRIES; i++) {
            if (tids.putIfAbsent(tid + i * STRIDE & mask, tid) == null) {
                return true;
            }
        }
        return false;
    }

    /** Whether it would get one. */
    boolean hasPlace(int tid) {
        for (int i = 0; i < TRIES; i++) {
            if (!tids.containsKey(tid + i * STRIDE & mask)) {
                return true;
            }
        }
        return false;
    }

    void leave(int tid) {
        tids.values().remove(tid);
    }

    /** Two tids that are so far apart want the same place. */
    int slots() {
        return mask + 1;
    }
}
