package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadUsage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds in a snapshot what a {@link HistogramSelection} asks for. */
final class HistogramSource {
    private final Snapshot snapshot;
    private final List<Metric> metrics;
    private final PoolUsage pool;
    private final List<ThreadUsage> threads;
    private final String operation;

    /**
     * Of a snapshot.
     *
     * @param kept the metrics of which there are histograms, in the order in which they are shown
     */
    HistogramSource(Snapshot snapshot, HistogramSelection selection, List<Metric> kept) throws SelectionException {
        if (selection.pool() != null && selection.thread() != null) {
            throw new SelectionException("a histogram must be of a pool or of a thread, pool="
                    + selection.pool() + ", thread=" + selection.thread());
        }
        this.snapshot = snapshot;
        this.metrics = metrics(selection, kept);
        this.operation = operation(selection);
        this.pool = selection.pool() == null ? null : pool(selection.pool());
        this.threads = selection.thread() == null ? null : threads(selection.thread());
    }

    /**
     * One that was selected.
     *
     * @param operation the name of the VM operation or system call that it is of, or null
     */
    record Entry(Metric metric, String operation, Distribution distribution) {
    }

    /** Those selected, in the order of the metrics that are kept; of all operations by what they took together. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Metric metric : metrics) {
            Map<String, Distribution> byName = snapshot.events().byName(metric);
            if (operation == null) {
                entries.add(new Entry(metric, null, distribution(metric)));
            } else if (!operation.equals(HistogramSelection.ALL_OPERATIONS)) {
                entries.add(new Entry(metric, operation, byName.get(operation)));
            } else {
                byName.forEach((name, distribution) -> entries.add(new Entry(metric, name, distribution)));
                entries.sort(Comparator.comparingLong((Entry entry) -> entry.distribution().sumNs()).reversed());
            }
        }
        return entries;
    }

    private Distribution distribution(Metric metric) {
        // What is not of threads has been left out or refused where threads are selected.
        if (pool != null) {
            return pool.distribution(metric);
        }
        if (threads == null) {
            return snapshot.total(metric);
        }
        Distribution sum = Distribution.EMPTY;
        for (ThreadUsage thread : threads) {
            sum = sum.plus(thread.distribution(metric));
        }
        return sum;
    }

    /** Whether a selected thread shares pages, so that its histograms do not hold all that it did. */
    boolean sharesPages() {
        return threads != null && threads.stream().anyMatch(ThreadUsage::sharesPages);
    }

    private static List<Metric> metrics(HistogramSelection selection, List<Metric> kept) throws SelectionException {
        String name = selection.metric();
        if (name == null) {
            return selection.isOfThreads() ? kept.stream().filter(Metric::isOfThreads).toList() : kept;
        }
        for (Metric metric : kept) {
            if (metric.metric().equals(name)) {
                if (selection.isOfThreads() && !metric.isOfThreads()) {
                    throw new SelectionException(name + " is of the whole process, it has no pools and threads, "
                            + (selection.pool() == null ? "thread=" + selection.thread() : "pool=" + selection.pool()));
                }
                return List.of(metric);
            }
        }
        boolean exists = Metrics.of(name).isPresent();
        // all names are shown: there are at most 71
        throw new SelectionException((exists ? "metric is not kept: " + name + " (metrics=all+" + name + " keeps it)"
                : "no such metric: " + name) + ". There are "
                + kept.stream().map(Metric::metric).collect(Collectors.joining(", ")));
    }

    private String operation(HistogramSelection selection) throws SelectionException {
        String name = selection.operation();
        if (name == null) {
            return null;
        }
        Metric metric = Metrics.of(String.valueOf(selection.metric())).orElse(null);
        if (metric != EventMetric.VM_OPERATION && metric != EventMetric.SYSCALL) {
            throw new SelectionException("an operation must be asked for with the metric "
                    + EventMetric.VM_OPERATION.metric() + " or " + EventMetric.SYSCALL.metric()
                    + ", metric=" + selection.metric() + ", operation=" + name);
        }
        Set<String> names = snapshot.events().byName(metric).keySet();
        if (!name.equals(HistogramSelection.ALL_OPERATIONS) && !names.contains(name)) {
            throw new SelectionException("no such operation: " + name + ". " + NearestName.choice(name, names));
        }
        return name;
    }

    private PoolUsage pool(String name) throws SelectionException {
        for (PoolUsage usage : snapshot.pools()) {
            if (usage.pool().equals(name)) {
                return usage;
            }
        }
        throw new SelectionException("no such pool: " + name + ". "
                + NearestName.choice(name, snapshot.pools().stream().map(PoolUsage::pool).toList()));
    }

    private List<ThreadUsage> threads(String name) throws SelectionException {
        List<ThreadUsage> named = snapshot.threads().stream()
                .filter(thread -> thread.identity().name().equals(name)).toList();
        if (named.isEmpty()) {
            named = snapshot.threads().stream()
                    .filter(thread -> Integer.toString(thread.tid()).equals(name)).toList();
        }
        if (named.isEmpty()) {
            throw new SelectionException("no such thread: " + name + ". " + NearestName.choice(name,
                    snapshot.threads().stream().map(thread -> thread.identity().name()).distinct().toList()));
        }
        return named;
    }
}
