package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Supply;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.nio.ByteBuffer;

/**
 * One queue of free row or page numbers: this side puts in, the BPF programs take out.
 *
 * <p>Assumption: one thread puts in. Guarantee: whoever sees the tail sees the items before it.
 */
final class SupplyRing {
    private final ByteBuffer supplies;
    private final int base;
    /** How many it can hold: a power of two. */
    private final int items;
    private int tail;
    private int notedTaken;
    private int notedFree;

    SupplyRing(ByteBuffer supplies, int kind) {
        this.supplies = supplies;
        int bytes = supplies.capacity() / SupplyKind.SUPPLIES;
        this.base = kind * bytes;
        this.items = (bytes - Supply.ITEMS) / Short.BYTES;
        this.tail = supplies.getInt(base + Supply.TAIL);
    }

    /** Puts in {@code number}. A full ring, which only a broken head can cause, takes nothing. */
    void put(int number) {
        if (free() >= items) {
            return;
        }
        supplies.putShort(itemOffset(tail), (short) number);
        tail++;
        Words.setRelease(supplies, base + Supply.TAIL, tail);
    }

    /** How many have been taken, modulo 2^32. */
    int taken() {
        return Words.getAcquire(supplies, base + Supply.HEAD);
    }

    /** How many are there to be taken; what a broken head would make of it is a full ring. */
    int free() {
        int free = tail - taken();
        return free < 0 || free > items ? items : free;
    }

    /** Notes what there is now, for {@link #isRunningLow}. */
    void note() {
        notedTaken = taken();
        notedFree = free();
    }

    /** Whether more than a quarter of what was free when it was noted has been taken since. */
    boolean isRunningLow() {
        return taken() - notedTaken > notedFree / 4;
    }

    /** The number that was taken as the {@code index}th, as long as its place was not used again. */
    int item(int index) {
        return Words.getShort(supplies, itemOffset(index));
    }

    private int itemOffset(int index) {
        return base + Supply.ITEMS + (index & items - 1) * Short.BYTES;
    }
}
