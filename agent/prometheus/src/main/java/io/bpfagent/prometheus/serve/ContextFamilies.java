package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** Requests, methods, statements and the like: at most 1,000 names, as the agent bounds them. */
final class ContextFamilies {
    private static final double NS_PER_SECOND = 1e9;

    private ContextFamilies() {
    }

    static void addTo(Families families, Snapshot snapshot) {
        List<CounterDataPointSnapshot> times = new ArrayList<>();
        List<CounterDataPointSnapshot> entered = new ArrayList<>();
        for (ContextReport context : snapshot.contexts().contexts()) {
            String kind = context.kind().key();
            entered.add(Families.counter(context.entered(), Labels.of("context", context.name(), "kind", kind)));
            for (ThreadState state : ThreadState.ALL) {
                long ns = context.exclusive().timeNs(state);
                if (ns > 0) {
                    times.add(Families.counter(ns / NS_PER_SECOND,
                            Labels.of("context", context.name(), "kind", kind, "state", state.metric())));
                }
            }
        }
        families.counters("context_seconds", "The time of threads in each context, without the contexts within it.",
                Unit.SECONDS, times);
        families.counters("context_entered", "How often a thread has begun a context.", null, entered);
    }
}
