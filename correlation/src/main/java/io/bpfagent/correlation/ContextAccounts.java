package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Adds up what nodes have into contexts.
 *
 * <p>Assumptions: one thread calls; at each read {@link #readEnded} comes first, then {@link #addOpen} for each live
 * thread and {@link #end} for each that has ended, then {@link #read}. Guarantees: no number goes down. No content of
 * the memory makes it throw.
 *
 * <p>Heap: 2 KiB for each node in which a thread has been, 1 KiB for each context, and what {@link
 * DistributionAccounts} take.
 */
final class ContextAccounts {
    private static final int NODES = ContextSizes.CONTEXT_NODES;
    private static final int ENTERED_NODE_SHIFT = 48;
    private static final long ENTERED_COUNT = (1L << ENTERED_NODE_SHIFT) - 1;

    private final ContextMemory memory;
    private final ContextTables tables;
    private final ByteBuffer globals;
    private final OpenStay openStay;
    private final NodeAccount[] nodes = new NodeAccount[NODES];
    private final ContextAccount[] contexts = new ContextAccount[ContextSizes.CONTEXTS];
    /** How often nodes were entered by threads that have ended, as far as their slots had counted it; and before. */
    private final long[] enteredBefore = new long[NODES];
    /** What the tables had counted when this began. */
    private final long namesOverLimit;
    private final long nodesOverLimit;
    private final long withoutRow;
    private final long onVirtualThreads;
    private final long lostHandovers;
    private long forgottenSpans;
    private int nodeCount;
    private ContextsReading current = new ContextsReading(true, List.of());

    ContextAccounts(ContextMemory memory, ContextTables tables, ByteBuffer globals) {
        this.memory = memory;
        this.tables = tables;
        this.globals = globals;
        this.openStay = new OpenStay(memory.slots());
        for (int node = 0; node < Math.min(NODES, tables.nodes()); node++) {
            enteredBefore[node] = -tables.entered(node);
        }
        namesOverLimit = tables.namesOverLimit();
        nodesOverLimit = tables.nodesOverLimit();
        withoutRow = tables.withoutRow();
        onVirtualThreads = tables.onVirtualThreads();
        lostHandovers = tables.lostHandovers();
    }

    /** Reads what has ended. */
    void readEnded() {
        nodeCount = Math.min(NODES, tables.nodes());
        for (int node = 1; node < nodeCount; node++) {
            if (nodes[node] == null && tables.contextOf(node) != 0) {
                nodes[node] = new NodeAccount(memory.stripes());
            }
            if (nodes[node] != null) {
                for (int stripe = 0; stripe < memory.stripes(); stripe++) {
                    int number = stripe * NODES + node;
                    nodes[node].readEnded(stripe, memory.totals().piece(number), memory.totals().offset(number));
                }
                nodes[node].addEntered(tables.entered(node) + enteredBefore[node]);
            }
        }
    }

    /**
     * Adds what a live thread is in.
     *
     * @param reader which has just read {@code row} out of row {@code number}
     * @param openNs for how long it has been in its state
     */
    void addOpen(int number, RowReader reader, Row row, long openNs) {
        int slot = number * ContextSlot.SIZE;
        addEntered(slot);
        if (row.state != ThreadState.STATE_RUNNING) {
            // Off its CPU it is in what it was in when it left it.
            NodeAccount node = row.node < NODES ? nodes[row.node] : null;
            if (node != null) {
                node.addOpen(row.state, openNs);
            }
            return;
        }
        for (int i = 0; i < RowReader.TRIES; i++) {
            boolean valid = openStay.read(slot);
            if (!reader.isInSameStay(number, row)) {
                // It has left its CPU: that stay has been counted, and the next one is short.
                return;
            }
            // At last as it is: its parts are those of this stay in any case, and leaving it out would be silent.
            if (valid || i == RowReader.TRIES - 1) {
                openStay.divide(row.sinceNs, openNs, globals.getLong(Globals.CLOCK_OFFSET_NS), nodes);
                return;
            }
            Thread.onSpinWait();
        }
    }

    private void addEntered(int slot) {
        for (int i = 0; i < ContextSlot.ENTERED_LENGTH; i++) {
            long entered = memory.slots().getLong(slot + ContextSlot.ENTERED + i * Long.BYTES);
            NodeAccount node = entered == 0 ? null : nodes[(int) (entered >>> ENTERED_NODE_SHIFT) & NODES - 1];
            if (node != null) {
                node.addEntered(entered & ENTERED_COUNT);
            }
        }
    }

    /** A thread has ended, and its row will be another's: takes over what its slot has counted. */
    void end(int number) {
        int slot = number * ContextSlot.SIZE;
        for (int i = 0; i < ContextSlot.ENTERED_LENGTH; i++) {
            int at = slot + ContextSlot.ENTERED + i * Long.BYTES;
            long entered = memory.slots().getLong(at);
            if (entered != 0) {
                int node = (int) (entered >>> ENTERED_NODE_SHIFT) & NODES - 1;
                enteredBefore[node] += entered & ENTERED_COUNT;
                if (nodes[node] != null) {
                    nodes[node].addEntered(entered & ENTERED_COUNT);
                }
                memory.slots().putLong(at, 0);
            }
        }
    }

    /** As they are now. */
    ContextsReading read(PageReader reader, Supplies supplies) {
        for (ContextAccount context : contexts) {
            if (context != null) {
                context.begin();
            }
        }
        for (int number = 1; number < nodeCount; number++) {
            NodeAccount node = nodes[number];
            ContextAccount own = node == null ? null : context(tables.contextOf(number));
            if (own != null) {
                node.finish();
                node.readPages(reader, supplies, own.distributions());
                own.addOwn(node);
                addWithin(number, node);
            }
        }
        current = toReading();
        return current;
    }

    /** To each context that the node is in, once. */
    private void addWithin(int number, NodeAccount node) {
        for (int around = number; around != 0; around = tables.parentOf(around)) {
            int context = tables.contextOf(around);
            boolean isFirst = true;
            for (int inner = number; inner != around && isFirst; inner = tables.parentOf(inner)) {
                isFirst = tables.contextOf(inner) != context;
            }
            if (isFirst && context(context) != null) {
                context(context).addWithin(node);
            }
        }
    }

    /** Null if it has no name yet: then the next read has it. */
    private ContextAccount context(int number) {
        if (contexts[number] == null) {
            String name = tables.name(number);
            int kind = tables.kind(number);
            if (name != null && kind >= 0 && kind < ContextKind.ALL.size()) {
                contexts[number] = new ContextAccount(ContextKind.ALL.get(kind), name);
            }
        }
        return contexts[number];
    }

    private ContextsReading toReading() {
        List<ContextReport> reports = new ArrayList<>(current.contexts().size() + 1);
        boolean same = true;
        for (ContextAccount context : contexts) {
            if (context != null && context.isUsed()) {
                ContextReport report = context.toReport();
                int at = reports.size();
                same &= at < current.contexts().size() && current.contexts().get(at) == report;
                reports.add(report);
            }
        }
        return same && reports.size() == current.contexts().size() ? current : new ContextsReading(true, reports);
    }

    /** The names of the contexts that a node consists of, outermost first; none for 0 and for what is no node. */
    List<String> names(int node) {
        List<String> names = new ArrayList<>(2);
        for (int around = node < NODES ? node : 0; around != 0; around = tables.parentOf(around)) {
            String name = tables.name(tables.contextOf(around));
            if (name != null) {
                names.add(name);
            }
        }
        Collections.reverse(names);
        return names;
    }

    /** What a slow event's number of a span stands for, null for 0; one that is forgotten is counted. */
    TraceSpan span(int number) {
        TraceSpan span = number == 0 ? null : tables.span(number);
        if (number != 0 && span == null) {
            forgottenSpans++;
        }
        return span;
    }

    /** Enters what is lost on the host's side. */
    void readLossesInto(Map<Loss, Long> losses) {
        losses.put(Loss.CONTEXTS_OVER_LIMIT, tables.namesOverLimit() - namesOverLimit);
        losses.put(Loss.CONTEXT_NODES_OVER_LIMIT, tables.nodesOverLimit() - nodesOverLimit);
        losses.put(Loss.CONTEXTS_WITHOUT_ROW, tables.withoutRow() - withoutRow);
        losses.put(Loss.CONTEXTS_ON_VIRTUAL_THREADS, tables.onVirtualThreads() - onVirtualThreads);
        losses.put(Loss.LOST_CONTEXT_HANDOVERS, tables.lostHandovers() - lostHandovers);
        losses.put(Loss.FORGOTTEN_TRACE_SPANS, forgottenSpans);
    }
}
