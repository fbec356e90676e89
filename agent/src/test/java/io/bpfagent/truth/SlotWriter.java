package io.bpfagent.truth;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;

/** What a host's thread notes in its slot when it begins to work on something else, as records.h says that it must. */
final class SlotWriter {
    private final ByteBuffer slots;

    SlotWriter(ByteBuffer slots) {
        this.slots = slots;
    }

    /** The slot of the thread with this number in the host's pid namespace; -1 if it has none. */
    int find(int innerTid) {
        for (int at = 0; at < slots.capacity(); at += ContextSlot.SIZE) {
            if (slots.getInt(at + ContextSlot.TID) == innerTid) {
                return at;
            }
        }
        return -1;
    }

    /** @param nowNs CLOCK_MONOTONIC */
    void change(int slot, int node, long nowNs) {
        int before = slots.getShort(slot + ContextSlot.NODE);
        short stay = slots.getShort(slot + ContextSlot.STAY);
        boolean isNoted = slots.getShort(slot + ContextSlot.STAY_SEEN) == stay;
        int pieces = isNoted ? slots.getInt(slot + ContextSlot.LOG) & ContextLog.CONTEXT_PIECES_MASK : 0;
        if (pieces == 0) {
            slots.putLong(slot + ContextSlot.PIECE_NS, nowNs);
            slots.putShort(slot + ContextSlot.PIECE_NODE, (short) before);
            slots.putLong(slot + ContextSlot.SKIPPED_NS, 0);
            slots.putLong(slot + ContextSlot.GUESSED_NS, 0);
            pieces = 1;
        } else {
            pieces = add(slot, pieces, before, nowNs - slots.getLong(slot + ContextSlot.LAST_NS));
        }
        slots.putLong(slot + ContextSlot.LAST_NS, nowNs);
        slots.putShort(slot + ContextSlot.STAY_SEEN, stay);
        slots.putInt(slot + ContextSlot.LOG, pieces);
        slots.putShort(slot + ContextSlot.NODE, (short) node);
    }

    private int add(int slot, int pieces, int node, long ns) {
        int i = 1;
        while (i < pieces && slots.getShort(slot + ContextSlot.PIECE_NODE + i * Short.BYTES) != node) {
            i++;
        }
        int at = slot + ContextSlot.PIECE_NS + i * Long.BYTES;
        slots.putLong(at, i < pieces ? slots.getLong(at) + ns : ns);
        slots.putShort(slot + ContextSlot.PIECE_NODE + i * Short.BYTES, (short) node);
        return Math.max(pieces, i + 1);
    }
}
