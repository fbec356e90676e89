package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextLog;
import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ContextTotal;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Contexts beside a {@link FakeKernel}: contexts.h on plain buffers, and the tables of the host's side. */
final class FakeContexts implements ContextTables {
    static final int STRIPES = 2;

    private final FakeKernel kernel;
    final ByteBuffer slots;
    final ByteBuffer totals = buffer(ContextTotal.SIZE * STRIPES * ContextSizes.CONTEXT_NODES);
    final List<String> names = new ArrayList<>(List.of("", "other"));
    final List<Integer> kinds = new ArrayList<>(List.of(0, 0));
    final List<int[]> nodes = new ArrayList<>(List.of(new int[2]));
    final long[] entered = new long[ContextSizes.CONTEXT_NODES];
    long overLimit;
    /** What a number below its size stands for, null: forgotten. */
    final List<TraceSpan> spans = new ArrayList<>();

    FakeContexts(FakeKernel kernel, int rows) {
        this.kernel = kernel;
        this.slots = buffer(ContextSlot.SIZE * rows);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    ContextMemory memory() {
        return new ContextMemory(slots, RecordArray.of(totals, ContextTotal.SIZE), STRIPES);
    }

    int context(ContextKind kind, String name) {
        names.add(name);
        kinds.add(kind.ordinal());
        return names.size() - 1;
    }

    int node(int parent, int context) {
        nodes.add(new int[] {parent, context});
        return nodes.size() - 1;
    }

    @Override
    public TraceSpan span(int number) {
        return number < spans.size() ? spans.get(number) : null;
    }

    /** The thread is in it from now on, and counts that in its slot. */
    void enter(FakeThread thread, int node) {
        set(thread, node);
        int at = thread.row * ContextSlot.SIZE + ContextSlot.ENTERED + (node & ContextSlot.ENTERED_LENGTH - 1)
                * Long.BYTES;
        slots.putLong(at, ((long) node << 48) + (slots.getLong(at) & 0xffff_ffff_ffffL) + 1);
    }

    /** It leaves its CPU in it, if it does. */
    void set(FakeThread thread, int node) {
        slots.putLong(thread.row * ContextSlot.SIZE, node);
        kernel.rows.putShort(thread.row * ThreadRow.SIZE + ThreadRow.NODE, (short) node);
    }

    /** The thread has noted in this stay: the first node until then, others for so long, and since then is in one. */
    void note(FakeThread thread, int node, int first, long firstUntilNs, long lastNs, int... nodesAndNs) {
        int slot = thread.row * ContextSlot.SIZE;
        int pieces = 1 + nodesAndNs.length / 2;
        slots.putLong(slot + ContextSlot.PIECE_NS, firstUntilNs);
        slots.putShort(slot + ContextSlot.PIECE_NODE, (short) first);
        for (int i = 1; i < pieces; i++) {
            slots.putShort(slot + ContextSlot.PIECE_NODE + i * Short.BYTES, (short) nodesAndNs[2 * i - 2]);
            slots.putLong(slot + ContextSlot.PIECE_NS + i * Long.BYTES, nodesAndNs[2 * i - 1]);
        }
        slots.putLong(slot + ContextSlot.LAST_NS, lastNs);
        slots.putLong(slot, node | (long) pieces << ContextSlot.LOG * Byte.SIZE);
    }

    /** Since then it has changed its node without noting it. */
    void skip(FakeThread thread, long skippedNs) {
        int slot = thread.row * ContextSlot.SIZE;
        slots.putLong(slot + ContextSlot.SKIPPED_NS, skippedNs);
        slots.putInt(slot + ContextSlot.LOG, slots.getInt(slot + ContextSlot.LOG) | ContextLog.CONTEXT_UNSPLIT);
    }

    /** count_for_node; page 0: none. */
    void count(int stripe, int node, ThreadState state, long ns, int page) {
        int at = (stripe * ContextSizes.CONTEXT_NODES + node) * ContextTotal.SIZE + state.ordinal() * StateTotals.SIZE;
        totals.putLong(at + StateTotals.TIME_NS, totals.getLong(at + StateTotals.TIME_NS) + ns);
        totals.putLong(at + StateTotals.MAX_NS, Math.max(totals.getLong(at + StateTotals.MAX_NS), ns));
        totals.putInt(at + StateTotals.COUNT, totals.getInt(at + StateTotals.COUNT) + 1);
        totals.putShort(at + StateTotals.PAGE, (short) page);
        if (page != 0) {
            int bucket = page * HistogramPage.SIZE + Buckets.indexOf(ns) * Integer.BYTES;
            kernel.pages.putInt(bucket, kernel.pages.getInt(bucket) + 1);
        }
    }

    @Override
    public int contexts() {
        return names.size();
    }

    @Override
    public String name(int context) {
        return names.get(context);
    }

    @Override
    public int kind(int context) {
        return kinds.get(context);
    }

    @Override
    public int nodes() {
        return nodes.size();
    }

    @Override
    public int contextOf(int node) {
        return nodes.get(node)[1];
    }

    @Override
    public int parentOf(int node) {
        return nodes.get(node)[0];
    }

    @Override
    public long entered(int node) {
        return entered[node];
    }

    @Override
    public long namesOverLimit() {
        return overLimit;
    }

    @Override
    public long nodesOverLimit() {
        return 2 * overLimit;
    }

    @Override
    public long withoutRow() {
        return 3 * overLimit;
    }

    @Override
    public long onVirtualThreads() {
        return 4 * overLimit;
    }
}
