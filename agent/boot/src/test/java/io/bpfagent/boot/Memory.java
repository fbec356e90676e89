package io.bpfagent.boot;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Slots, and contexts.h on them: what the BPF programs do when a thread leaves its CPU. */
final class Memory implements SlotFinder {
    private static final int ROWS = 8;

    final ByteBuffer slots = ByteBuffer.allocateDirect(ROWS * ContextSlot.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    /** Which row is asked for next; the one after it is the next thread's. */
    private int nextRow;
    /** How often a row was asked for. */
    int asked;
    /** Nobody has a row. */
    boolean isFull;

    @Override
    public synchronized int rowOfCurrentThread() {
        asked++;
        return isFull ? -1 : nextRow++;
    }

    /** The node of a row's thread. */
    int node(int row) {
        return slots.getShort(row * ContextSlot.SIZE) & 0xffff;
    }

    int log(int row) {
        return slots.getInt(row * ContextSlot.SIZE + ContextSlot.LOG);
    }

    int pieces(int row) {
        return log(row) & ContextLog.CONTEXT_PIECES_MASK;
    }

    int skip(int row) {
        return (log(row) & ContextLog.CONTEXT_SKIP_MASK) / ContextLog.CONTEXT_SKIP;
    }

    /** The stay is over: how much of it is each node's, in ns. */
    Map<Integer, Long> leaveCpu(int row, long sinceNs, long nowNs) {
        int slot = row * ContextSlot.SIZE;
        Map<Integer, Long> parts = new TreeMap<>();
        long left = nowNs - sinceNs;
        boolean isSeen = slots.getShort(slot + ContextSlot.STAY_SEEN) == slots.getShort(slot + ContextSlot.STAY);
        for (int i = 0; i < pieces(row) && isSeen; i++) {
            long ns = slots.getLong(slot + ContextSlot.PIECE_NS + i * Long.BYTES) - (i == 0 ? sinceNs : 0);
            int node = slots.getShort(slot + ContextSlot.PIECE_NODE + i * Short.BYTES);
            parts.merge(node, ns, Long::sum);
            left -= ns;
        }
        if ((log(row) & ContextLog.CONTEXT_UNSPLIT) == 0 && isSeen) {
            left -= slots.getLong(slot + ContextSlot.SKIPPED_NS);
        }
        parts.merge(node(row), left, Long::sum);
        if (log(row) != 0) {
            slots.putInt(slot + ContextSlot.LOG, 0);
            slots.putShort(slot + ContextSlot.STAY, (short) (slots.getShort(slot + ContextSlot.STAY) + 1));
        }
        return parts;
    }

    /** How often a node was entered by the row's thread, as far as its slot counts it. */
    long entered(int row, int node) {
        long count = 0;
        for (int i = 0; i < ContextSlot.ENTERED_LENGTH; i++) {
            long entered = slots.getLong(row * ContextSlot.SIZE + ContextSlot.ENTERED + i * Long.BYTES);
            count += entered >>> 48 == node ? entered & (1L << 48) - 1 : 0;
        }
        return count;
    }

    /** All of it, as it may be after somebody has written nonsense. */
    void scramble(long seed) {
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < slots.capacity(); i += Long.BYTES) {
            slots.putLong(i, random.nextLong());
        }
    }

    static boolean isNode(int node) {
        return node >= 0 && node < ContextSizes.CONTEXT_NODES;
    }
}
