package io.bpfagent.report;

import static io.bpfagent.correlation.Snapshots.activity;

import io.bpfagent.agent.AgentState;
import io.bpfagent.control.ProbeChange;
import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.DiskUsage.Operation;
import io.bpfagent.correlation.DiskUsage.User;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.PauseTimes;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.correlation.slow.SlowLimits;
import java.util.List;
import java.util.Map;

/** An agent without a kernel, whose every answer a test sets. */
public final class FakeAgent implements AgentView {
    public volatile AgentState state = AgentState.ON;
    public volatile String error;
    public volatile Snapshot latest;
    public volatile Snapshot interval;
    /** As by default, and sizes of objects. */
    public static final List<Metric> ALL = Metrics.ALL.stream()
            .filter(metric -> !metric.isOnRequest() || metric == EventMetric.OBJECT_ALLOC).toList();
    /** Those of 10 ms. */
    public static final SlowLimits LIMITS = SlowLimits.of(10_000_000, Map.of());
    public volatile List<Metric> metrics = ALL;
    public volatile long pauseThresholdNs = 100_000_000;
    public volatile List<Probe> probes = List.of(
            new Probe("sched_switch", Probe.ATTACHED, "tp_btf", 1_000_000, 61.25),
            new Probe("thread__start", Probe.UNSUPPORTED, "libjvm has no notes; names are looked up", 0, Double.NaN));
    /** Of a JVM with probes. */
    public static final List<Probe> PAUSE_PROBES = List.of(
            new Probe("safepoint__begin", Probe.ATTACHED, "1 site", 0, 0),
            new Probe("safepoint__end", Probe.ATTACHED, "2 sites", 0, 0));
    /** Null, or {@link #sampleCost()}. */
    public volatile Cost cost;
    /** What {@link #set} was given last, and what it answers. */
    public volatile String given;
    public volatile String refusal;
    public volatile boolean detachRequested;
    public volatile Runnable onDetach = () -> { };

    /** Of counters that were asked for, of which the machine has some. */
    public static final List<Probe> COUNTER_PROBES = List.of(
            new Probe("counter:cycles", Probe.ATTACHED, "on 8 of 8 CPUs", 0, 0),
            new Probe("counter:instructions", Probe.ATTACHED, "on 8 of 8 CPUs", 0, 0),
            new Probe("counter:cache_misses", Probe.UNSUPPORTED, "perf_event_open says ENOENT: this machine has no such"
                    + " counter, or the hypervisor under it passes none on", 0, 0),
            new Probe("counter:cpu_clock", Probe.ATTACHED, "on 8 of 8 CPUs", 0, 0),
            new Probe("counters_at_switch", Probe.ATTACHED, "raw tracepoint", 90_000, 250));

    /**
     * A worker that runs well and one that waits for memory, both counted in part; one too short, one that never ran.
     */
    public static Snapshot sampleWithCounters() {
        long ns = 2_000_000_000L;
        return new Snapshots()
                .thread(11, new ThreadIdentity(1, "main", ThreadKind.JAVA), ThreadState.BLOCKED_WAIT, false, activity())
                .thread(12, new ThreadIdentity(21, "worker-1", ThreadKind.JAVA), ThreadState.RUNNING, false,
                        activity().time(ThreadState.RUNNING, ns).counted(Counter.CYCLES, 6_000_000_000L, ns, ns)
                                .counted(Counter.INSTRUCTIONS, 7_500_000_000L, ns, ns / 2)
                                .counted(Counter.CPU_CLOCK, ns, ns, ns))
                .thread(13, new ThreadIdentity(22, "worker-2", ThreadKind.JAVA), ThreadState.RUNNING, false,
                        activity().time(ThreadState.RUNNING, ns).counted(Counter.CYCLES, 5_900_000_000L, ns, ns)
                                .counted(Counter.INSTRUCTIONS, 600_000_000L, ns, ns / 2)
                                .counted(Counter.CPU_CLOCK, ns, ns, ns))
                .thread(14, new ThreadIdentity(0, "VM Thread", ThreadKind.VM), ThreadState.BLOCKED_VM, false,
                        activity().counted(Counter.CYCLES, 0, 20_000, 0).counted(Counter.INSTRUCTIONS, 0, 20_000, 0)
                                .counted(Counter.CPU_CLOCK, 20_000, 20_000, 20_000))
                .pool("main", ThreadKind.JAVA, 1, 0, activity())
                .pool("worker-#", ThreadKind.JAVA, 2, 1,
                        activity().time(ThreadState.RUNNING, 2 * ns).counted(Counter.CYCLES, 11_900_000_000L, 2 * ns,
                        2 * ns)
                                .counted(Counter.INSTRUCTIONS, 8_100_000_000L, 2 * ns, ns)
                                .counted(Counter.CPU_CLOCK, 2 * ns, 2 * ns, 2 * ns))
                .pool("VM", ThreadKind.VM, 1, 0,
                        activity().counted(Counter.CYCLES, 0, 20_000, 0).counted(Counter.INSTRUCTIONS, 0, 20_000, 0)
                                .counted(Counter.CPU_CLOCK, 20_000, 20_000, 20_000))
                .loss(Loss.FAILED_COUNTER_READS, 2)
                .at(7_000_000_000L, 3_000_000_000L);
    }

    /** One probe that is on, one that was turned off. */
    public static Cost sampleCost() {
        return new Cost(new Cost.Window(5_000_000_000L, 2_000_000_000L, 11_000_000, 29_000_000, 160_000),
                new Cost.Window(60_000_000_000L, 30_000_000_000L, 200_000_000, 400_000_000, 2_400_000), 152_000_000,
                Cost.KnownBy.CALIBRATION, 7_340_032, 1_236_992, 0.05, null, List.of(
                        new ProbeCost("sched_switch", "tp_btf", 1, false, true, true, "", List.of(), 1_234_567,
                                5_000_000_000L, 10_500, 121, Cost.KnownBy.CALIBRATION),
                        new ProbeCost("park", "usdt", 2, true, true, false, "turned off with set", List.of("park"), 23,
                                5_000_000_000L, 0, 720, Cost.KnownBy.ESTIMATE)));
    }

    @Override
    public Cost cost() {
        return cost;
    }

    @Override
    public ProbeChange set(String text) {
        given = text;
        return new ProbeChange() {
            @Override
            public boolean isDone() {
                return true;
            }

            @Override
            public String problem() {
                return refusal;
            }
        };
    }

    /** Two workers, one of them ended, the VM thread, one native thread with an odd name. */
    public static Snapshot sample() {
        return new Snapshots()
                .thread(11, new ThreadIdentity(1, "main", ThreadKind.JAVA), ThreadState.BLOCKED_WAIT, false,
                        activity().stays(ThreadState.RUNNING, 1_000, 3_000).time(ThreadState.BLOCKED_WAIT,
                        5_000_000_000L))
                .thread(12, new ThreadIdentity(21, "worker-7", ThreadKind.JAVA), ThreadState.RUNNABLE, true,
                        activity().stays(ThreadState.RUNNABLE, 100, 200_000).waited(Behind.PROCESS, 200_000)
                                .faults(70, 2, 3)
                                .stays(ThreadState.BLOCKED_DISK, 1_500_000)
                                .counts(ThreadMetric.FILE_SYNC, 1_600_000))
                .thread(13, new ThreadIdentity(0, "VM Thread", ThreadKind.VM), ThreadState.BLOCKED_FUTEX, false,
                        activity().time(ThreadState.BLOCKED_FUTEX, 4_000_000_000L))
                .thread(14, new ThreadIdentity(0, "a\"b\\c\u2028\u00fc", ThreadKind.OTHER), ThreadState.RUNNING, false,
                        activity())
                .pool("main", ThreadKind.JAVA, 1, 0,
                        activity().stays(ThreadState.RUNNING, 1_000, 3_000).time(ThreadState.BLOCKED_WAIT,
                        5_000_000_000L))
                .pool("worker-#", ThreadKind.JAVA, 1, 1,
                        activity().stays(ThreadState.RUNNABLE, 100, 200_000, 300_000)
                                .waited(Behind.PROCESS, 200_000).waited(Behind.OWN, 300_000).faults(71, 2, 4)
                                .stays(ThreadState.BLOCKED_DISK, 1_500_000, 2_500_000)
                                .counts(ThreadMetric.FILE_SYNC, 1_600_000, 2_600_000)
                                .counts(ThreadMetric.BLOCK_IO_SIZE, 512, 4_096, 4_096, 131_072))
                .pool("VM", ThreadKind.VM, 1, 0, activity().time(ThreadState.BLOCKED_FUTEX, 4_000_000_000L))
                .pool("a:b,c=\"*\"", ThreadKind.OTHER, 1, 0, activity().stays(ThreadState.BLOCKED_POLL, 7_000))
                .loss(Loss.TORN_ROWS, 2)
                .loss(Loss.THREADS_SHARING_PAGES, 1)
                .at(15_000_000_000L, 10_000_000_000L);
    }

    /** The same with a disk. */
    public static Snapshot sampleWithDisks() {
        Snapshot sample = sample();
        return new Snapshot(sample.atNs(), sample.beganNs(), sample.threads(), sample.pools(), sample.events(),
                List.of(new DiskUsage("vda", 253, 0, List.of(new DiskUsage.Use(User.HOST, Operation.READ, 3,
                        12_288, 9_000, 300_000, 200_000, 1)), Map.of())), List.of(), List.of(), sample.losses());
    }

    /** The same with events and two pauses: one taken apart, and one of which records were lost. */
    public static Snapshot sampleWithPauses() {
        Snapshot sample = sample();
        Snapshot events = new Snapshots()
                .event(EventMetric.GC_PAUSE, 178_200_000)
                .event(EventMetric.SAFEPOINT, 178_200_000, 1_000_000)
                .event(EventMetric.TIME_TO_SAFEPOINT, 2_100_000, 40_000)
                .event(EventMetric.VM_OPERATION, 176_000_000, 900_000, 50_000)
                .event(EventMetric.OBJECT_ALLOC, 16, 24, 24, 1_048_576)
                .operation("G1CollectForAllocation", 176_000_000)
                .operation("ThreadDump", 900_000, 50_000)
                .at(0, 0);
        return new Snapshot(sample.atNs(), sample.beganNs(), sample.threads(), sample.pools(), events.events(),
                List.of(), List.of(gcPause(), lostPause()), List.of(), sample.losses());
    }

    /** The GC workers have no CPU most of the time, and one thread was late. */
    private static Pause gcPause() {
        return new Pause(17, 12_000_000_000L, 1_700_000_000_123L, "G1CollectForAllocation", true, 178_200_000,
                2_100_000,
                false, new PauseDetail(new PauseParts(2_100_000, 31_000_000, 145_000_000,
                times(ThreadState.BLOCKED_FUTEX, 100_000)),
                List.of(
                        new PauseThread(13, "VM Thread", PauseRole.VM, times(ThreadState.RUNNING, 1_200_000,
                                ThreadState.BLOCKED_FUTEX, 177_000_000), 3, 0, List.of()),
                        new PauseThread(15, "GC Thread#0", PauseRole.GC, times(ThreadState.RUNNING, 20_000_000,
                                ThreadState.RUNNABLE, 156_000_000), 700, 1, List.of(
                                        new Occupant(Occupant.Kind.PROCESS, "stress-ng", 150_000_000),
                                        new Occupant(Occupant.Kind.OWN, "own", 6_000_000))),
                        new PauseThread(16, "GC Thread#1", PauseRole.GC, times(ThreadState.RUNNING, 11_000_000,
                                ThreadState.RUNNABLE, 150_000_000), 0, 0, List.of(
                                        new Occupant(Occupant.Kind.UNKNOWN, "unknown", 150_000_000))),
                        new PauseThread(0, "", PauseRole.LATE, times(ThreadState.RUNNING, 1_500_000), 0, 0, List.of()),
                        new PauseThread(12, "worker-7", PauseRole.LATE, times(ThreadState.RUNNING, 2_000_000,
                                ThreadState.BLOCKED_FAULT, 90_000), 0, 1, List.of()))));
    }

    private static Pause lostPause() {
        return new Pause(19, 14_000_000_000L, 1_700_000_002_123L, Pause.UNKNOWN_OPERATION, false, 1_000_000, 1_000_000,
                true, new PauseDetail(new PauseParts(1_000_000, 0, 0, PauseTimes.ZERO), List.of()));
    }

    /** The same with slow events of all kinds, from number 23 on. */
    public static Snapshot sampleWithEvents() {
        WaitedOn nothing = WaitedOn.UNKNOWN;
        return sample().withSlow(List.of(
                worker(23, ThreadState.BLOCKED_DISK, 178_200_000,
                        new WaitedOn("fsync", "/srv/app/journal", null, null, null, 0, 0, 0, 0),
                        new Actor(ActorKind.KERNEL, 0, "kworker/0:1H"),
                        "java.base/sun.nio.ch.FileDispatcherImpl.force0(Native Method)",
                        "app//com.example.Journal.flush(Journal.java:97)"),
                worker(24, ThreadState.RUNNABLE, 31_000_000, nothing, new Actor(ActorKind.PROCESS, 4720, "sha256sum")),
                worker(25, ThreadState.BLOCKED_MONITOR, 59_400_000,
                        new WaitedOn("futex", null, null, null, null, 0, 0, 0x7f31c8000b60L, 0),
                        new Actor(ActorKind.OWN, 11, "main"), "com.example.Cache.get(Cache.java:23)",
                        "com.example.Server.answer(Server.java:41)"),
                worker(26, ThreadMetric.BLOCK_WRITE, 20_100_000,
                        new WaitedOn(null, null, null, null, "vda", 81_920, 131_072, 0, 0), null),
                worker(27, ThreadMetric.FILE_OPEN_FAILED, 12_000_000,
                        new WaitedOn(null, "/etc/missing", null, null, null, 0, 0, 0, 2), null),
                worker(28, ThreadMetric.DNS, 5_004_000_000L,
                        new WaitedOn(null, null, null, "db.example.com", null, 0, 0, 0, 0), null),
                worker(29, ThreadMetric.TCP_CONNECT, 1_020_000_000,
                        new WaitedOn(null, null, "10.0.0.1:443", null, null, 0, 0, 0, 0), null),
                new SlowEvent(30, 1_700_000_030_123L, ThreadState.BLOCKED_FUTEX, 2_000_000_000L, 14, 10_014,
                        new ThreadIdentity(0, "a\"b\\c\u2028\u00fc", ThreadKind.OTHER), "a:b,c=\"*\"", 0,
                        new WaitedOn("futex", null, null, null, null, 0, 0, 0x7f31d0000010L, 0),
                        new Actor(ActorKind.INTERRUPT, 0, ""), List.of()),
                new SlowEvent(31, 1_700_000_031_123L, ThreadState.BLOCKED_SOCKET, 250_000_000, 0, 10_077,
                        new ThreadIdentity(0, "", ThreadKind.OTHER), "", 1,
                        new WaitedOn("read", null, "[::1]:5432", null, null, 0, 0, 0, 0), null, List.of())));
    }

    /** A slow event of {@code worker-7} on CPU 3. */
    public static SlowEvent worker(long number, Metric metric, long ns, WaitedOn on, Actor actor, String... stack) {
        return new SlowEvent(number, 1_700_000_000_123L + 1_000 * number, metric, ns, 12, 10_012,
                new ThreadIdentity(21, "worker-7", ThreadKind.JAVA), "worker-#", 3, on, actor, List.of(stack));
    }

    /** A slow event of which nobody knows anything else. */
    public static SlowEvent event(long number, Metric metric, long ns) {
        return worker(number, metric, ns, WaitedOn.UNKNOWN, null);
    }

    /** A pause of which nobody knows anything else. */
    public static Pause pause(long number, long totalNs) {
        return new Pause(number, 0, 1_700_000_000_000L + number, "ThreadDump", false, totalNs, totalNs, false,
                new PauseDetail(new PauseParts(totalNs, 0, 0, PauseTimes.ZERO), List.of()));
    }

    private static PauseTimes times(ThreadState state, long ns) {
        return times(state, ns, ThreadState.BLOCKED_OTHER, 0);
    }

    private static PauseTimes times(ThreadState state, long ns, ThreadState other, long otherNs) {
        long[] times = new long[ThreadState.values().length];
        times[state.ordinal()] = ns;
        times[other.ordinal()] = otherNs;
        return PauseTimes.of(times);
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public AgentState state() {
        return state;
    }

    @Override
    public String error() {
        return error;
    }

    @Override
    public int pid() {
        return 4711;
    }

    @Override
    public long sinceNs() {
        return 5_100_000_000L;
    }

    @Override
    public String arguments() {
        return "interval=1s,threads=4096";
    }

    @Override
    public String jar() {
        return "/tmp/.bpf-agent-jar-1/bpf-agent.jar";
    }

    @Override
    public List<Metric> metrics() {
        return metrics;
    }

    @Override
    public long pauseThresholdNs() {
        return pauseThresholdNs;
    }

    @Override
    public SlowLimits slowLimits() {
        return LIMITS;
    }

    @Override
    public List<Probe> probes() {
        return probes;
    }

    @Override
    public long kernelMemoryBytes() {
        return 7_340_032;
    }

    @Override
    public Snapshot latest() {
        return latest;
    }

    @Override
    public Snapshot interval() {
        return interval;
    }

    @Override
    public void requestDetach() {
        detachRequested = true;
        onDetach.run();
    }
}
