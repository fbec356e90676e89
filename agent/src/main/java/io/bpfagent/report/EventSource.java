package io.bpfagent.report;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadUsage;
import io.bpfagent.correlation.slow.SlowLimits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds in a snapshot the slow events for which an {@link EventSelection} asks. */
final class EventSource {
    /** Stands for reads and for writes of disks. */
    static final String BLOCK_IO = "block_io";

    private final EventSelection selection;
    /** Of which slow events are asked for; null for all. */
    private final List<Metric> metrics;

    /**
     * Of a snapshot.
     *
     * @param kept the metrics of which there are histograms
     * @throws SelectionException when something is asked for that there is not
     */
    EventSource(Snapshot snapshot, EventSelection selection, List<Metric> kept) throws SelectionException {
        if (selection.pool() != null && selection.thread() != null) {
            throw new SelectionException("slow events must be of a pool or of a thread, pool=" + selection.pool()
                    + ", thread=" + selection.thread());
        }
        this.selection = selection;
        this.metrics = selection.metric() == null ? null : metrics(selection.metric(), kept);
        if (selection.pool() != null) {
            checkPool(snapshot, selection.pool());
        }
        if (selection.thread() != null) {
            checkThread(snapshot, selection.thread());
        }
    }

    /** The latest of these that are asked for, in their order. */
    List<SlowEvent> of(List<SlowEvent> events) {
        List<SlowEvent> fitting = new ArrayList<>();
        for (SlowEvent event : events) {
            if (selection.latest().fits(event.number(), event.durationNs())
                    && (metrics == null || metrics.contains(event.metric()))
                    && (selection.pool() == null || isCalled(event.pool(), selection.pool()))
                    && (selection.thread() == null || isOf(event, selection.thread()))) {
                fitting.add(event);
            }
        }
        return selection.latest().latest(fitting);
    }

    /** Why there will be none of what is asked for, however long it takes; null where there may be some. */
    String unlimited(SlowLimits limits) {
        if (metrics == null) {
            return null;
        }
        for (Metric metric : metrics) {
            if (limits.of(metric) != SlowLimits.NEVER) {
                return null;
            }
        }
        if (!SlowLimits.canBeSlow(metrics.get(0))) {
            return "There are no slow events of " + selection.metric() + ": it is neither a wait nor a call.";
        }
        return "No limit is set for " + selection.metric() + ", so that nothing of it is slow. Start the agent with"
                + " slow." + selection.metric() + "=10ms, or another length (docs/metrics.md, \"Slow events\").";
    }

    private static boolean isOf(SlowEvent event, String thread) {
        return isCalled(event.thread().name(), thread) || Integer.toString(event.tid()).equals(thread);
    }

    private static boolean isCalled(String name, String asked) {
        return name.equals(asked) || ShownName.isOf(asked, name);
    }

    private static boolean isCalled(Set<String> names, String asked) {
        for (String name : names) {
            if (isCalled(name, asked)) {
                return true;
            }
        }
        return false;
    }

    private static List<Metric> metrics(String name, List<Metric> kept) throws SelectionException {
        List<Metric> timed = new ArrayList<>();
        List<Metric> asked = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Metric metric : kept) {
            if (metric.isOfThreads() && !metric.isBytes()) {
                timed.add(metric);
                names.add(metric.metric());
            }
        }
        for (Metric metric : timed) {
            boolean isBlockIo = metric == ThreadMetric.BLOCK_READ || metric == ThreadMetric.BLOCK_WRITE;
            if (metric.metric().equals(name) || isBlockIo && name.equals(BLOCK_IO)) {
                asked.add(metric);
            }
            if (isBlockIo) {
                names.add(BLOCK_IO);
            }
        }
        if (!asked.isEmpty()) {
            return asked;
        }
        Metric other = Metrics.of(name).orElse(null);
        if (other != null && !other.isOfThreads()) {
            throw new SelectionException(name + " is of the whole process, there are no slow events of it");
        }
        if (other != null && other.isBytes()) {
            throw new SelectionException(name + " is a size, there are no slow events of it");
        }
        boolean exists = other != null || name.equals(BLOCK_IO);
        throw new SelectionException(exists ? "metric is not kept: " + name + " (metrics=all keeps it)"
                : "no such metric: " + name + ". " + NearestName.choice(name, names));
    }

    private static void checkPool(Snapshot snapshot, String pool) throws SelectionException {
        Set<String> names = new LinkedHashSet<>();
        for (PoolUsage usage : snapshot.pools()) {
            names.add(usage.pool());
        }
        if (!isCalled(names, pool)) {
            throw new SelectionException("no such pool: " + pool + ". " + NearestName.choice(pool, names));
        }
    }

    /** A thread that has ended counts as long as there is a slow event of it. */
    private static void checkThread(Snapshot snapshot, String thread) throws SelectionException {
        Set<String> names = new LinkedHashSet<>();
        for (ThreadUsage usage : snapshot.threads()) {
            if (Integer.toString(usage.tid()).equals(thread)) {
                return;
            }
            names.add(usage.identity().name());
        }
        for (SlowEvent event : snapshot.slow()) {
            if (isOf(event, thread)) {
                return;
            }
        }
        if (!isCalled(names, thread)) {
            throw new SelectionException("no such thread: " + thread + ". " + NearestName.choice(thread, names));
        }
    }
}
