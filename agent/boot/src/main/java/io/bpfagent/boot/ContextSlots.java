package io.bpfagent.boot;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The memory that one agent and its BPF programs share with the threads of the host: a {@code struct context_slot} for
 * each row, which the row's thread writes and the programs read when it leaves its CPU.
 *
 * <p>Within a stay on a CPU a thread notes when it changed its context, so that the stay can be divided: how long the
 * first context lasted since the stay began is known by its end, of the others how long they took together. The clock
 * takes 25 ns; so only as many changes read it as come slower than every {@value #CLOCK_EVERY_NS} ns, but for
 * {@value #FREE_READS} in a row. When they come faster, {@value #SKIPPED} of them go by without, then two read it: what
 * lies between the two is a sample, and what was skipped is divided as the samples of the stay were. Into a node that
 * has no sample yet none goes by; and what takes longer than so many changes may is no matter of samples: the outer of
 * two nodes gets it. (Each round is a prime number of changes: it does not keep step with the host's loops.)
 *
 * <p>Assumptions: a slot's thread runs on one CPU, where the programs read the slot in its own switch, with interrupts
 * off: they see its stores in program order. A store of 64 bits is whole. Guarantees: what the thread was interrupted
 * in the middle of is not taken for a change ({@code stay} tells), and costs the time of a few instructions at most.
 */
final class ContextSlots {
    static final int CLOCK_EVERY_NS = ContextSizes.CONTEXT_CLOCK_EVERY_NS;
    static final int FREE_READS = 16;
    /** With the two that read the clock, 127. */
    static final int SKIPPED = ContextSizes.CONTEXT_SKIPPED;

    /** Of the slot's first word, which is written at once where the clock is read; else log and node one by one. */
    private static final int NODE_MASK = ContextSizes.CONTEXT_NODES - 1;
    private static final int STAY_SHIFT = ContextSlot.STAY_SEEN * Byte.SIZE;
    private static final int LOG_SHIFT = ContextSlot.LOG * Byte.SIZE;
    private static final long SKIP_ONE = (long) ContextLog.CONTEXT_SKIP << LOG_SHIFT;
    private static final long UNSPLIT = (long) ContextLog.CONTEXT_UNSPLIT << LOG_SHIFT;
    private static final long MOUNTED = (long) ContextLog.CONTEXT_MOUNTED << LOG_SHIFT;
    private static final int MOST_PIECES = ContextSizes.CONTEXT_PIECES;

    private static final int ENTERED_COUNT_BITS = 48;

    private static final int THREADS = 8192;
    private static final int TRIES = 4;
    private static final int ROW_BITS = 16;
    private static final int ROW_MASK = (1 << ROW_BITS) - 1;
    private static final int NO_ROW = ROW_MASK;
    private static final int NO_SLOT = -1;
    private static final int VIRTUAL = -2;

    private static final MethodHandle IS_VIRTUAL = isVirtual();

    private final NativeMemory memory;
    private final SlotFinder finder;
    private final long clockAhead;
    /**
     * Where the slots of threads are: the thread's number, and its row + 1. Whoever is pushed out is looked for again.
     * A number is never another thread's, so an entry is right as long as the thread lives.
     */
    private final long[] rows = new long[THREADS];
    private volatile boolean rowsMissing;
    /** The same of virtual threads, null while they are not followed. Not among the others: there is no end of them. */
    private volatile VirtualRows virtualRows;

    ContextSlots(ByteBuffer memory, SlotFinder finder, long clockAhead) {
        if (!ThreadIds.areKnown()) {
            throw new IllegalStateException("the field tid of java.lang.Thread cannot be read");
        }
        this.memory = new NativeMemory(memory);
        this.finder = finder;
        this.clockAhead = clockAhead;
    }

    /** Null where there are no virtual threads. */
    private static MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    long enter(int context) {
        int slot = slotOfCurrent();
        if (slot < 0) {
            (slot == NO_SLOT ? ContextRuntime.WITHOUT_ROW : ContextRuntime.ON_VIRTUAL_THREADS).incrementAndGet();
            return ContextRuntime.NOTHING;
        }
        int before = memory.getShort(slot) & NODE_MASK;
        int node = ContextNodes.within(before, context);
        if (node == ContextNodes.NO_ROOM) {
            return ContextRuntime.NOTHING;
        }
        countEntered(slot, node);
        if (node == before) {
            return ContextRuntime.NOTHING;
        }
        change(slot, node);
        return before;
    }

    /** Without a look at what it is in: who enters next would wait for that. */
    void leave(long before) {
        if ((before & -ContextNodes.MOST) == 0) {
            int slot = slotOfCurrent();
            if (slot >= 0) {
                change(slot, (int) before);
            }
        }
    }

    long current() {
        int slot = slotOfCurrent();
        return slot < 0 ? 0 : memory.getShort(slot) & NODE_MASK;
    }

    long resume(long node) {
        int slot = node >= ContextNodes.MOST ? NO_SLOT : slotOfCurrent();
        if (slot < 0) {
            return ContextRuntime.NOTHING;
        }
        int before = memory.getShort(slot) & NODE_MASK;
        if (node == before) {
            return ContextRuntime.NOTHING;
        }
        change(slot, (int) node);
        return before;
    }

    /** Whether the current thread has a slot. */
    boolean hasCurrent() {
        return slotOfCurrent() >= 0;
    }

    int span() {
        int slot = slotOfCurrent();
        return slot < 0 ? 0 : memory.getInt(slot + ContextSlot.SPAN);
    }

    void setSpan(int number) {
        int slot = slotOfCurrent();
        if (slot >= 0) {
            memory.putInt(slot + ContextSlot.SPAN, number);
        }
    }

    /**
     * Most threads enter the same few nodes: counted in the thread's own slot, and for all threads when others come.
     */
    private void countEntered(int slot, int node) {
        int at = slot + ContextSlot.ENTERED + (node & ContextSlot.ENTERED_LENGTH - 1) * Long.BYTES;
        long entered = memory.getLong(at);
        if ((int) (entered >>> ENTERED_COUNT_BITS) == node) {
            memory.putLong(at, entered + 1);
        } else {
            memory.putLong(at, (long) node << ENTERED_COUNT_BITS | 1);
            ContextNodes.addEntered((int) (entered >>> ENTERED_COUNT_BITS), entered & (1L << ENTERED_COUNT_BITS) - 1);
        }
    }

    private void change(int slot, int node) {
        // Loaded in the pieces that are stored below: one load of two of them would wait until both are in the cache.
        int log = memory.getInt(slot + ContextSlot.LOG);
        // In another stay than its own a log is what an interrupted change has put back.
        if ((log & ContextLog.CONTEXT_SKIP_MASK) != 0 && (memory.getLong(slot + ContextSlot.SAMPLED) >>> node & 1) != 0
                && memory.getShort(slot + ContextSlot.STAY_SEEN) == memory.getShort(slot + ContextSlot.STAY)) {
            memory.putInt(slot + ContextSlot.LOG, log - ContextLog.CONTEXT_SKIP | ContextLog.CONTEXT_UNSPLIT);
            memory.putShort(slot, (short) node);
        } else {
            changeByClock(slot, memory.getLong(slot), node);
        }
    }

    private void changeByClock(int slot, long word, int node) {
        changeAt(slot, word, node, System.nanoTime() - clockAhead, 1);
    }

    /** @param reads how many times the clock was read for this alone */
    private void changeAt(int slot, long word, int node, long now, int reads) {
        int before = (int) word & NODE_MASK;
        int stay = memory.getShort(slot + ContextSlot.STAY) & 0xffff;
        int pieces = Math.min(MOST_PIECES, (int) (word >>> LOG_SHIFT) & ContextLog.CONTEXT_PIECES_MASK);
        long skip = 0;
        if (pieces == 0 || (int) (word >>> STAY_SHIFT & 0xffff) != stay) {
            // The first change of a stay.
            pieces = 1;
            memory.putLong(slot + ContextSlot.PIECE_NS, now);
            memory.putShort(slot + ContextSlot.PIECE_NODE, (short) before);
            memory.putLong(slot + ContextSlot.SKIPPED_NS, 0);
            memory.putLong(slot + ContextSlot.GUESSED_NS, 0);
            memory.putLong(slot + ContextSlot.SAMPLED, 0);
            memory.putLong(slot + ContextSlot.PAID_NS, now - (FREE_READS - reads) * CLOCK_EVERY_NS);
        } else {
            long ns = now - memory.getLong(slot + ContextSlot.LAST_NS);
            if ((word & UNSPLIT) != 0) {
                pieces = addSkipped(slot, pieces, word, node, ns);
            } else {
                memory.putLong(slot + ContextSlot.SAMPLED, memory.getLong(slot + ContextSlot.SAMPLED) | 1L << before);
                pieces = addPiece(slot, pieces, before, ns);
                long paid = Math.max(memory.getLong(slot + ContextSlot.PAID_NS), now - FREE_READS * CLOCK_EVERY_NS)
                        + reads * CLOCK_EVERY_NS;
                memory.putLong(slot + ContextSlot.PAID_NS, paid);
                skip = paid > now ? SKIPPED * SKIP_ONE : 0;
            }
        }
        memory.putLong(slot + ContextSlot.LAST_NS, now);
        VarHandle.storeStoreFence();
        memory.putLong(slot, node | (long) stay << STAY_SHIFT | (long) pieces << LOG_SHIFT | skip | word & MOUNTED);
    }

    /** What changes without the clock took, of which the next one is to that node; how many pieces there are now. */
    private int addSkipped(int slot, int pieces, long word, int node, long ns) {
        int before = (int) word & NODE_MASK;
        int left = ((int) (word >>> LOG_SHIFT) & ContextLog.CONTEXT_SKIP_MASK) / ContextLog.CONTEXT_SKIP;
        long guessed = Math.max(0, ns - (SKIPPED + 1 - left) * (long) CLOCK_EVERY_NS);
        add(slot + ContextSlot.SKIPPED_NS, ns - guessed);
        if (guessed == 0) {
            return pieces;
        }
        // In which of them, nobody knows; short ones within a long one are what happens.
        add(slot + ContextSlot.GUESSED_NS, guessed);
        return addPiece(slot, pieces, node != 0 && ContextNodes.parent(before) == node ? node : before, guessed);
    }

    /** How many pieces there are now. The first one is another matter: its length is not known here. */
    private int addPiece(int slot, int pieces, int node, long ns) {
        if (ns == 0) {
            return pieces;
        }
        for (int i = 1; i < pieces; i++) {
            if ((memory.getShort(slot + ContextSlot.PIECE_NODE + i * Short.BYTES) & 0xffff) == node) {
                add(slot + ContextSlot.PIECE_NS + i * Long.BYTES, ns);
                return pieces;
            }
        }
        if (pieces == MOST_PIECES) {
            add(slot + ContextSlot.SKIPPED_NS, ns);
            return pieces;
        }
        memory.putLong(slot + ContextSlot.PIECE_NS + pieces * Long.BYTES, ns);
        memory.putShort(slot + ContextSlot.PIECE_NODE + pieces * Short.BYTES, (short) node);
        return pieces + 1;
    }

    private void add(int at, long ns) {
        memory.putLong(at, memory.getLong(at) + ns);
    }

    private int slotOfCurrent() {
        Thread thread = Thread.currentThread();
        long id = ThreadIds.of(thread);
        long entry = rows[(int) id & THREADS - 1];
        if (entry >>> ROW_BITS == id) {
            return slot((int) entry & ROW_MASK);
        }
        return lookUp(thread, id);
    }

    private static int slot(int row) {
        return row == NO_ROW ? NO_SLOT : (row - 1) * ContextSlot.SIZE;
    }

    private int lookUp(Thread thread, long id) {
        VirtualRows virtual = virtualRows;
        int known = virtual == null ? VirtualRows.UNKNOWN : virtual.find(id);
        if (known != VirtualRows.UNKNOWN) {
            return slotOfVirtual(id, known);
        }
        for (int i = 1; i < TRIES; i++) {
            long entry = rows[(int) id + i & THREADS - 1];
            if (entry >>> ROW_BITS == id) {
                return slot((int) entry & ROW_MASK);
            }
        }
        try {
            boolean isVirtual = IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
            if (isVirtual && (virtual == null || !virtual.hasMounts())) {
                return VIRTUAL;
            }
            int row = rowOfCurrent();
            if (isVirtual) {
                // Another one has its place; or its mount was not seen, and until the next one it has no row.
                return slotOfVirtual(id, virtual.enter(id, row));
            }
            return slot(note(id, row < 0 ? NO_ROW : row + 1));
        } catch (Throwable e) {
            // No memory, or no room on the stack: neither is the host's concern.
            return slot(NO_ROW);
        }
    }

    /** The row of the calling thread, or of its carrier; -1 if it has none. */
    int rowOfCurrent() {
        int row = finder.rowOfCurrentThread();
        return row >= 0 && row < NO_ROW - 1 && row < rows() ? row : -1;
    }

    private int note(long id, int row) {
        int place = (int) id & THREADS - 1;
        for (int i = 0; i < TRIES; i++) {
            if (rows[(int) id + i & THREADS - 1] == 0) {
                place = (int) id + i & THREADS - 1;
                break;
            }
        }
        rows[place] = id << ROW_BITS | row;
        // Afterwards: whoever forgets them meanwhile must find this one, now or the next time.
        rowsMissing |= row == NO_ROW;
        return row;
    }

    /** How many rows there are. */
    int rows() {
        return memory.bytes() / ContextSlot.SIZE;
    }

    static int slotOf(int row) {
        return row * ContextSlot.SIZE;
    }

    /** From now on virtual threads have the slots of their carriers, or, if null, not any more. */
    void follow(VirtualRows rows) {
        virtualRows = rows;
    }

    /** That of a row only as long as the virtual thread is mounted there: else it would write into another's. */
    private int slotOfVirtual(long id, int row) {
        int slot = row < 0 ? NO_SLOT : slotOf(row);
        return slot >= 0 && memory.getLong(slot + ContextSlot.VIRTUAL_THREAD) == id ? slot : NO_SLOT;
    }

    int node(int slot) {
        return (int) memory.getLong(slot) & NODE_MASK;
    }

    /** Whether a virtual thread has the slot's thread, for all that was seen. */
    boolean isMounted(int slot) {
        return (memory.getLong(slot) & MOUNTED) != 0;
    }

    /** Another number: the thread has left its CPU. The same one: it has not, if a change had been noted. */
    int stay(int slot) {
        return memory.getShort(slot + ContextSlot.STAY);
    }

    /** A virtual thread with this node has the thread, from a moment on that was read already. */
    void mount(int slot, long id, int node, long nanoTime) {
        memory.putLong(slot + ContextSlot.VIRTUAL_THREAD, id);
        long word = memory.getLong(slot) | MOUNTED;
        long now = nanoTime - clockAhead;
        boolean same = ((int) word & NODE_MASK) == node;
        // Nor is there anything to be noted if no time has gone by since the last change.
        if (same || isNoted(slot, word) && memory.getLong(slot + ContextSlot.LAST_NS) == now) {
            memory.putLong(slot, word & ~NODE_MASK | node);
        } else {
            changeAt(slot, word, node, now, 0);
        }
    }

    /** Whether a change has been noted in the stay that the thread is in. */
    private boolean isNoted(int slot, long word) {
        return (word >>> LOG_SHIFT & ContextLog.CONTEXT_PIECES_MASK) != 0
                && (word >>> STAY_SHIFT & 0xffff) == (memory.getShort(slot + ContextSlot.STAY) & 0xffff);
    }

    /** The thread is its own again. Afterwards a change has been noted in any case, so that {@link #stay} tells. */
    void unmount(int slot, int node, long nanoTime) {
        long word = memory.getLong(slot) & ~MOUNTED;
        if (((int) word & NODE_MASK) == node && isNoted(slot, word)) {
            memory.putLong(slot, word);
        } else {
            changeAt(slot, word, node, nanoTime - clockAhead, 0);
        }
        memory.putLong(slot + ContextSlot.VIRTUAL_THREAD, 0);
    }

    /** Java's number of the virtual thread that has the slot's thread, if any has. */
    long virtualThread(int slot) {
        return memory.getLong(slot + ContextSlot.VIRTUAL_THREAD);
    }

    /** As unmount, by another thread: if the slot is written meanwhile it may do nothing. No change is noted. */
    boolean release(int slot, long id, int node) {
        long word = memory.getLong(slot);
        return (word & MOUNTED) != 0
                && memory.compareAndSetLong(slot + ContextSlot.VIRTUAL_THREAD, id, 0L)
                && memory.compareAndSetLong(slot, word, word & ~MOUNTED & ~NODE_MASK | node);
    }

    void forgetMissingRows() {
        if (rowsMissing) {
            rowsMissing = false;
            for (int i = 0; i < THREADS; i++) {
                if (((int) rows[i] & ROW_MASK) == NO_ROW) {
                    rows[i] = 0;
                }
            }
        }
    }
}
