package io.bpfagent.truth;

import io.bpfagent.correlation.ContextKind;
import io.bpfagent.correlation.ContextTables;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What threads have done in each of some contexts. A node is a context here, some of them within another; number 0 is
 * none, and the first context is that of names for which there is no room.
 */
final class ContextTruth implements ContextTables {
    static final int NODES = 8;
    private static final int FIRST_CONTEXT = 1;

    /** Lengths of the stays that have ended, by node and state. */
    private final List<List<List<Long>>> stays = new ArrayList<>();
    /** Of those that have not, at the moment of a read. */
    private final long[][] openNs = new long[NODES][Account.STATES];

    ContextTruth() {
        for (int node = 0; node < NODES; node++) {
            List<List<Long>> ofNode = new ArrayList<>();
            for (int state = 0; state < Account.STATES; state++) {
                ofNode.add(new ArrayList<>());
            }
            stays.add(ofNode);
        }
    }

    /** A stay in no context is none of a context's. */
    void add(int node, ThreadState state, long ns) {
        if (node != 0) {
            stays.get(node).get(state.ordinal()).add(ns);
        }
    }

    void beginOpen() {
        for (long[] ofNode : openNs) {
            Arrays.fill(ofNode, 0);
        }
    }

    void addOpen(int node, ThreadState state, long ns) {
        openNs[node][state.ordinal()] += ns;
    }

    List<Long> stays(int node, ThreadState state) {
        return stays.get(node).get(state.ordinal());
    }

    long openNs(int node, ThreadState state) {
        return openNs[node][state.ordinal()];
    }

    @Override
    public int contexts() {
        return FIRST_CONTEXT + NODES;
    }

    @Override
    public String name(int context) {
        return context > FIRST_CONTEXT ? "method-" + (context - FIRST_CONTEXT) : "";
    }

    @Override
    public int kind(int context) {
        return ContextKind.METHOD.ordinal();
    }

    @Override
    public int nodes() {
        return NODES;
    }

    @Override
    public int contextOf(int node) {
        return node == 0 ? 0 : FIRST_CONTEXT + node;
    }

    @Override
    public int parentOf(int node) {
        return node % 3 == 0 ? node / 3 : 0;
    }

    @Override
    public long entered(int node) {
        return 0;
    }

    @Override
    public long namesOverLimit() {
        return 0;
    }

    @Override
    public long nodesOverLimit() {
        return 0;
    }

    @Override
    public long withoutRow() {
        return 0;
    }

    @Override
    public long onVirtualThreads() {
        return 0;
    }
}
