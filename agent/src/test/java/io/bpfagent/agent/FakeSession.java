package io.bpfagent.agent;

import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.report.Probe;
import io.bpfagent.report.UserProbeReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A kernel side that is not there: empty snapshots, and what a test wants to go wrong. */
final class FakeSession implements Session {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();
    /** The user's probes; one called "refused" cannot be added. */
    final List<UserProbeReport> userProbes = new CopyOnWriteArrayList<>();
    volatile Runnable onAdd = () -> { };
    volatile boolean low;
    volatile boolean busy;
    volatile boolean crowded;
    /** Those that the next look finds, and the read after it shows. */
    final BlockingQueue<Pause> pauses = new LinkedBlockingQueue<>();
    private final List<Pause> waiting = new ArrayList<>();
    private final List<Pause> shown = new ArrayList<>();
    volatile Runnable onRead = () -> { };
    volatile Runnable onClose = () -> { };
    volatile Supplier<List<Probe>> probes =
            () -> List.of(new Probe("sched_switch", Probe.ATTACHED, "tp_btf", 0, 0));

    /** What its programs have been used so far. */
    volatile List<ProgramUse> uses = List.of();
    /** What can be turned off and on, and is on or not. */
    final Map<String, Boolean> switches = new LinkedHashMap<>();
    /** One that cannot be attached. */
    volatile String unattachable = "";
    /** One that cannot be turned off. */
    volatile String stuck = "";

    @Override
    public List<ProgramUse> uses(Snapshot snapshot, boolean ask) {
        return uses;
    }

    @Override
    public List<String> switchable() {
        return List.copyOf(switches.keySet());
    }

    @Override
    public boolean isOn(String name) {
        return switches.get(name);
    }

    @Override
    public void turn(String name, boolean on, String why) throws KernelException {
        if (on && name.equals(unattachable)) {
            throw new KernelException("Cannot attach a probe", " (" + name + ").");
        }
        if (!on && name.equals(stuck)) {
            throw new KernelException("Cannot run a program", " (" + name + ").");
        }
        switches.put(name, on);
    }

    @Override
    public Snapshot read() {
        if (closed.get() > 0) {
            throw new AssertionError("read after close");
        }
        reads.incrementAndGet();
        onRead.run();
        EnumMap<Loss, Long> losses = new EnumMap<>(Loss.class);
        for (Loss loss : Loss.values()) {
            losses.put(loss, 0L);
        }
        shown.addAll(waiting);
        waiting.clear();
        return new Snapshot(System.nanoTime(), 0, List.of(), List.of(), new Losses(losses)).withPauses(shown);
    }

    @Override
    public void endProcess() {
        ended.incrementAndGet();
    }

    @Override
    public boolean look() {
        looks.incrementAndGet();
        pauses.drainTo(waiting);
        return !waiting.isEmpty();
    }

    @Override
    public boolean isBusy() {
        return busy;
    }

    @Override
    public boolean isCrowded() {
        return crowded;
    }

    @Override
    public boolean runningLow() {
        return low;
    }

    @Override
    public List<Probe> probes() {
        return probes.get();
    }

    @Override
    public void addProbe(ProbeSpec spec) throws ProbeException {
        onAdd.run();
        if (spec.name().equals("refused")) {
            throw new ProbeException("No such probe", " (refused). Name another.");
        }
        userProbes.add(new UserProbeReport(new UserMetric(21 + userProbes.size(), spec.name(),
                UserMetric.Values.TIMES, 1), spec.text(), "uprobe_multi, 2 sites", 46, 0, 0));
    }

    @Override
    public void removeProbe(String name) throws ProbeException {
        if (!userProbes.removeIf(probe -> probe.metric().metric().equals(name))) {
            throw UserProbes.noneOf(name, "there is none");
        }
    }

    @Override
    public List<UserMetric> userMetrics() {
        return userProbes.stream().map(UserProbeReport::metric).toList();
    }

    @Override
    public List<UserProbeReport> userProbes() {
        return List.copyOf(userProbes);
    }

    @Override
    public long kernelMemoryBytes() {
        return 7_000_000;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        onClose.run();
    }
}
