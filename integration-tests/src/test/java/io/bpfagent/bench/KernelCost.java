package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import java.util.HashMap;
import java.util.Map;

/** What a run of each program costs, on one JVM whose threads do nothing but wake each other. */
final class KernelCost implements Chapter {
    private static final int PAIRS = 4;
    private static final double TARGET = 0.5;
    /** In one of other chapters. */
    private static final int SHORT_WINDOWS = 10;

    /** What one of them cost, round by round. */
    private static final class Cost {
        private final Samples wake = new Samples();
        private final Samples change = new Samples();
        private final Samples sum = new Samples();
        private final Samples ratio = new Samples();

        void add(SchedulerCost found, double reference) {
            addNumber(wake, found.wake());
            addNumber(change, found.change());
            addNumber(sum, found.sum());
            addNumber(ratio, found.sum() / reference);
        }

        private static void addNumber(Samples samples, double value) {
            if (!Double.isNaN(value)) {
                samples.add(value);
            }
        }
    }

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public String title() {
        return "Cost in the kernel";
    }

    @Override
    public String measure(Effort effort) {
        Peer runqlat = Peer.runqlat();
        Watchers watchers = new Watchers(new Ours(), runqlat, Peer.cpudist(), Peer.offcputime(), new EmptyPrograms());
        Map<Watcher, Cost> costs = new HashMap<>();
        watchers.present().forEach(watcher -> costs.put(watcher, new Cost()));
        try (LoadHost host = new LoadHost(Jdks.all().get(0), PAIRS, 0)) {
            host.go();
            Await.sleep(3_000);
            Turns<Watcher> turns = new Turns<>(watchers.present());
            for (int round = 0; round < effort.rounds(); round++) {
                Map<Watcher, SchedulerCost> found = new HashMap<>();
                for (Watcher watcher : turns.next()) {
                    found.put(watcher, SchedulerCost.of(watcher, host, effort.windowMs()));
                }
                double reference = found.containsKey(runqlat) ? found.get(runqlat).sum() : Double.NaN;
                found.forEach((watcher, cost) -> costs.get(watcher).add(cost, reference));
            }
        }
        SpineCost spine = new SpineCost();
        try (LoadPair loads = new LoadPair(PAIRS)) {
            spine.measure(loads, effort.rounds(), effort.windowMs() / SHORT_WINDOWS);
        }
        return text(watchers, costs) + "\n" + spine;
    }

    private static String text(Watchers watchers, Map<Watcher, Cost> costs) {
        Table table = new Table("", "wake-up, ns", "switch, ns", "sum, ns", "sum / runqlat's");
        Samples ours = new Samples();
        for (Watcher watcher : watchers.present()) {
            Cost cost = costs.get(watcher);
            table.row(watcher.name(), cost.wake.text("%.0f"), cost.change.text("%.0f"), cost.sum.text("%.0f"),
                    cost.ratio.text("%.2f"));
            if (watcher instanceof Ours) {
                ours = cost.ratio;
            }
        }
        return "ns per run (`kernel.bpf_stats_enabled`, which itself adds what the empty programs show), on a JVM of "
                + PAIRS + " pairs\nof threads that hand over by park and unpark. Target: at most "
                + Samples.number("%.1f", TARGET) + " of runqlat's sum: " + ours.verdict(TARGET) + ".\n\n" + table
                + watchers.absent();
    }
}
