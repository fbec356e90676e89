package io.bpfagent.kernel;

import com.google.gson.JsonObject;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.Arrays;

/** {@link MapFds} as a message: descriptors in the order below, and the sizes beside them. */
final class HandedMaps {
    private static final String THREADS = "threads";
    private static final String HISTOGRAMS = "histograms";
    private static final String PAUSE_BYTES = "pauseBytes";
    private static final String SLOW_BYTES = "slowBytes";
    private static final int MOST_RING_BYTES = 64 << 20;
    /** Only where contexts are counted. */
    private static final String CONTEXT_STRIPES = "contextStripes";
    /** Without those of system calls and of contexts, which stand behind them. */
    private static final int MAPS = 13;
    private static final int OF_SYSCALLS = 2;
    private static final int OF_CONTEXTS = 2;

    private HandedMaps() {}

    static JsonObject document(MapFds fds, long kernelBytes) {
        JsonObject json = new JsonObject();
        json.addProperty(THREADS, fds.threads());
        json.addProperty(HISTOGRAMS, fds.histograms());
        json.addProperty(PAUSE_BYTES, fds.pauseBytes());
        json.addProperty(SLOW_BYTES, fds.slowBytes());
        json.addProperty("kernelMemoryBytes", kernelBytes);
        if (fds.contexts() != null) {
            json.addProperty(CONTEXT_STRIPES, fds.contexts().stripes());
        }
        return json;
    }

    /**
     * Those that the host writes: what is free, which thread is of which pool, what is slow, how far it has read, and
     * what threads work on.
     */
    static int[] written(MapFds fds) {
        int[] always = {fds.supplies(), fds.controls(), fds.slowLimits(), fds.pauses(), fds.slow()};
        return fds.contexts() == null ? always : with(always, fds.contexts().slots());
    }

    private static int[] with(int[] fds, int... more) {
        int[] all = Arrays.copyOf(fds, fds.length + more.length);
        System.arraycopy(more, 0, all, fds.length, more.length);
        return all;
    }

    /** In order; those of system calls, and of contexts, only where they are counted. */
    static int[] all(MapFds fds) {
        int[] always = {fds.rows(), fds.pages(), fds.poolPages(), fds.supplies(), fds.controls(), fds.rowMeters(),
            fds.meters(), fds.disks(), fds.globals(), fds.pauses(), fds.slow(), fds.slowLimits(), fds.remotes()};
        int[] all = fds.syscalls() == MapFds.NONE ? always : with(always, fds.syscalls(), fds.syscallPages());
        ContextMaps contexts = fds.contexts();
        return contexts == null ? all : with(all, contexts.slots(), contexts.totals());
    }

    /**
     * Out of a message, checked to be maps of exactly these sizes.
     *
     * @param threads what was asked for, as are {@code histograms} and {@code contexts}
     */
    static MapFds of(JsonObject json, int[] fds, int threads, int histograms, boolean contexts)
            throws HandOverException {
        int most = MAPS + (contexts ? OF_CONTEXTS : 0);
        if (fds.length != most && fds.length != most + OF_SYSCALLS) {
            throw new HandOverException(fds.length + " maps where " + most + " or " + (most + OF_SYSCALLS)
                    + " are expected");
        }
        if (number(json, THREADS) != threads || number(json, HISTOGRAMS) != histograms) {
            throw new HandOverException("other sizes than asked for");
        }
        boolean syscalls = fds.length > most;
        int first = syscalls ? MAPS + OF_SYSCALLS : MAPS;
        MapFds maps = new MapFds(fds[0], fds[1], fds[2], fds[3], fds[4], fds[5], fds[6], fds[7], fds[8], fds[9],
                fds[10], fds[11], threads, histograms, number(json, PAUSE_BYTES), number(json, SLOW_BYTES),
                syscalls ? fds[MAPS] : MapFds.NONE, syscalls ? fds[MAPS + 1] : MapFds.NONE, fds[12],
                contexts ? contexts(fds, first, number(json, CONTEXT_STRIPES)) : null);
        check(maps);
        return maps;
    }

    private static ContextMaps contexts(int[] fds, int first, int stripes) throws HandOverException {
        try {
            return new ContextMaps(fds[first], fds[first + 1], stripes);
        } catch (IllegalArgumentException e) {
            throw new HandOverException(e.getMessage());
        }
    }

    private static void check(MapFds maps) throws HandOverException {
        int supplyBytes = KernelMemory.supplyBytes(KernelMemory.supplyItems(maps.threads(), maps.histograms()));
        HandedFds.checkArray("rows", maps.rows(), RecordLayouts.ThreadRow.SIZE, maps.threads());
        HandedFds.checkArray("pages", maps.pages(), RecordLayouts.HistogramPage.SIZE, maps.histograms());
        HandedFds.checkArray("pool_pages", maps.poolPages(), RecordLayouts.PoolPages.SIZE, RecordSizes.POOLS);
        HandedFds.checkArray("supplies", maps.supplies(), supplyBytes, RecordLayouts.SupplyKind.SUPPLIES);
        HandedFds.checkArray("controls", maps.controls(), RecordLayouts.RowControl.SIZE, maps.threads());
        HandedFds.checkArray("row_meters", maps.rowMeters(), RecordLayouts.RowMeters.SIZE, maps.threads());
        HandedFds.checkArray("meters", maps.meters(), RecordLayouts.Meter.SIZE, maps.histograms());
        HandedFds.checkArray("disks", maps.disks(), RecordLayouts.Disk.SIZE, RecordSizes.DISKS);
        HandedFds.checkArray("globals", maps.globals(), RecordLayouts.Globals.SIZE, 1);
        HandedFds.checkRing("pause_records", maps.pauses(), maps.pauseBytes());
        HandedFds.checkRing("slow_records", maps.slow(), maps.slowBytes());
        HandedFds.checkArray("slow_limits", maps.slowLimits(), RecordLayouts.SlowLimits.SIZE, 1);
        HandedFds.checkArray("remotes", maps.remotes(), RecordLayouts.Remote.SIZE, RecordSizes.REMOTES);
        if (maps.contexts() != null) {
            ContextMaps contexts = maps.contexts();
            HandedFds.checkArray(ContextMaps.SLOTS, contexts.slots(), RecordLayouts.ContextSlot.SIZE, maps.threads());
            HandedFds.checkArray(ContextMaps.TOTALS, contexts.totals(), RecordLayouts.ContextTotal.SIZE,
                    contexts.totalEntries());
        }
        if (maps.syscalls() != MapFds.NONE) {
            HandedFds.checkArray("syscalls", maps.syscalls(), RecordLayouts.EventTotals.SIZE, RecordSizes.SYSCALLS);
            HandedFds.checkArray("syscall_pages", maps.syscallPages(), RecordLayouts.HistogramPage.SIZE,
                    RecordSizes.SYSCALLS);
        }
    }

    private static int number(JsonObject json, String key) throws HandOverException {
        try {
            int number = json.get(key).getAsInt();
            if (number > 0 && number <= MOST_RING_BYTES) {
                return number;
            }
        } catch (RuntimeException e) {
            throw new HandOverException("a message has no " + key);
        }
        throw new HandOverException(key + " makes no sense");
    }
}
