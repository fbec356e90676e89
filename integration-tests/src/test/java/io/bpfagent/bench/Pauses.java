package io.bpfagent.bench;

import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.util.List;

/** What it costs to take every pause apart, and how right it is. */
final class Pauses implements Chapter {
    @Override
    public String name() {
        return "pauses";
    }

    @Override
    public String title() {
        return "Pauses";
    }

    @Override
    public String measure(Effort effort) {
        PauseCost cost = new PauseCost();
        List<Jdk> jdks = Jdks.all();
        measure(jdks.get(0), "Parallel", effort, cost);
        measure(jdks.get(jdks.size() - 1), "G1", effort, cost);
        return String.join("\n", cost.toString(),
                "Metrics that are kept on request only, `metrics=all+NAME`. "
                        + new EventCost().measure(EventCost.ON_REQUEST, effort.rounds() / 2, effort.windowMs()),
                new PauseRightness().measure(effort.windowMs()).toString());
    }

    private static void measure(Jdk jdk, String collector, Effort effort, PauseCost cost) {
        try (GarbageHost host = new GarbageHost(jdk, collector, PauseThroughput.COLLECTIONS_PER_SECOND)) {
            cost.measure(host, effort.rounds(), effort.windowMs());
        }
    }
}
