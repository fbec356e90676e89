package io.bpfagent.kernel;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.Settings;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The maps of contexts, as far as reading needs them; there are some only where contexts are counted.
 *
 * @param slots   {@code struct context_slot[threads]}
 * @param totals  {@code struct context_total[stripes * CONTEXT_NODES]}
 * @param stripes how often each node has sums
 */
record ContextMaps(int slots, int totals, int stripes) {
    static final String SLOTS = "context_slots";
    static final String TOTALS = "context_totals";
    /** Which none but the programs read. */
    static final String PAGES = "context_pages";
    static final List<String> NAMES = List.of(SLOTS, TOTALS, PAGES);

    ContextMaps {
        if (stripes < 1 || stripes > ContextSizes.CONTEXT_STRIPES || Integer.bitCount(stripes) != 1) {
            throw new IllegalArgumentException("stripes must be a power of two up to " + ContextSizes.CONTEXT_STRIPES
                    + ", stripes=" + stripes);
        }
    }

    /** How many entries {@code context_totals} has: 768 KiB for each stripe. */
    int totalEntries() {
        return stripes * ContextSizes.CONTEXT_NODES;
    }

    /** As many as CPUs, so that none need wait for another, as far as that goes. */
    private static int stripes(int cpus) {
        return Math.min(ContextSizes.CONTEXT_STRIPES, Integer.highestOneBit(Math.max(1, cpus * 2 - 1)));
    }

    /** Before loading: sizes and settings. */
    static void prepare(BpfObject object, ByteBuffer settings, int threads, int cpus) throws KernelException {
        int stripes = stripes(cpus);
        object.map(SLOTS).entries(threads);
        object.map(TOTALS).entries(stripes * ContextSizes.CONTEXT_NODES);
        object.map(PAGES).entries(ContextSizes.CONTEXT_NODES);
        write(settings, cpus);
    }

    /** The settings alone. */
    static void write(ByteBuffer settings, int cpus) {
        int stripes = stripes(cpus);
        settings.put(Settings.CONTEXTS, (byte) 1);
        settings.put(Settings.CONTEXT_STRIPES, (byte) stripes);
        settings.put(Settings.CONTEXT_ATOMIC, (byte) (cpus > stripes ? 1 : 0));
    }

    /** After loading. */
    static ContextMaps of(BpfObject object) throws KernelException {
        BpfMap totals = object.map(TOTALS);
        return new ContextMaps(object.map(SLOTS).fd(), totals.fd(),
                (int) (totals.entries() / ContextSizes.CONTEXT_NODES));
    }
}
