package io.bpfagent.bench;

import io.bpfagent.it.Await;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a run of a watcher's programs takes at the scheduler's events that all of them watch, ns on average; NaN where
 * it has none. Several at one event are added.
 *
 * @param wake   at a wake-up
 * @param change at a switch
 */
record SchedulerCost(double wake, double change) {
    private static final int SETTLE_MS = 1_200;

    /** Attaches it so long. */
    static SchedulerCost of(Watcher watcher, LoadHost host, int windowMs) {
        watcher.start(host.jvm());
        try {
            Await.sleep(SETTLE_MS);
            return within(watcher.programs(), windowMs);
        } finally {
            watcher.stop();
        }
    }

    /** What these programs, which are attached, do meanwhile. */
    static SchedulerCost within(Set<Integer> programs, int windowMs) {
        return ProgramCounters.whileCounting(() -> {
            Map<Integer, ProgramCounters.Counter> before = ProgramCounters.read();
            Await.sleep(windowMs);
            return between(programs, before, ProgramCounters.read());
        });
    }

    /** What these programs did between two counts. */
    static SchedulerCost between(Set<Integer> programs, Map<Integer, ProgramCounters.Counter> before,
            Map<Integer, ProgramCounters.Counter> after) {
        double wake = Double.NaN;
        double change = Double.NaN;
        Set<Integer> counted = new HashSet<>(programs);
        counted.retainAll(before.keySet());
        counted.retainAll(after.keySet());
        for (int id : counted) {
            ProgramCounters.Counter difference = after.get(id).since(before.get(id));
            if (difference.runs() > 0) {
                double ns = (double) difference.ns() / difference.runs();
                if (difference.name().contains("switch")) {
                    change = Double.isNaN(change) ? ns : change + ns;
                } else if (difference.name().contains("wakeup") && !difference.name().endsWith("_new")) {
                    // Not those of new tasks, which are rare.
                    wake = Double.isNaN(wake) ? ns : wake + ns;
                }
            }
        }
        return new SchedulerCost(wake, change);
    }

    /** Of both, or of the one that it has. */
    double sum() {
        return Double.isNaN(wake) ? change : Double.isNaN(change) ? wake : wake + change;
    }
}
