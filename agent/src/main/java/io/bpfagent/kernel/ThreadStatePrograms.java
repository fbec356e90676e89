package io.bpfagent.kernel;

import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The loaded programs: to be attached, asked for their statistics, and closed.
 *
 * <p>Assumptions: one thread. Guarantees: after {@link #close()} nothing of ours is in the kernel;
 * closing twice is harmless. A JVM that dies closes by dying.
 */
public final class ThreadStatePrograms implements AutoCloseable {
    private static final long MOST_END_MS = 200;

    private final Natives natives;
    private final BpfObject object;
    private final MapFds fds;
    private final HotSpotProbes hotSpotProbes;
    private final boolean canSeed;
    private final long bytes;
    private final LatencyPrograms latencies;
    private final List<Attachment> attachments = new ArrayList<>();
    /** Read by another thread at the host's end. */
    private final List<UserProbe> userProbes = new CopyOnWriteArrayList<>();
    private List<Probe> probes = List.of();
    private long recursionMisses;
    /** Null while nobody wants to know who wakes whom. */
    private SwitchedLink wakers;
    /** Of the user's probes that are gone. */
    private long formerMisses;

    ThreadStatePrograms(Natives natives, BpfObject object, MapFds fds, HotSpotProbes hotSpotProbes,
            boolean canSeed, long bytes, LatencyPrograms latencies) {
        this.natives = natives;
        this.object = object;
        this.fds = fds;
        this.hotSpotProbes = hotSpotProbes;
        this.canSeed = canSeed;
        this.bytes = bytes;
        this.latencies = latencies;
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
            attachments.add(Attachment.of(program, "tp_btf"));
        }
        attachHotSpotProbes();
        object.program("identify").run();
        // To be switched out and in once: then the records' clock is known to the microsecond.
        LockSupport.parkNanos(1_000_000);
        seed();
        attachments.addAll(latencies.attach(object, natives.libC().getpid()));
    }

    /**
     * Whether to note who wakes a thread that has been blocked for long: the CPU that decides it is often not the one on
     * which the thread is woken. It costs each wake-up on the machine some 60 ns.
     *
     * @throws KernelException if the program cannot be attached
     */
    public void noteWakers(boolean note) throws KernelException {
        if (note && wakers == null) {
            wakers = object.program(ThreadStateLoader.WAKERS).attachForAWhile();
        } else if (!note && wakers != null) {
            wakers.close();
            wakers = null;
        }
    }

    private void seed() {
        String name = "seed_threads";
        if (!canSeed) {
            attachments.add(Attachment.of(name, Probe.UNSUPPORTED,
                    "needs Linux 5.18: a thread that is blocked now appears when it wakes"));
            return;
        }
        try {
            object.program(name).iterate();
            attachments.add(Attachment.of(name, Probe.ATTACHED, "task iterator, once"));
        } catch (KernelException e) {
            attachments.add(Attachment.of(name, Probe.FAILED, e.getMessage()));
        }
    }

    private void attachHotSpotProbes() {
        boolean failed = false;
        if (hotSpotProbes.any()) {
            try {
                BpfProgram program = object.program(HotSpotProbes.PROGRAM);
                String how = hotSpotProbes.attach(program, natives.libC().getpid());
                attachments.add(Attachment.of(program, how));
            } catch (KernelException e) {
                failed = true;
                attachments.add(Attachment.of(HotSpotProbes.PROGRAM, Probe.FAILED, e.getMessage()));
            }
        }
        for (Probe outcome : hotSpotProbes.outcomes(failed)) {
            attachments.add(new Attachment(null, outcome));
        }
    }

    /** Loads a probe of the user's, which is yet to be attached. When it throws, nothing of it is in the kernel. */
    public UserProbe load(FoundProbe found, UserMetric metric) throws KernelException {
        UserProbe probe = UserProbe.load(natives, object, found, metric);
        userProbes.add(probe);
        return probe;
    }

    /** Takes such a probe out of the kernel. */
    public void close(UserProbe probe) {
        formerMisses += probe.counts().recursionMisses();
        userProbes.remove(probe);
        probe.close();
    }

    /** Brings what is known of open TCP connections up to date. */
    public void lookAtConnections() {
        latencies.connections().look();
    }

    /** Asks the kernel for every program's statistics: one system call each. */
    public void refreshStatistics() {
        List<Probe> now = new ArrayList<>(attachments.size());
        long misses = formerMisses;
        for (Attachment attachment : attachments) {
            Probe outcome = attachment.outcome();
            if (attachment.program() != null) {
                ProgramStatistics statistics = attachment.program().statistics();
                misses += statistics.recursionMisses();
                outcome = attachment.outcome(statistics);
            }
            now.add(outcome);
        }
        for (UserProbe probe : userProbes) {
            UserProbeCounts counts = probe.counts();
            misses += counts.recursionMisses();
            // Hits are always known; runs, which are of all processes, where the kernel counts them.
            now.add(new Probe(probe.metric().metric(), Probe.ATTACHED, probe.spec().text() + ": " + probe.how(),
                    counts.runs() == 0 ? counts.hits() : counts.runs(), counts.nsPerRun()));
        }
        latencies.connections().addProblem(now);
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
        long all = bytes;
        for (UserProbe probe : userProbes) {
            all += probe.kernelMemoryBytes();
        }
        return all;
    }

    /**
     * Called at the host's end, by another thread than all else: detaches the uprobes. When a process ends that has
     * links, the kernel takes them back one after the other, some 50 ms each for uprobes, and the process is there for
     * as long. At once they take as long as one.
     */
    public void endProcess() {
        List<Integer> fds = new ArrayList<>(object.letGo());
        for (UserProbe probe : userProbes) {
            fds.addAll(probe.letGo());
        }
        List<Thread> closers = new ArrayList<>(fds.size());
        for (int fd : fds) {
            Thread closer = new Thread(null, new Closer(natives, fd), "bpf-agent-end", 0, false);
            closer.setContextClassLoader(null);
            closer.start();
            closers.add(closer);
        }
        long endNs = System.nanoTime() + MOST_END_MS * 1_000_000;
        try {
            for (Thread closer : closers) {
                closer.join(Math.max(1, (endNs - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            // the process ends without us
            return;
        }
    }

    private record Closer(Natives natives, int fd) implements Runnable {
        @Override
        public void run() {
            natives.libC().close(fd);
        }
    }

    @Override
    public void close() {
        attachments.clear();
        try (BpfObject last = object; SwitchedLink first = wakers) {
            closeUserProbes(); // and the others on the way out
        }
    }

    /** The last first, and each of them even when the one before throws. */
    private void closeUserProbes() {
        if (!userProbes.isEmpty()) {
            try {
                userProbes.remove(userProbes.size() - 1).close();
            } finally {
                closeUserProbes();
            }
        }
    }
}
