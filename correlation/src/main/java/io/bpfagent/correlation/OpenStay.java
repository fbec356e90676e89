package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Divides a stay on a CPU that has not ended yet among nodes, as the BPF programs will when it ends (divide_stay in
 * contexts.h).
 *
 * <p>Assumptions: the slot's thread writes to it at the same time, its first word last. One thread reads; no garbage.
 */
final class OpenStay {
    private static final int NODE_MASK = 0xffff;
    private static final int LOG_SHIFT = ContextSlot.LOG * Byte.SIZE;
    private static final int STAY_SHIFT = ContextSlot.STAY_SEEN * Byte.SIZE;

    private final ByteBuffer slots;
    private final long[] pieceNs = new long[ContextSizes.CONTEXT_PIECES];
    private final int[] pieceNode = new int[ContextSizes.CONTEXT_PIECES];
    private int pieces;
    private int node;
    /** How much of what follows the last look at the clock is divided, at most. */
    private long mostSkippedNs;
    private long lastNs;
    private long skippedNs;
    private long leftNs;

    OpenStay(ByteBuffer slots) {
        this.slots = slots;
    }

    /**
     * Reads the slot that begins there. False if something was noted in it meanwhile; a change that goes by without the
     * clock, of which some come in the time that this takes, changes nothing of what is divided.
     */
    boolean read(int slot) {
        long word = Words.getAcquireLong(slots, slot);
        int log = (int) (word >>> LOG_SHIFT);
        int stay = Words.getShort(slots, slot + ContextSlot.STAY);
        node = (int) word & NODE_MASK;
        int skip = (log & ContextLog.CONTEXT_SKIP_MASK) / ContextLog.CONTEXT_SKIP;
        mostSkippedNs = (log & ContextLog.CONTEXT_UNSPLIT) == 0 ? 0
                : Math.max(0, ContextSizes.CONTEXT_SKIPPED + 1 - skip) * (long) ContextSizes.CONTEXT_CLOCK_EVERY_NS;
        boolean isOfThisStay = (int) (word >>> STAY_SHIFT & NODE_MASK) == stay;
        pieces = isOfThisStay ? Math.min(log & ContextLog.CONTEXT_PIECES_MASK, ContextSizes.CONTEXT_PIECES) : 0;
        lastNs = slots.getLong(slot + ContextSlot.LAST_NS);
        for (int i = 0; i < pieces; i++) {
            pieceNs[i] = slots.getLong(slot + ContextSlot.PIECE_NS + i * Long.BYTES);
            pieceNode[i] = Words.getShort(slots, slot + ContextSlot.PIECE_NODE + i * Short.BYTES);
        }
        skippedNs = slots.getLong(slot + ContextSlot.SKIPPED_NS);
        VarHandle.loadLoadFence();
        long after = Words.getAcquireLong(slots, slot);
        return slots.getLong(slot + ContextSlot.LAST_NS) == lastNs
                && (short) (after >>> STAY_SHIFT) == (short) (word >>> STAY_SHIFT)
                && Words.getShort(slots, slot + ContextSlot.STAY) == stay;
    }

    /**
     * Gives what was read last to its nodes.
     *
     * @param sinceNs  when the stay began, on the clock of the records
     * @param openNs   how long it has taken
     * @param offsetNs what makes a time on that clock one of CLOCK_MONOTONIC
     * @param accounts by node; null: nobody's yet
     */
    void divide(long sinceNs, long openNs, long offsetNs, NodeAccount[] accounts) {
        leftNs = openNs;
        if (pieces > 0) {
            dividePieces(sinceNs + offsetNs, openNs, accounts);
        }
        give(node, leftNs, accounts);
    }

    private void dividePieces(long since, long openNs, NodeAccount[] accounts) {
        long restNs = Math.min(Math.max(0, since + openNs - lastNs), openNs);
        long skipped = Math.min(openNs, Math.max(0, skippedNs) + Math.min(restNs, mostSkippedNs));
        if (pieces > 1 && pieceNs[0] < since) {
            // It was off its CPU between its look at the clock and its note: that time stands in the next piece.
            pieceNs[1] = Math.max(0, pieceNs[1] - (since - pieceNs[0]));
        }
        double sum = 0;
        for (int i = 1; i < pieces; i++) {
            sum += Math.max(0, pieceNs[i]);
        }
        double more = sum == 0 ? 1 : 1 + skipped / sum;
        if (pieceNode[0] != node) {
            give(pieceNode[0], pieceNs[0] - since, accounts);
        }
        for (int i = 1; i < pieces; i++) {
            if (pieceNode[i] != node) {
                give(pieceNode[i], (long) (pieceNs[i] * more), accounts);
            }
        }
    }

    private void give(int to, long ns, NodeAccount[] accounts) {
        long given = Math.min(Math.max(0, ns), leftNs);
        leftNs -= given;
        if (to < accounts.length && accounts[to] != null) {
            accounts[to].addOpen(ThreadState.STATE_RUNNING, given);
        }
    }
}
