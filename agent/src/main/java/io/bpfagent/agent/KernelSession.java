package io.bpfagent.agent;

import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.ProcessVmMemory;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.MappedMaps;
import io.bpfagent.kernel.ThreadStateLoader;
import io.bpfagent.kernel.ThreadStatePrograms;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.Probe;
import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The kernel side while the agent is on: loaded, mapped, attached, and read.
 *
 * <p>Assumptions: one thread opens, reads and closes. Guarantees: when opening fails nothing of ours
 * stays in the kernel; memory is unmapped only after the last read; closing twice is harmless.
 */
final class KernelSession implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private HotSpot hotSpot;
    private ThreadStatePrograms programs;
    private Ledger ledger;

    private KernelSession() {}

    /** Does everything from opening libbpf to attaching the last probe. */
    static KernelSession open(Arguments arguments, Instrumentation instrumentation)
            throws KernelException, NativeTierException {
        ThreadStateLoader.checkRequirements(arguments);
        NativeTier natives = NativeTier.open(arguments.tmpdir().toString(), arguments.libbpf().orElse(null));
        KernelSession session = new KernelSession();
        try {
            session.open(natives, arguments, instrumentation);
            return session;
        } catch (KernelException | RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private void open(NativeTier natives, Arguments arguments, Instrumentation instrumentation)
            throws KernelException {
        ProcessVmMemory memory = keep(new ProcessVmMemory(natives.libC()));
        hotSpot = HotSpot.probe(memory, instrumentation);
        // Closed before the programs: what is unmapped is counted in a moment longer, and that is all.
        programs = keep(new ThreadStateLoader(natives, arguments, hotSpot).load());
        MappedMaps maps = keep(programs.map());
        ledger = new Ledger(maps.memory(), hotSpot.identitySource(), maps::clockNs, programs::recursionMisses);
        ledger.supplyAll();
        programs.attach();
    }

    private <T extends AutoCloseable> T keep(T handle) {
        open.push(handle);
        return handle;
    }

    /** Reads everything once. */
    Snapshot read() {
        programs.refreshStatistics();
        return ledger.read();
    }

    /** Whether to read before the interval is over, so that rows of ended threads come back in time. */
    boolean runningLow() {
        return ledger.runningLow();
    }

    /** As of the last read, with what could not be found out about this JVM. */
    List<Probe> probes() {
        List<Probe> probes = new ArrayList<>(programs.probes());
        for (String reason : hotSpot.reasons()) {
            probes.add(new Probe("hotspot", Probe.UNSUPPORTED, reason, 0, 0));
        }
        return List.copyOf(probes);
    }

    long kernelMemoryBytes() {
        return programs.kernelMemoryBytes();
    }

    @Override
    public void close() {
        ledger = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                // None of them declares one; and the next must be closed whatever happens.
                continue;
            }
        }
    }
}
