package io.bpfagent.agent;

import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.Probe;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A kernel side that is not there: empty snapshots, and what a test wants to go wrong. */
final class FakeSession implements Session {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    volatile boolean low;
    volatile Runnable onRead = () -> { };
    volatile Runnable onClose = () -> { };
    volatile Supplier<List<Probe>> probes =
            () -> List.of(new Probe("sched_switch", Probe.ATTACHED, "tp_btf", 0, 0));

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
        return new Snapshot(System.nanoTime(), 0, List.of(), List.of(), new Losses(losses));
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
    public long kernelMemoryBytes() {
        return 7_000_000;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        onClose.run();
    }
}
