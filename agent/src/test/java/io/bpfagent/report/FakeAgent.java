package io.bpfagent.report;

import static io.bpfagent.correlation.Snapshots.activity;

import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** An agent without a kernel, whose every answer a test sets. */
public final class FakeAgent implements AgentView {
    public volatile AgentState state = AgentState.ON;
    public volatile String error;
    public volatile Snapshot latest;
    public volatile Snapshot interval;
    public volatile Set<ThreadState> metrics = EnumSet.allOf(ThreadState.class);
    public volatile List<Probe> probes = List.of(
            new Probe("sched_switch", Probe.ATTACHED, "tp_btf", 1_000_000, 61.25),
            new Probe("thread__start", Probe.UNSUPPORTED, "libjvm has no notes; names are looked up", 0, Double.NaN));
    public volatile boolean detachRequested;
    public volatile Runnable onDetach = () -> { };

    /** Two workers, one of them ended, the VM thread, one native thread with an odd name. */
    public static Snapshot sample() {
        return new Snapshots()
                .thread(11, new ThreadIdentity(1, "main", ThreadKind.JAVA), ThreadState.BLOCKED_WAIT, false,
                        activity().stays(ThreadState.RUNNING, 1_000, 3_000).time(ThreadState.BLOCKED_WAIT, 5_000_000_000L))
                .thread(12, new ThreadIdentity(21, "worker-7", ThreadKind.JAVA), ThreadState.RUNNABLE, true,
                        activity().stays(ThreadState.RUNNABLE, 100, 200_000)
                                .stays(ThreadState.BLOCKED_DISK, 1_500_000))
                .thread(13, new ThreadIdentity(0, "VM Thread", ThreadKind.VM), ThreadState.BLOCKED_FUTEX, false,
                        activity().time(ThreadState.BLOCKED_FUTEX, 4_000_000_000L))
                .thread(14, new ThreadIdentity(0, "a\"b\\c\u2028\u00fc", ThreadKind.OTHER), ThreadState.RUNNING, false,
                        activity())
                .pool("main", ThreadKind.JAVA, 1, 0,
                        activity().stays(ThreadState.RUNNING, 1_000, 3_000).time(ThreadState.BLOCKED_WAIT, 5_000_000_000L))
                .pool("worker-#", ThreadKind.JAVA, 1, 1,
                        activity().stays(ThreadState.RUNNABLE, 100, 200_000, 300_000)
                                .stays(ThreadState.BLOCKED_DISK, 1_500_000, 2_500_000))
                .pool("VM", ThreadKind.VM, 1, 0, activity().time(ThreadState.BLOCKED_FUTEX, 4_000_000_000L))
                .pool("a:b,c=\"*\"", ThreadKind.OTHER, 1, 0, activity().stays(ThreadState.BLOCKED_POLL, 7_000))
                .loss(Loss.TORN_ROWS, 2)
                .loss(Loss.THREADS_SHARING_PAGES, 1)
                .at(15_000_000_000L, 10_000_000_000L);
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
    public Set<ThreadState> metrics() {
        return metrics;
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
