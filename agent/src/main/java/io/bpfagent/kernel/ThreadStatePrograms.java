package io.bpfagent.kernel;

import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The loaded programs: to be attached, asked for their statistics, and closed.
 *
 * <p>Assumptions: one thread. Guarantees: after {@link #close()} nothing of ours is in the kernel;
 * closing twice is harmless. A JVM that dies closes by dying.
 */
public final class ThreadStatePrograms implements AutoCloseable {
    private final Natives natives;
    private final BpfObject object;
    private final MapFds fds;
    private final HotSpotProbes hotSpotProbes;
    private final boolean canSeed;
    private final long bytes;
    private final List<Attachment> attachments = new ArrayList<>();
    private List<Probe> probes = List.of();
    private long recursionMisses;

    /** A program and what became of it; program is null where it could not be attached. */
    private record Attachment(BpfProgram program, Probe outcome) {}

    ThreadStatePrograms(Natives natives, BpfObject object, MapFds fds, HotSpotProbes hotSpotProbes,
            boolean canSeed, long bytes) {
        this.natives = natives;
        this.object = object;
        this.fds = fds;
        this.hotSpotProbes = hotSpotProbes;
        this.canSeed = canSeed;
        this.bytes = bytes;
    }

    /** Maps what the programs write. To be closed before this. */
    public MappedMaps map() throws KernelException {
        return MappedMaps.map(natives, fds);
    }

    /**
     * Attaches everything; rows and pages must have been supplied. The scheduler's events are
     * necessary, the rest is not and only reported.
     *
     * <p>Programs are attached one after the other, and so are the sites of HotSpot's probes; all of it
     * counts from the moment on when {@code identify} has run, so that nothing has a begin without an end.
     */
    public void attach() throws KernelException {
        for (String name : ThreadStateLoader.schedulerPrograms()) {
            BpfProgram program = object.program(name);
            program.attach();
            attachments.add(new Attachment(program, new Probe(name, Probe.ATTACHED, "tp_btf", 0, 0)));
        }
        attachHotSpotProbes();
        object.program("identify").run();
        // To be switched out and in once: then the records' clock is known to the microsecond.
        LockSupport.parkNanos(1_000_000);
        seed();
    }

    private void seed() {
        Probe outcome;
        if (canSeed) {
            try {
                object.program("seed_threads").iterate();
                outcome = new Probe("seed_threads", Probe.ATTACHED, "task iterator, once", 0, 0);
            } catch (KernelException e) {
                outcome = new Probe("seed_threads", Probe.FAILED, e.getMessage(), 0, 0);
            }
        } else {
            outcome = new Probe("seed_threads", Probe.UNSUPPORTED, "needs Linux 5.18: a thread that is"
                    + " blocked now appears when it wakes", 0, 0);
        }
        attachments.add(new Attachment(null, outcome));
    }

    private void attachHotSpotProbes() {
        boolean failed = false;
        if (hotSpotProbes.any()) {
            try {
                BpfProgram program = object.program(HotSpotProbes.PROGRAM);
                String how = hotSpotProbes.attach(program, natives.libC().getpid());
                attachments.add(new Attachment(program, new Probe(program.name(), Probe.ATTACHED, how, 0, 0)));
            } catch (KernelException e) {
                failed = true;
                attachments.add(new Attachment(null,
                        new Probe(HotSpotProbes.PROGRAM, Probe.FAILED, e.getMessage(), 0, 0)));
            }
        }
        for (Probe outcome : hotSpotProbes.outcomes(failed)) {
            attachments.add(new Attachment(null, outcome));
        }
    }

    /** Asks the kernel for every program's statistics: one system call each. */
    public void refreshStatistics() {
        List<Probe> now = new ArrayList<>(attachments.size());
        long misses = 0;
        for (Attachment attachment : attachments) {
            Probe outcome = attachment.outcome();
            if (attachment.program() != null) {
                ProgramStatistics statistics = attachment.program().statistics();
                misses += statistics.recursionMisses();
                outcome = new Probe(outcome.name(), outcome.status(), outcome.detail(), statistics.runs(),
                        statistics.nsPerRun());
            }
            now.add(outcome);
        }
        probes = List.copyOf(now);
        recursionMisses = misses;
    }

    /** The state of every probe as of the last {@link #refreshStatistics}. */
    public List<Probe> probes() {
        return probes;
    }

    /**
     * Events that the kernel did not give to a program because it was running on that CPU already, as
     * of the last {@link #refreshStatistics}.
     */
    public long recursionMisses() {
        return recursionMisses;
    }

    /** What the maps take in the kernel, bytes. */
    public long kernelMemoryBytes() {
        return bytes;
    }

    @Override
    public void close() {
        attachments.clear();
        object.close();
    }
}
