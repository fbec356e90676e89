package io.bpfagent.otlp;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Slow events of traces as exemplars, each in one export: those since the export before, at most 8 for each metric and
 * pool, the latest first. One thread.
 */
final class SlowExemplars {
    private static final int MOST = 8;
    private static final long NS_PER_MS = 1_000_000;

    private final Map<String, List<DoubleExemplarData>> byKey = new HashMap<>();
    private long lastNumber;

    /** From now on those of {@code snapshot}; where no hook follows traces there are none. */
    void take(Snapshot snapshot) {
        byKey.clear();
        List<SlowEvent> events = snapshot.slow();
        for (int i = events.size() - 1; i >= 0 && events.get(i).number() > lastNumber; i--) {
            SlowEvent event = events.get(i);
            if (event.span() != null) {
                List<DoubleExemplarData> of =
                        byKey.computeIfAbsent(key(event.metric(), event.pool()), key -> new ArrayList<>(1));
                if (of.size() < MOST) {
                    of.add(exemplar(event));
                }
            }
        }
        lastNumber = events.isEmpty() ? lastNumber : events.get(events.size() - 1).number();
    }

    private static DoubleExemplarData exemplar(SlowEvent event) {
        SpanContext span = SpanContext.create(event.span().trace(), event.span().span(), TraceFlags.getSampled(),
                TraceState.getDefault());
        return DoubleExemplarData.create(Attributes.empty(), event.atMs() * NS_PER_MS, span,
                event.durationNs() / MetricSink.SECONDS);
    }

    private static String key(Metric metric, String pool) {
        return metric.metric() + ' ' + pool;
    }

    /** Those of one histogram. */
    List<DoubleExemplarData> of(Metric metric, String pool) {
        return byKey.isEmpty() ? List.of() : byKey.getOrDefault(key(metric, pool), List.of());
    }
}
