package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last slow events of traces, as exemplars: at most {@link #MOST} for each metric and pool. One thread. */
final class SlowExemplars {
    private static final int MOST = 8;
    private static final double NS_PER_SECOND = 1e9;

    private final Map<String, Exemplars> byKey = new HashMap<>();

    private SlowExemplars() {
    }

    /** Those of a snapshot; where no hook follows traces there are none. */
    static SlowExemplars of(Snapshot snapshot) {
        Map<String, List<Exemplar>> lists = new HashMap<>();
        List<SlowEvent> events = snapshot.slow();
        for (int i = events.size() - 1; i >= 0; i--) {
            SlowEvent event = events.get(i);
            if (event.span() != null) {
                List<Exemplar> list = lists.computeIfAbsent(key(event.metric(), event.pool()), key ->
                        new ArrayList<>());
                if (list.size() < MOST) {
                    list.add(new Exemplar(event.durationNs() / NS_PER_SECOND, Labels.of(Exemplar.TRACE_ID,
                            event.span().trace(), Exemplar.SPAN_ID, event.span().span()), event.atMs()));
                }
            }
        }
        SlowExemplars all = new SlowExemplars();
        for (Map.Entry<String, List<Exemplar>> entry : lists.entrySet()) {
            all.byKey.put(entry.getKey(), Exemplars.of(entry.getValue()));
        }
        return all;
    }

    private static String key(Metric metric, String pool) {
        return metric.metric() + ' ' + pool;
    }

    /** Those of one histogram. */
    Exemplars of(Metric metric, String pool) {
        return byKey.isEmpty() ? Exemplars.EMPTY : byKey.getOrDefault(key(metric, pool), Exemplars.EMPTY);
    }
}
