package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ContextTotal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The mapped memory of contexts. There is some only where they are counted. As to the rest see {@link KernelMemory}.
 *
 * @param slots   {@code struct context_slot}, as many as rows. The host's threads write them, each its own; of a row
 * whose                thread has ended, what has been read is set back
 * @param totals  {@code struct context_total}, {@value ContextSizes#CONTEXT_NODES} for each stripe, one stripe after
 * the                other; only read
 * @param stripes how often each node has sums
 */
public record ContextMemory(ByteBuffer slots, RecordArray totals, int stripes) {
    public ContextMemory {
        if (slots.remaining() < ContextSlot.SIZE || slots.remaining() % ContextSlot.SIZE != 0) {
            throw new IllegalArgumentException("context_slots must have " + ContextSlot.SIZE + " bytes each, bytes="
                    + slots.remaining());
        }
        if (totals.recordBytes() != ContextTotal.SIZE || totals.count() != stripes * ContextSizes.CONTEXT_NODES) {
            throw new IllegalArgumentException("context_totals must be " + ContextSizes.CONTEXT_NODES + " times "
                    + stripes + ", count=" + totals.count());
        }
        slots = slots.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
