package io.bpfagent.agent;

import io.bpfagent.contexts.BootClasses;
import io.bpfagent.contexts.CountedContexts;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.pause.PauseReader;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.correlation.slow.SlowReader;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.OwnAllocation;
import io.bpfagent.hotspot.ProcessVmMemory;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.KernelPrograms;
import io.bpfagent.kernel.MappedMaps;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.kernel.ThreadStateLoader;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.Probe;
import io.bpfagent.report.UserProbeReport;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The kernel side while the agent is on: loaded, mapped, attached, and read.
 *
 * <p>Assumptions: one thread opens, reads and closes. Guarantees: when opening fails nothing of ours
 * stays in the kernel; memory is unmapped only after the last read; closing twice is harmless.
 */
final class KernelSession implements Session {
    private ProcessVmMemory memory;
    private HotSpot hotSpot;
    /** Read by another thread at the host's end. */
    private volatile KernelPrograms programs;
    private MappedMaps maps;
    private Ledger ledger;
    private PauseReader pauses;
    private SlowEvents slow;
    /** Null until the first is wanted. */
    private UserProbes userProbes;
    /** Null where contexts are not counted. */
    private CountedContexts contexts;
    /** Null where it cannot be had. */
    private OwnAllocation allocation;
    /** What the programs were loaded for. */
    private KeptMetrics loaded;

    private KernelSession() {}

    // No lambdas here, nor elsewhere on the way to the first snapshot: each costs a class, and the first
    // ones of a kind 10 ms and megabytes of the JIT compilers' memory.

    /** Opens one. */
    static final class Opener implements Session.Opening {
        @Override
        public Session open(Arguments arguments, Instrumentation instrumentation)
                throws KernelException, NativeTierException {
            return openSession(arguments, instrumentation, null);
        }

        @Override
        public String missingPrivileges() {
            return ThreadStateLoader.missingPrivileges();
        }

        @Override
        public Session take(Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
                throws KernelException, NativeTierException {
            return openSession(arguments, instrumentation, door);
        }
    }

    private record Clock(MappedMaps maps) implements LongSupplier {
        @Override
        public long getAsLong() {
            return maps.clockNs();
        }
    }

    private record WallClock() implements LongSupplier {
        @Override
        public long getAsLong() {
            return System.currentTimeMillis();
        }
    }

    private record RecursionMisses(KernelPrograms programs) implements LongSupplier {
        @Override
        public long getAsLong() {
            return programs.recursionMisses();
        }
    }

    /** Does everything from opening libbpf to attaching the last probe. @param door null when it loads by itself */
    private static KernelSession openSession(Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
            throws KernelException, NativeTierException {
        if (door == null) {
            ThreadStateLoader.checkRequirements(arguments);
        }
        NativeTier natives = NativeTier.open(arguments.tmpdir().toString(), arguments.libbpf().orElse(null));
        KernelSession session = new KernelSession();
        try {
            session.open(natives, arguments, instrumentation, door);
            return session;
        } catch (KernelException | NativeTierException | RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private void open(NativeTier natives, Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
            throws KernelException, NativeTierException {
        if (arguments.contexts().on()) {
            BootClasses.define(instrumentation, arguments.tmpdir().toString());
        }
        memory = new ProcessVmMemory(natives.libC());
        hotSpot = HotSpot.probe(memory, instrumentation);
        if (arguments.metrics().keepsCallsOnDescriptors()) {
            hotSpot = hotSpot.withDescriptors(instrumentation);
        }
        allocation = hotSpot.allocation(memory);
        loaded = arguments.metrics();
        if (door == null) {
            programs = new ThreadStateLoader(natives, arguments, hotSpot).load();
            begin(natives, arguments);
            return;
        }
        try (HandOverEntrance entrance = HandOverEntrance.open(natives, door)) {
            programs = entrance.take(arguments, hotSpot);
            begin(natives, arguments);
        }
    }

    /** Maps, supplies and attaches what is loaded. */
    private void begin(NativeTier natives, Arguments arguments) throws KernelException {
        maps = programs.map();
        LongSupplier clock = new Clock(maps);
        ledger = new Ledger(maps.memory(), hotSpot.identitySource(), clock, new RecursionMisses(programs));
        if (maps.counters() != null) {
            ledger.count(maps.counters());
        }
        if (maps.contexts() != null) {
            contexts = new CountedContexts(natives, maps.contexts(), maps.clockAheadNs());
            ledger.count(maps.contexts(), contexts.tables());
            ledger.follow(contexts.followed(), maps.contexts());
        }
        pauses = new PauseReader(maps.pauseRing(), maps.memory(), ledger, clock, new WallClock());
        String noSlowEvents = ThreadStateLoader.slowEventsProblem();
        SlowLimits limits = noSlowEvents == null ? arguments.slowLimits() : SlowLimits.OFF;
        slow = new SlowEvents(new SlowReader(maps.slowRing(), maps.memory(), ledger, limits, arguments.stacksNs(),
                hotSpot.identities().stacks(), clock, new WallClock()), programs, arguments.stacksNs(),
                noSlowEvents == null ? whyNone(limits) : noSlowEvents);
        ledger.supplyAll();
        programs.attach();
        if (contexts != null) {
            contexts.begin();
        }
    }

    private static String whyNone(SlowLimits limits) {
        return limits.isOff() ? "slow=off: no wait or call is told of" : null;
    }

    @Override
    public String slowProblem() {
        return ThreadStateLoader.slowEventsProblem();
    }

    @Override
    public void changeSlow(Arguments arguments) {
        SlowLimits limits = arguments.slowLimits();
        slow.change(limits, arguments.stacksNs(), whyNone(limits));
    }

    @Override
    public List<ProgramUse> uses(Snapshot snapshot, boolean ask) {
        List<ProgramUse> uses = programs.uses(snapshot, maps.memory().globals(), ask);
        if (userProbes != null) {
            userProbes.addUsesOfThoseOff(uses);
        }
        return uses;
    }

    @Override
    public AutoCloseable measure() {
        return programs.measure();
    }

    @Override
    public long mappedBytes() {
        return maps.mappedBytes();
    }

    @Override
    public long allocatedBytes(Thread thread) {
        return allocation == null ? -1 : allocation.of(thread);
    }

    @Override
    public List<String> switchable() {
        List<String> names = new ArrayList<>(programs.switchable());
        for (UserMetric metric : userMetrics()) {
            names.add(metric.metric());
        }
        return names;
    }

    @Override
    public boolean isOn(String name) {
        return programs.isOn(name) || userProbes != null && userProbes.isOn(name);
    }

    @Override
    public List<Metric> metricsOf(String name) {
        return programs.metricsOf(name);
    }

    @Override
    public void turn(String name, boolean on, String why) throws KernelException {
        if (programs.switchable().contains(name)) {
            try {
                programs.turn(name, on, why);
            } finally {
                slow.ignoreCalls(metricsThatAreOff());
            }
        } else if (userProbes != null) {
            userProbes.turn(name, on, why);
        }
    }

    private List<Metric> metricsThatAreOff() {
        List<Metric> off = new ArrayList<>();
        for (String name : programs.switchable()) {
            if (!programs.isOn(name)) {
                off.addAll(programs.metricsOf(name));
            }
        }
        return off;
    }

    @Override
    public boolean canCount(Metric metric) {
        return loaded.keeps(metric) || metric instanceof EventMetric event && programs.onRequest().contains(event);
    }

    @Override
    public Snapshot read() {
        if (contexts != null) {
            contexts.refresh();
        }
        programs.lookAtConnections();
        programs.refreshStatistics();
        // The last, so that they are of the same moment as the times.
        programs.lookAtCounters();
        return slow.addTo(pauses.addTo(ledger.read()));
    }

    @Override
    public boolean look() {
        boolean eventsWait = slow.look();
        return pauses.look() || eventsWait;
    }

    @Override
    public boolean isBusy() {
        return pauses.isBusy();
    }

    @Override
    public long lookInNs(long usualNs, long soonNs) {
        return slow.lookInNs(usualNs, soonNs);
    }

    @Override
    public boolean isCrowded() {
        return pauses.isCrowded();
    }

    @Override
    public boolean runningLow() {
        return ledger.runningLow();
    }

    @Override
    public List<Probe> probes() {
        List<Probe> probes = withProblem(programs.probes(), pauses.problem());
        probes.addAll(slow.problems());
        if (userProbes != null) {
            probes.addAll(userProbes.off());
        }
        for (String reason : hotSpot.reasons()) {
            probes.add(new Probe("hotspot", Probe.UNSUPPORTED, reason, 0, 0));
        }
        return List.copyOf(probes);
    }

    /**
     * The probes, with the reason why no pause is listed where there is one: what marks a pause's begin and end
     * has then failed, although it is attached and counts.
     */
    static List<Probe> withProblem(List<Probe> probes, String problem) {
        List<Probe> told = new ArrayList<>(probes);
        for (int i = 0; problem != null && i < told.size(); i++) {
            Probe probe = told.get(i);
            boolean delimits = probe.name().equals(HotSpotProbe.SAFEPOINT_BEGIN.note())
                    || probe.name().equals(HotSpotProbe.SAFEPOINT_END.note());
            if (delimits && probe.status().equals(Probe.ATTACHED)) {
                told.set(i, new Probe(probe.name(), Probe.FAILED, problem, probe.runs(), probe.nsPerRun()));
            }
        }
        return told;
    }

    @Override
    public void addProbe(ProbeSpec spec) throws ProbeException, KernelException {
        if (userProbes == null) {
            userProbes = new UserProbes(this, programs, ledger, hotSpot.flags());
        }
        userProbes.add(spec);
    }

    @Override
    public void removeProbe(String name) throws ProbeException, KernelException {
        if (userProbes == null) {
            throw UserProbes.noneOf(name, "there is none");
        }
        userProbes.remove(name);
    }

    @Override
    public List<UserMetric> userMetrics() {
        return userProbes == null ? List.of() : userProbes.metrics();
    }

    @Override
    public List<UserProbeReport> userProbes() {
        return userProbes == null ? List.of() : userProbes.reports();
    }

    @Override
    public long kernelMemoryBytes() {
        return programs.kernelMemoryBytes();
    }

    @Override
    public void endProcess() {
        KernelPrograms opened = programs;
        if (opened != null) {
            opened.endProcess();
        }
    }

    @Override
    public void close() {
        ledger = null;
        pauses = null;
        slow = null;
        userProbes = null;
        allocation = null;
        if (contexts != null) {
            contexts.close();
            contexts = null;
        }
        // The last first. What is unmapped is counted in a moment longer, and that is all.
        try (ProcessVmMemory freed = memory; KernelPrograms detached = programs; MappedMaps unmapped = maps) {
            // closed on the way out, each of them even when the one before throws
            return;
        }
    }
}
