package io.bpfagent.contexts;

import io.bpfagent.boot.SlotFinder;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the calling thread's row by its tid, which the BPF programs write beside it: all rows are looked through, 0.5
 * us for a hundred, once for each thread.
 *
 * <p>Any thread. It may be called after the agent has gone: it reads memory that stays, and then finds nothing.
 */
final class OwnRow implements SlotFinder {
    /** Of the two processors that there is a native part for. */
    private static final long GETTID = System.getProperty("os.arch", "").equals("aarch64") ? 178 : 186;

    private final LibC libC;
    private final ByteBuffer slots;

    OwnRow(NativeTier natives, ByteBuffer slots) {
        this.libC = natives.libC();
        this.slots = slots.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int rowOfCurrentThread() {
        int tid = (int) libC.syscall(GETTID, 0, 0, 0);
        int rows = slots.capacity() / ContextSlot.SIZE;
        for (int row = 0; row < rows && tid > 0; row++) {
            if (slots.getInt(row * ContextSlot.SIZE + ContextSlot.TID) == tid) {
                return row;
            }
        }
        return -1;
    }
}
