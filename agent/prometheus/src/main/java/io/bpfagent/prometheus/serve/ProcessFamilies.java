package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.prometheus.ScrapeSource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is of the whole process: pauses and other events, losses, and what the agent costs. */
final class ProcessFamilies {
    private static final double NS_PER_SECOND = 1e9;
    private static final List<EventMetric> PAUSES =
            List.of(EventMetric.GC_PAUSE, EventMetric.SAFEPOINT, EventMetric.TIME_TO_SAFEPOINT);

    private final Snapshot snapshot;
    private final List<Metric> metrics;
    private final long beganMs;

    /** @param beganMs when the agent began, ms since 1970 */
    ProcessFamilies(Snapshot snapshot, List<Metric> metrics, long beganMs) {
        this.snapshot = snapshot;
        this.metrics = metrics;
        this.beganMs = beganMs;
    }

    void addTo(Families families, ScrapeSource source) {
        List<HistogramPoint> pauses = new ArrayList<>();
        for (EventMetric metric : PAUSES) {
            add(pauses, metric, snapshot.events().of(metric), Labels.of("kind", metric.metric()));
        }
        families.histograms("pause_seconds", "Pauses of the JVM; a gc_pause is a safepoint, and begins with its"
                + " time_to_safepoint.", Unit.SECONDS, pauses);
        for (Metric metric : metrics) {
            if (metric instanceof EventMetric event && !PAUSES.contains(event)) {
                families.histograms(event.metric() + (event.isBytes() ? "_bytes" : "_seconds"),
                        event.what() + ".", event.isBytes() ? Unit.BYTES : Unit.SECONDS, ofEvent(event));
            }
        }
        addLosses(families);
        addCost(families, source);
        families.info("bpfagent", "The agent.", Labels.of("version", source.version()));
    }

    private List<HistogramPoint> ofEvent(EventMetric event) {
        List<HistogramPoint> found = new ArrayList<>();
        if (event.hasOperations()) {
            for (Map.Entry<String, Distribution> entry : snapshot.events().byName(event).entrySet()) {
                add(found, event, entry.getValue(), Labels.of(label(event), entry.getKey()));
            }
        } else {
            add(found, event, snapshot.events().of(event), Labels.EMPTY);
        }
        return found;
    }

    private static String label(EventMetric event) {
        return event == EventMetric.SYSCALL ? "syscall" : event == EventMetric.VIRTUAL_PINNED ? "state" : "operation";
    }

    private void add(List<HistogramPoint> to, EventMetric metric, Distribution distribution,
            Labels labels) {
        if (distribution.count() > 0 && metrics.contains(metric)) {
            to.add(HistogramPoint.of(metric, distribution, labels, Exemplars.EMPTY, beganMs));
        }
    }

    private void addLosses(Families families) {
        List<CounterDataPointSnapshot> lost = new ArrayList<>();
        for (Map.Entry<Loss, Long> entry : snapshot.losses().counts().entrySet()) {
            if (!entry.getKey().isLevel()) {
                lost.add(Families.counter(entry.getValue(), Labels.of("what", entry.getKey().key())));
            }
        }
        families.counters("lost", "What may be missing in the other numbers, by every way in which that can be.", null,
                lost);
        families.gauges("threads_sharing_pages", "Threads that share a histogram with others.", null,
                List.of(Families.gauge(snapshot.losses().get(Loss.THREADS_SHARING_PAGES), Labels.EMPTY)));
    }

    private static void addCost(Families families, ScrapeSource source) {
        List<CounterDataPointSnapshot> cpu = new ArrayList<>();
        if (source.programNs() >= 0) {
            cpu.add(Families.counter(source.programNs() / NS_PER_SECOND, Labels.of("part", "programs")));
            cpu.add(Families.counter(source.threadNs() / NS_PER_SECOND, Labels.of("part", "threads")));
        }
        families.counters("agent_cpu_seconds", "What the agent itself costs.", Unit.SECONDS, cpu);
        families.gauges("agent_kernel_memory_bytes", "What the kernel holds for the agent's maps.", Unit.BYTES,
                List.of(Families.gauge(source.kernelMemoryBytes(), Labels.EMPTY)));
    }
}
