package io.bpfagent.kernel;

import io.bpfagent.agent.ArgumentException;
import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.Settings;
import java.nio.ByteBuffer;

/** What the loader writes before it loads, for who plays the programs without a kernel. */
public final class LoadedConstants {
    private LoadedConstants() {}

    /** How many slots the index of so many rows has. */
    public static int indexSlots(int rows) {
        return ThreadStateLoader.indexSlots(rows);
    }

    /** What the programs begin with. @param globals all zero */
    public static void writeGlobals(ByteBuffer globals) {
        globals.putInt(Globals.HOST_TGID, -1);
    }

    /** Where contexts are counted too, on a machine with so many CPUs. */
    public static void writeContexts(ByteBuffer settings, int cpus) {
        ContextMaps.write(settings, cpus);
    }

    /**
     * Of a HotSpot of which everything is known, by {@link HotSpots#full}.
     *
     * @param settings    of {@link Settings#SIZE} bytes, all zero
     * @param sites       of {@link HotSpotProbes#SITES_BYTES} bytes, all zero
     * @param steadyClock whether the scheduler's clock is the same on all CPUs
     */
    public static void write(ByteBuffer settings, ByteBuffer sites, int rows, int pages, int ringBytes,
            boolean steadyClock) {
        try {
            HotSpot hotSpot = HotSpots.full();
            Arguments arguments = Arguments.read("");
            KernelRequirements kernel = new KernelRequirements("6.18", -1);
            HotSpotProbes probes = new HotSpotProbes(
                    ProbeChooser.choose(hotSpot, arguments, Registers.X86_64, 25, true), HotSpots.LIBJVM);
            new ThreadStateSettings(hotSpot, arguments.metrics(), probes.onRequest()).write(settings,
                    indexSlots(rows) - 1, pages, KernelMemory.supplyItems(rows, pages), 0, ringBytes / 1024, kernel);
            settings.put(Settings.HAS_STEADY_CLOCK, (byte) (steadyClock ? 1 : 0));
            probes.write(sites);
        } catch (ArgumentException e) {
            throw new AssertionError(e);
        }
    }
}
