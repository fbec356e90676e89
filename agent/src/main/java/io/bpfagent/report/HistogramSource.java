package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds in a snapshot what a {@link HistogramSelection} asks for. */
final class HistogramSource {
    /** How many names a refusal lists: it stays one readable line. */
    private static final int NAMES_SHOWN = 10;

    private final Snapshot snapshot;
    private final List<ThreadState> metrics;
    private final PoolUsage pool;
    private final List<ThreadUsage> threads;

    HistogramSource(Snapshot snapshot, HistogramSelection selection, Set<ThreadState> kept)
            throws SelectionException {
        if (selection.pool() != null && selection.thread() != null) {
            throw new SelectionException("a histogram must be of a pool or of a thread, pool="
                    + selection.pool() + ", thread=" + selection.thread());
        }
        this.snapshot = snapshot;
        this.metrics = metrics(selection.metric(), kept);
        this.pool = selection.pool() == null ? null : pool(selection.pool());
        this.threads = selection.thread() == null ? null : threads(selection.thread());
    }

    /** The selected metrics in the order of the states. */
    List<ThreadState> metrics() {
        return metrics;
    }

    Distribution distribution(ThreadState metric) {
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

    private static List<ThreadState> metrics(String name, Set<ThreadState> kept) throws SelectionException {
        List<ThreadState> all = kept.stream().sorted().toList();
        if (name == null) {
            return all;
        }
        Optional<ThreadState> metric = ThreadState.ofMetric(name);
        if (metric.isEmpty() || !kept.contains(metric.get())) {
            // all names are shown: there are at most 16, and they never change
            throw new SelectionException((metric.isEmpty() ? "no such metric: " : "metric is not kept: ")
                    + name + ". There are "
                    + all.stream().map(ThreadState::metric).collect(Collectors.joining(", ")));
        }
        return List.of(metric.get());
    }

    private PoolUsage pool(String name) throws SelectionException {
        for (PoolUsage usage : snapshot.pools()) {
            if (usage.pool().equals(name)) {
                return usage;
            }
        }
        throw new SelectionException("no such pool: " + name + ". "
                + choice(name, snapshot.pools().stream().map(PoolUsage::pool).toList()));
    }

    private List<ThreadUsage> threads(String name) throws SelectionException {
        List<ThreadUsage> named = snapshot.threads().stream()
                .filter(thread -> thread.identity().name().equals(name)).toList();
        if (named.isEmpty()) {
            named = snapshot.threads().stream()
                    .filter(thread -> Integer.toString(thread.tid()).equals(name)).toList();
        }
        if (named.isEmpty()) {
            throw new SelectionException("no such thread: " + name + ". " + choice(name,
                    snapshot.threads().stream().map(thread -> thread.identity().name()).distinct().toList()));
        }
        return named;
    }

    private static String choice(String name, Collection<String> names) {
        Optional<String> nearest = NearestName.of(name, names);
        if (nearest.isPresent()) {
            return "Nearest: " + nearest.get();
        }
        String some = names.stream().sorted().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        int more = names.size() - NAMES_SHOWN;
        return names.isEmpty() ? "There are none" : "There are " + some + (more > 0 ? " and " + more + " more" : "");
    }
}
