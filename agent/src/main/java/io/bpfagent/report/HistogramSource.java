package io.bpfagent.report;

import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds in a snapshot what a {@link HistogramSelection} asks for. */
final class HistogramSource {
    private final Snapshot snapshot;
    private final List<Metric> metrics;
    private final PoolUsage pool;
    private final List<ThreadUsage> threads;
    private final String operation;
    private final List<ContextReport> contexts;

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
        if (selection.context() != null && (selection.isOfThreads() || selection.operation() != null)) {
            throw new SelectionException("a histogram of a context has no pool, thread or operation, context="
                    + selection.context());
        }
        this.snapshot = snapshot;
        this.metrics = metrics(selection, kept);
        this.operation = operation(selection);
        this.pool = selection.pool() == null ? null : pool(selection.pool());
        this.threads = selection.thread() == null ? null : threads(selection.thread());
        this.contexts = selection.context() == null ? null : contexts(selection.context());
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
        if (contexts != null) {
            return sum(contexts, metric);
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

    /** Of contexts together: those of one name, of different kinds. */
    static Distribution sum(List<ContextReport> contexts, Metric metric) {
        Distribution sum = Distribution.EMPTY;
        for (ContextReport context : contexts) {
            sum = sum.plus(context.distributions().of(metric));
        }
        return sum;
    }

    /** Whether a selected thread shares pages, so that its histograms do not hold all that it did. */
    boolean sharesPages() {
        return threads != null && threads.stream().anyMatch(ThreadUsage::sharesPages);
    }

    private static List<Metric> metrics(HistogramSelection selection, List<Metric> kept) throws SelectionException {
        String name = selection.metric();
        if (name == null && selection.context() != null) {
            return kept.stream().filter(ThreadState.class::isInstance).toList();
        }
        if (name == null) {
            return selection.isOfThreads() ? kept.stream().filter(Metric::isOfThreads).toList() : kept;
        }
        for (Metric metric : kept) {
            if (metric.metric().equals(name)) {
                if (selection.isOfThreads() && !metric.isOfThreads()) {
                    throw new SelectionException(name + " is of the whole process, it has no pools and threads, "
                            + (selection.pool() == null ? "thread=" + selection.thread() : "pool=" + selection.pool()));
                }
                if (selection.context() != null && !(metric instanceof ThreadState)) {
                    throw new SelectionException(name + " is no state, and contexts have histograms of states only,"
                            + " context=" + selection.context());
                }
                return List.of(metric);
            }
        }
        Metric known = Metrics.of(name).orElse(null);
        boolean exists = known != null;
        String how = known instanceof EventMetric event && event.isOfVirtualThreads() ? "virtual=true" : "metrics=all+"
                + name;
        throw new SelectionException(exists ? "metric is not kept: " + name + " (" + how + " keeps it)"
                : "no such metric: " + name + NearestName.few(name, kept.stream().map(Metric::metric).toList())
                        + ". All that are kept: attach-cli hist PID, without --metric; what they are: docs/metrics.md");
    }

    private String operation(HistogramSelection selection) throws SelectionException {
        String name = selection.operation();
        if (name == null) {
            return null;
        }
        Metric metric = Metrics.of(String.valueOf(selection.metric())).orElse(null);
        if (!(metric instanceof EventMetric event && event.hasOperations())) {
            throw new SelectionException("an operation must be asked for with the metric "
                    + EventMetric.VM_OPERATION.metric() + ", " + EventMetric.SYSCALL.metric() + " or "
                    + EventMetric.VIRTUAL_PINNED.metric() + ", metric=" + selection.metric() + ", operation=" + name);
        }
        Set<String> names = snapshot.events().byName(metric).keySet();
        if (!name.equals(HistogramSelection.ALL_OPERATIONS) && !names.contains(name)) {
            throw new SelectionException("no such operation: " + name + ". " + NearestName.choice(name, names));
        }
        return name;
    }

    /** Several only where different kinds have one name. */
    private List<ContextReport> contexts(String name) throws SelectionException {
        if (!snapshot.contexts().areOn()) {
            throw new SelectionException("no such context: " + name + " (" + ContextDocument.reason(snapshot.contexts())
                    + ")");
        }
        List<ContextReport> named = snapshot.contexts().named(name);
        List<String> names = snapshot.contexts().contexts().stream().map(ContextReport::name).distinct().toList();
        if (named.isEmpty()) {
            List<String> shown = names.stream().filter(known -> ShownName.isOf(name, known)).toList();
            if (shown.size() > 1) {
                throw new SelectionException("a context must be named: " + name + " may be "
                        + String.join(" or ", shown));
            }
            named = shown.isEmpty() ? named : snapshot.contexts().named(shown.get(0));
        }
        if (named.isEmpty()) {
            throw new SelectionException("no such context: " + name + ". " + NearestName.choice(name, names));
        }
        return named;
    }

    private PoolUsage pool(String name) throws SelectionException {
        for (PoolUsage usage : snapshot.pools()) {
            if (usage.pool().equals(name)) {
                return usage;
            }
        }
        List<PoolUsage> shown = snapshot.pools().stream().filter(usage -> ShownName.isOf(name, usage.pool())).toList();
        if (shown.size() == 1) {
            return shown.get(0);
        }
        if (shown.size() > 1) {
            throw new SelectionException("a pool must be named: " + name + " may be "
                    + String.join(" or ", shown.stream().map(PoolUsage::pool).toList()));
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
            named = snapshot.threads().stream()
                    .filter(thread -> ShownName.isOf(name, thread.identity().name())).toList();
        }
        if (named.isEmpty()) {
            throw new SelectionException("no such thread: " + name + ". " + NearestName.choice(name,
                    snapshot.threads().stream().map(thread -> thread.identity().name()).distinct().toList()));
        }
        return named;
    }
}
