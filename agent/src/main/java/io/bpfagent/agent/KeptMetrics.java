package io.bpfagent.agent;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.report.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Of what histograms are kept: the value of {@code metrics=}.
 *
 * @param metrics in the order of {@link Metrics#ALL}
 */
public record KeptMetrics(List<Metric> metrics) {
    static final String ALL_NAME = "all";
    /** All but those on request. */
    static final KeptMetrics ALL = of(Set.of(), true);

    public KeptMetrics {
        metrics = List.copyOf(metrics);
    }

    private static KeptMetrics of(Set<Metric> named, boolean all) {
        List<Metric> kept = new ArrayList<>(Metrics.ALL.size());
        for (Metric metric : Metrics.ALL) {
            if (named.contains(metric) || all && !metric.isOnRequest()) {
                kept.add(metric);
            }
        }
        return new KeptMetrics(kept);
    }

    /** Of the names in an argument, joined by {@code +}; {@code all} is one of them. */
    static KeptMetrics of(Argument argument) throws ArgumentException {
        Set<Metric> named = new HashSet<>();
        boolean all = false;
        for (String part : argument.value().split("\\+", -1)) {
            String name = part.strip();
            Optional<Metric> metric = Metrics.of(name);
            if (name.equals(ALL_NAME)) {
                all = true;
            } else if (metric.isPresent() && metric.get() instanceof EventMetric event && event.isOfVirtualThreads()) {
                throw argument.refused("must not name " + name + ", which comes with virtual=true");
            } else if (metric.isPresent()) {
                named.add(metric.get());
            } else {
                List<String> names = new ArrayList<>(List.of(ALL_NAME));
                for (Metric one : Metrics.ALL) {
                    names.add(one.metric());
                }
                throw argument.refused("must be all, or metrics of docs/metrics.md joined by +"
                        + NearestName.few(name, names));
            }
        }
        return of(named, all);
    }

    /** Whether {@code metric} is one of them. */
    public boolean keeps(Metric metric) {
        return metrics.contains(metric);
    }

    /** Whether all are that nobody has to ask for. */
    public boolean hasAll() {
        return metrics.containsAll(ALL.metrics);
    }

    /** Whether one of them is of calls that are given a {@code FileDescriptor}. */
    public boolean keepsCallsOnDescriptors() {
        for (Metric metric : metrics) {
            if (metric == ThreadMetric.FILE_SYNC || metric == ThreadMetric.SOCKET_CONNECT
                    || metric instanceof ThreadMetric of && of.isOfReadsAndWrites()) {
                return true;
            }
        }
        return false;
    }

    /** The names: the inverse of {@link #of}. */
    String text() {
        if (!hasAll()) {
            return names(metrics);
        }
        StringBuilder names = new StringBuilder(ALL_NAME);
        for (Metric metric : metrics) {
            if (metric.isOnRequest()) {
                names.append('+').append(metric.metric());
            }
        }
        return names.toString();
    }

    private static String names(List<Metric> metrics) {
        StringBuilder names = new StringBuilder(600);
        for (Metric metric : metrics) {
            names.append(names.isEmpty() ? "" : "+").append(metric.metric());
        }
        return names.toString();
    }
}
