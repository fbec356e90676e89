package io.bpfagent.contexts;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Spans;
import io.bpfagent.correlation.ContextTables;
import io.bpfagent.correlation.TraceSpan;

/** The tables that {@link ContextRuntime} keeps, for reading. Any thread. */
final class RuntimeTables implements ContextTables {
    @Override
    public int contexts() {
        return ContextRuntime.contexts();
    }

    @Override
    public String name(int context) {
        return ContextRuntime.name(context);
    }

    @Override
    public int kind(int context) {
        return ContextRuntime.kind(context);
    }

    @Override
    public int nodes() {
        return ContextRuntime.nodes();
    }

    @Override
    public int contextOf(int node) {
        return ContextRuntime.contextOf(node);
    }

    @Override
    public int parentOf(int node) {
        return ContextRuntime.parentOf(node);
    }

    @Override
    public long entered(int node) {
        return ContextRuntime.entered(node);
    }

    @Override
    public TraceSpan span(int number) {
        long[] ids = new long[3];
        return Spans.read(number, ids) ? TraceSpan.of(ids[0], ids[1], ids[2]) : null;
    }

    @Override
    public long lostHandovers() {
        return Entries.lostHandovers();
    }

    @Override
    public long namesOverLimit() {
        return ContextRuntime.namesOverLimit();
    }

    @Override
    public long nodesOverLimit() {
        return ContextRuntime.nodesOverLimit();
    }

    @Override
    public long withoutRow() {
        return ContextRuntime.withoutRow();
    }

    @Override
    public long onVirtualThreads() {
        return ContextRuntime.onVirtualThreads();
    }
}
