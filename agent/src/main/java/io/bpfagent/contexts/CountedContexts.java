package io.bpfagent.contexts;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.boot.VirtualRuntime;
import io.bpfagent.correlation.CarrierTimes;
import io.bpfagent.correlation.ContextMemory;
import io.bpfagent.correlation.ContextTables;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.natives.NativeTier;

/**
 * Connects {@link ContextRuntime}, which the host's threads call, with what the BPF programs read.
 *
 * <p>Assumptions: {@link BootClasses#define} has come first; one thread. Guarantees: after {@link #close} no thread
 * begins a context any more; one that is just doing so writes into memory that stays.
 */
public final class CountedContexts implements AutoCloseable {
    private final NativeTier natives;
    private final ContextMemory memory;
    private final long clockAheadNs;

    /** @param clockAheadNs how far System.nanoTime is ahead of the kernel's CLOCK_MONOTONIC */
    public CountedContexts(NativeTier natives, ContextMemory memory, long clockAheadNs) {
        this.natives = natives;
        this.memory = memory;
        this.clockAheadNs = clockAheadNs;
    }

    /** What the numbers in the memory stand for. */
    public ContextTables tables() {
        return new RuntimeTables();
    }

    /** What carriers count of virtual threads. */
    public CarrierTimes followed() {
        return new FollowedThreads();
    }

    /** From now on contexts are counted. */
    public void begin() throws KernelException {
        try {
            ContextRuntime.install(memory.slots(), new OwnRow(natives, memory.slots()), clockAheadNs);
        } catch (RuntimeException | LinkageError e) {
            throw new KernelException("Cannot follow contexts", ": " + e.getMessage()
                    + ". All else works without contexts=, trace=, requests= and virtual=; please report it.");
        }
    }

    /** Once in a while: threads that had no row may have one by now, and no virtual thread has a carrier unseen. */
    public void refresh() {
        VirtualRuntime.refresh();
        ContextRuntime.forgetMissingRows();
    }

    @Override
    public void close() {
        ContextRuntime.uninstall();
    }
}
