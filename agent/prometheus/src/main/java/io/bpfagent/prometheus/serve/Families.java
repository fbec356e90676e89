package io.bpfagent.prometheus.serve;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** Collects the metric families of one scrape; one without points is left out. One thread. */
final class Families {
    /** What all names begin with. */
    static final String PREFIX = "bpfagent_";

    private final List<Family> families = new ArrayList<>();

    /** Adds histograms, {@code name} with its unit at the end. */
    void histograms(String name, String help, Unit unit, List<HistogramPoint> points) {
        if (!points.isEmpty()) {
            families.add(new Family.Histograms(metadata(name, help, unit), points));
        }
    }

    /** Adds counters, {@code name} without the {@code _total} that the formats put behind it. */
    void counters(String name, String help, Unit unit, List<CounterDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new Family.Counters(metadata(name, help, unit), points));
        }
    }

    /** Adds numbers of which there are a count and a sum. */
    void summaries(String name, String help, Unit unit, List<SummaryDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new Family.Summaries(metadata(name, help, unit), points));
        }
    }

    /** Adds levels. */
    void gauges(String name, String help, Unit unit, List<GaugeDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new Family.Gauges(metadata(name, help, unit), points));
        }
    }

    /**
     * Adds what is always 1 and tells by its labels; {@code name} is the whole one without the {@code _info} behind it.
     */
    void info(String name, String help, Labels labels) {
        families.add(new Family.Info(new MetricMetadata(name, help), new InfoDataPointSnapshot(labels)));
    }

    private static MetricMetadata metadata(String name, String help, Unit unit) {
        return new MetricMetadata(PREFIX + name, help, unit);
    }

    /** A counter's value. */
    static CounterDataPointSnapshot counter(double value, Labels labels) {
        return new CounterDataPointSnapshot(value, labels, null, 0);
    }

    /** A level. */
    static GaugeDataPointSnapshot gauge(double value, Labels labels) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }

    /** All that was added. */
    List<Family> all() {
        return families;
    }

    /** The same in client_java's model. */
    MetricSnapshots toSnapshots() {
        return new MetricSnapshots(families.stream().map(Family::toSnapshot).toList());
    }
}
