package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All metrics by their names. Not in {@link Metric}, which is initialized before those that implement it. */
public final class Metrics {
    /** In the order in which reports show them: states, events of the process, what threads do. */
    public static final List<Metric> ALL = all();

    private Metrics() {}

    /** The one whose {@link Metric#metric()} is {@code name}, or nothing. */
    public static Optional<Metric> of(String name) {
        for (Metric one : ALL) {
            if (one.metric().equals(name)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static List<Metric> all() {
        List<Metric> all = new ArrayList<>(ThreadState.ALL);
        all.addAll(EventMetric.ALL);
        all.addAll(ThreadMetric.ALL);
        return List.copyOf(all);
    }
}
