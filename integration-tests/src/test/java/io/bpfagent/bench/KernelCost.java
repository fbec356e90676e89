package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What a run of each program costs, on one JVM whose threads do nothing but wake each other. */
final class KernelCost implements Chapter {
    private static final int PAIRS = 4;
    private static final int SETTLE_MS = 1_200;
    private static final double TARGET = 0.5;

    /** The scheduler's events that all of them watch. */
    private enum Event { WAKE, SWITCH }

    /** What one of them cost, round by round. */
    private static final class Cost {
        private final Samples wake = new Samples();
        private final Samples change = new Samples();
        private final Samples sum = new Samples();
        private final Samples ratio = new Samples();
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
        String kept = ProgramCounters.kept();
        try (LoadHost host = new LoadHost(Jdks.all().get(0), PAIRS, 0)) {
            host.go();
            Await.sleep(3_000);
            List<Watcher> order = new ArrayList<>(watchers.present());
            for (int round = 0; round < effort.rounds(); round++) {
                Collections.shuffle(order, new Random(round));
                Map<Watcher, Map<Event, Double>> found = new HashMap<>();
                for (Watcher watcher : order) {
                    found.put(watcher, turn(watcher, host, effort.windowMs()));
                }
                double reference = sum(found.get(runqlat));
                found.forEach((watcher, ns) -> add(costs.get(watcher), ns, reference));
            }
        } finally {
            ProgramCounters.keep(kept);
        }
        return text(watchers, costs);
    }

    private static Map<Event, Double> turn(Watcher watcher, LoadHost host, int windowMs) {
        watcher.start(host.jvm());
        try {
            ProgramCounters.keep("1");
            Await.sleep(SETTLE_MS);
            Set<Integer> programs = watcher.programs();
            Map<Integer, ProgramCounters.Counter> before = ProgramCounters.read();
            Await.sleep(windowMs);
            Map<Integer, ProgramCounters.Counter> after = ProgramCounters.read();
            return nsPerRun(programs, before, after);
        } finally {
            watcher.stop();
        }
    }

    private static Map<Event, Double> nsPerRun(Set<Integer> programs, Map<Integer, ProgramCounters.Counter> before,
            Map<Integer, ProgramCounters.Counter> after) {
        Map<Event, Double> ns = new EnumMap<>(Event.class);
        for (int id : programs) {
            ProgramCounters.Counter from = before.get(id);
            ProgramCounters.Counter to = after.get(id);
            Event event = to == null ? null : event(to.name());
            if (from != null && event != null && to.runs() > from.runs()) {
                ns.merge(event, (double) (to.ns() - from.ns()) / (to.runs() - from.runs()), Double::sum);
            }
        }
        return ns;
    }

    /** Null for what is rare; new tasks are. */
    private static Event event(String program) {
        if (program.contains("switch")) {
            return Event.SWITCH;
        }
        return program.contains("wakeup") && !program.endsWith("_new") ? Event.WAKE : null;
    }

    private static double sum(Map<Event, Double> ns) {
        return ns == null || ns.isEmpty() ? Double.NaN : ns.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static void add(Cost cost, Map<Event, Double> ns, double reference) {
        if (ns.isEmpty()) {
            return;
        }
        if (ns.containsKey(Event.WAKE)) {
            cost.wake.add(ns.get(Event.WAKE));
        }
        if (ns.containsKey(Event.SWITCH)) {
            cost.change.add(ns.get(Event.SWITCH));
        }
        cost.sum.add(sum(ns));
        if (!Double.isNaN(reference)) {
            cost.ratio.add(sum(ns) / reference);
        }
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
