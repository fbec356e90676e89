package io.bpfagent.kernel;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
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
public final class ThreadStatePrograms implements KernelPrograms {
    static final String SWITCH = "sched_switch";
    static final String WAKE_UP = "sched_wakeup";
    static final String NEW_THREAD = "sched_wakeup_new";
    static final String IDENTIFY = "identify";
    static final String IDENTIFY_OTHER = "identify_other";
    /** How old what is told of programs may be while the kernel does not count their runs. */
    private static final long ASK_NS = 10_000_000_000L;
    /** Between two looks whether it does by now. */
    private static final long LOOK_NS = 1_900_000_000L;

    private final Natives natives;
    private final BpfObject object;
    private final MapFds fds;
    private final HotSpotProbes hotSpotProbes;
    private final boolean canSeed;
    private final long bytes;
    private final LatencyPrograms latencies;
    private final LoadTarget target;
    private final List<Counter> wantedCounters;
    /** Null while there are none. */
    private CounterPrograms counters;
    private final List<Attachment> attachments = new ArrayList<>();
    private final List<ProbeGroup> switchable = new ArrayList<>();
    /** The attachments of HotSpot's probes that are always there end there. */
    private int hotSpotEnd;
    private boolean closed;
    /** Read by another thread at the host's end. */
    private final List<UserProbe> userProbes = new CopyOnWriteArrayList<>();
    private List<Probe> probes = List.of();
    private long recursionMisses;
    /** Null while nobody wants to know who wakes whom. */
    private SwitchedLink wakers;
    /** What tells it; null before the first time. */
    private BpfProgram waking;
    /** Runs of the first program when all were asked last, and when that was. */
    private long firstRuns = -1;
    private long askedNs;
    private long lookedNs;
    private boolean hasChanged = true;
    private boolean isMeasured;
    /** Of the user's probes that are gone. */
    private long formerMisses;

    ThreadStatePrograms(Natives natives, BpfObject object, MapFds fds, HotSpotProbes hotSpotProbes,
            boolean canSeed, long bytes, LatencyPrograms latencies, LoadTarget target, List<Counter> counters) {
        this.natives = natives;
        this.object = object;
        this.fds = fds;
        this.hotSpotProbes = hotSpotProbes;
        this.canSeed = canSeed;
        this.bytes = bytes;
        this.latencies = latencies;
        this.target = target;
        this.wantedCounters = counters;
    }

    /** Maps what the programs write, and loads the counters that are wanted. To be closed before this. */
    @Override
    public MappedMaps map() throws KernelException {
        if (!wantedCounters.isEmpty()) {
            counters = CounterPrograms.load(natives, object, wantedCounters);
        }
        MappedMaps maps = MappedMaps.map(natives, fds);
        try {
            if (counters != null) {
                counters.mapRows(maps, fds.threads());
            }
            return maps;
        } catch (KernelException | RuntimeException | Error e) {
            maps.close();
            throw e;
        }
    }

    /**
     * Notes which process, and as which program, is to be looked at: another's only. From here on nothing else will be,
     * whatever it becomes by execve(2) before everything is attached, or later.
     */
    void noteHost() throws KernelException {
        object.program(IDENTIFY_OTHER).iterateTasksOf(target.pid());
    }

    /**
     * Attaches everything; rows and pages must have been supplied. The scheduler's events are
     * necessary, the rest is not and only reported.
     *
     * <p>Programs are attached one after the other, and so are the sites of HotSpot's probes; all of it
     * counts from the moment on when {@code identify} has run, so that nothing has a begin without an end.
     */
    @Override
    public void attach() throws KernelException {
        // The first at a switch, so that a thread that ends there still has its row.
        if (counters != null) {
            counters.attach();
        }
        for (String name : ThreadStateLoader.schedulerPrograms()) {
            BpfProgram program = object.program(name);
            program.attach();
            attachments.add(Attachment.of(program, "tp_btf"));
        }
        attachHotSpotProbes();
        if (target.isOwn()) {
            object.program(IDENTIFY).run();
        } else {
            object.program(IDENTIFY_OTHER).iterateTasksOf(target.pid());
        }
        if (counters != null) {
            counters.begin();
        }
        // To be switched out and in once: then the records' clock is known to the microsecond.
        LockSupport.parkNanos(1_000_000);
        seed();
        latencies.attach(object, target.pid());
        switchable.addAll(latencies.switchable());
        if (counters != null) {
            attachments.addAll(counters.attachments());
        }
    }

    /**
     * Whether to note who wakes a thread that has been blocked for long: the CPU that decides it is often not the one
     * on which the thread is woken. It costs each wake-up on the machine some 60 ns.
     *
     * @throws KernelException if the program cannot be attached
     */
    @Override
    public void noteWakers(boolean note) throws KernelException {
        if (note && wakers == null) {
            waking = object.program(ThreadStateLoader.WAKERS);
            wakers = waking.attachForAWhile();
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
        hotSpotProbes.of(target.pid());
        if (hotSpotProbes.count(null) > 0) {
            try {
                BpfProgram program = object.program(HotSpotProbes.PROGRAM);
                String how = hotSpotProbes.attach(program);
                attachments.add(Attachment.of(program, how));
            } catch (KernelException e) {
                failed = true;
                attachments.add(Attachment.of(HotSpotProbes.PROGRAM, Probe.FAILED, e.getMessage()));
            }
        }
        for (Probe outcome : hotSpotProbes.outcomes(failed)) {
            attachments.add(new Attachment(null, outcome));
        }
        for (HotSpotProbes.OnRequest group : hotSpotProbes.groups()) {
            if (group.isWanted()) {
                group.begin(object);
            } else {
                group.leaveOff("on request: metrics=all+" + group.name());
            }
            switchable.add(group);
        }
        hotSpotEnd = attachments.size();
    }

    @Override
    public List<String> switchable() {
        List<String> names = new ArrayList<>(switchable.size());
        for (ProbeGroup group : switchable) {
            names.add(group.name());
        }
        return names;
    }

    private ProbeGroup group(String name) {
        for (ProbeGroup group : switchable) {
            if (group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    @Override
    public boolean isOn(String name) {
        ProbeGroup group = group(name);
        return group != null && group.isOn();
    }

    @Override
    public List<Metric> metricsOf(String name) {
        ProbeGroup group = group(name);
        return group == null ? List.of() : group.metrics();
    }

    @Override
    public void turn(String name, boolean on, String why) throws KernelException {
        ProbeGroup group = group(name);
        if (group != null && on) {
            group.turnOn(object);
        } else if (group != null) {
            group.turnOff(object, why);
        }
        hasChanged = true;
    }

    @Override
    public List<EventMetric> onRequest() {
        return hotSpotProbes.onRequest();
    }

    @Override
    public List<ProgramUse> uses(Snapshot snapshot, ByteBuffer globals, boolean ask) {
        HitCounts counts = HitCounts.of(snapshot, globals);
        ProgramStatisticsReader reader = ask || isMeasured ? ProgramStatisticsReader.KERNEL
                : ProgramStatisticsReader.NONE;
        List<ProgramUse> uses = new ArrayList<>(16);
        for (Attachment attachment : attachments) {
            BpfProgram program = attachment.program();
            if (program != null) {
                uses.add(use(program, counts, reader.of(List.of(program))));
            }
        }
        if (wakers != null) {
            uses.add(new ProgramUse(ThreadStateLoader.WAKERS, "tp_btf", 1, false, true, true, "", List.of(),
                    counts.of(RecordSizes.HITS_OF_WAKERS), ProgramCost.WAKER, reader.of(List.of(waking)),
                    ThreadStateLoader.WAKERS));
        }
        for (ProbeGroup group : switchable) {
            uses.add(group.use(counts, reader));
        }
        for (UserProbe probe : userProbes) {
            uses.add(probe.use());
        }
        return uses;
    }

    private ProgramUse use(BpfProgram program, HitCounts counts, ProgramStatistics statistics) {
        String name = program.name();
        return name.equals(HotSpotProbes.PROGRAM)
                ? HotSpotProbes.use(hotSpotProbes.count(null), counts, statistics)
                : schedulerUse(name, counts, statistics);
    }

    /** Of one of the programs that keep the states of threads. */
    static ProgramUse schedulerUse(String name, HitCounts counts, ProgramStatistics statistics) {
        boolean isSwitch = name.equals(SWITCH);
        long hits = isSwitch ? counts.switches() : name.equals(WAKE_UP) ? counts.wakeUps() : counts.threads();
        return new ProgramUse(name, "tp_btf", 1, false, true, true, "", List.of(), hits,
                isSwitch ? ProgramCost.SWITCH : ProgramCost.WAKE_UP, statistics, name);
    }

    @Override
    public AutoCloseable measure() {
        int fd = natives.libBpf().bpf_enable_stats(0);
        return fd < 0 ? null : new Measurement(natives, fd);
    }

    private record Measurement(Natives natives, int fd) implements AutoCloseable {
        @Override
        public void close() {
            natives.libC().close(fd);
        }
    }

    /** Loads a probe of the user's, which is yet to be attached. When it throws, nothing of it is in the kernel. */
    @Override
    public UserProbe load(FoundProbe found, UserMetric metric) throws KernelException {
        UserProbe probe = UserProbe.load(natives, object, found, metric);
        userProbes.add(probe);
        hasChanged = true;
        return probe;
    }

    /** Takes such a probe out of the kernel. */
    @Override
    public void close(UserProbe probe) {
        formerMisses += probe.counts().recursionMisses();
        userProbes.remove(probe);
        hasChanged = true;
        probe.close();
    }

    /** Brings what is known of open TCP connections up to date. */
    @Override
    public void lookAtConnections() {
        latencies.connections().look();
    }

    /** Brings what has been counted for the threads that are on a CPU up to date. */
    @Override
    public void lookAtCounters() {
        if (counters != null) {
            counters.look();
        }
    }

    /**
     * Asks the kernel for every program's statistics: one system call each, so seldom as long as the kernel does not
     * count, which the first of them tells.
     */
    @Override
    public void refreshStatistics() {
        long nowNs = System.nanoTime();
        if (closed) {
            probes = List.of();
            return;
        }
        if (!hasChanged && userProbes.isEmpty() && !isMeasured && nowNs - lookedNs < LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        BpfProgram first = attachments.isEmpty() ? null : attachments.get(0).program();
        long runs = first == null ? 0 : first.statistics().runs();
        if (runs != firstRuns || hasChanged || !userProbes.isEmpty() || nowNs - askedNs >= ASK_NS) {
            isMeasured = firstRuns >= 0 && runs != firstRuns;
            firstRuns = runs;
            hasChanged = false;
            askedNs = nowNs;
            askAll();
        }
    }

    private void askAll() {
        List<Attachment> all = new ArrayList<>(attachments.subList(0, hotSpotEnd));
        for (HotSpotProbes.OnRequest group : hotSpotProbes.groups()) {
            all.addAll(group.attachments());
        }
        all.addAll(attachments.subList(hotSpotEnd, attachments.size()));
        all.addAll(latencies.attachments());
        List<Probe> now = new ArrayList<>(all.size());
        long misses = formerMisses;
        for (Attachment attachment : all) {
            Probe outcome = attachment.outcome();
            if (attachment.program() != null) {
                ProgramStatistics statistics = attachment.program().statistics();
                misses += statistics.recursionMisses();
                outcome = outcome.status().equals(Probe.OFF) ? outcome : attachment.outcome(statistics);
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
        if (counters != null) {
            counters.addProblem(now);
        }
        probes = List.copyOf(now);
        recursionMisses = misses;
    }

    /** The state of every probe as of the last {@link #refreshStatistics}. */
    @Override
    public List<Probe> probes() {
        return probes;
    }

    /**
     * Events that the kernel did not give to a program because it was running on that CPU already, as
     * of the last {@link #refreshStatistics}.
     */
    @Override
    public long recursionMisses() {
        return recursionMisses;
    }

    /** What the maps take in the kernel, bytes. */
    @Override
    public long kernelMemoryBytes() {
        long all = bytes + (counters == null ? 0 : counters.bytes());
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
    @Override
    public void endProcess() {
        List<Integer> letGo = new ArrayList<>(object.letGo());
        for (UserProbe probe : userProbes) {
            letGo.addAll(probe.letGo());
        }
        FdClosers.closeAtOnce(natives, letGo);
    }

    /** For who hands them to another process. */
    BpfObject object() {
        return object;
    }

    MapFds fds() {
        return fds;
    }

    Natives natives() {
        return natives;
    }

    LatencyPrograms latencies() {
        return latencies;
    }

    @Override
    public void close() {
        closed = true;
        attachments.clear();
        switchable.clear();
        try (BpfObject last = object; CounterPrograms second = counters; SwitchedLink first = wakers) {
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
