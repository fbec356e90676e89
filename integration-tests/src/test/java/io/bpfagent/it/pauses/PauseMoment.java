package io.bpfagent.it.pauses;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.PauseReport.PauseEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the agent says of a host's pauses, and what the host's own log says, at one moment: while both were asked there
 * was no safepoint and no VM operation.
 *
 * @param metrics    histograms of the whole process, by metric
 * @param operations those of the VM operations that there were, by name
 */
public record PauseMoment(SafepointLog log, PauseReport pauses, Map<String, Histogram> metrics,
        Map<String, Histogram> operations) {
    private static final int MOST_TRIES = 20;

    /** @throws AssertionError if the host does not keep still */
    public static PauseMoment of(HostJvm host, Path file) {
        PauseMoment before = look(host, file);
        for (int time = 1; time <= MOST_TRIES; time++) {
            // Twice the same: the VM thread has logged and counted what it does when the others go on already.
            PauseMoment now = look(host, file);
            if (now.isAs(before)) {
                return now;
            }
            before = now;
        }
        throw new AssertionError("safepoints all the time\n" + host.report());
    }

    private static PauseMoment look(HostJvm host, Path file) {
        SafepointLog log = SafepointLog.read(file);
        PauseReport pauses = host.freshPauses(0);
        Map<String, Histogram> metrics = new TreeMap<>();
        for (Histogram histogram : Histogram.all(host.hist())) {
            if (histogram.operation() == null) {
                metrics.put(histogram.metric(), histogram);
            }
        }
        Map<String, Histogram> operations = new TreeMap<>();
        // Not those of the log: it has what came before the agent, too.
        for (Histogram histogram : Histogram.all(host.histOfOperation("vm_operation", "all"))) {
            operations.put(histogram.operation(), histogram);
        }
        return new PauseMoment(log, pauses, metrics, operations);
    }

    private boolean isAs(PauseMoment other) {
        return log.equals(other.log) && pauses.seen() == other.pauses.seen()
                && Stream.of("safepoint", "vm_operation",
                "gc_pause").allMatch(metric -> countSince(other, metric) == 0);
    }

    /** Of the pauses listed those that came since {@code earlier}. */
    public List<PauseEntry> pausesSince(PauseMoment earlier) {
        return pauses.pauses().stream().filter(pause -> pause.number() > earlier.pauses.seen()).toList();
    }

    /** How many values were added to a metric since {@code earlier}. */
    public long countSince(PauseMoment earlier, String metric) {
        return metrics.get(metric).count() - earlier.metrics.get(metric).count();
    }

    /** What was added to the sum of a metric since {@code earlier}. */
    public long sumNsSince(PauseMoment earlier, String metric) {
        return metrics.get(metric).sumNs() - earlier.metrics.get(metric).sumNs();
    }

    /** How often each VM operation was counted since {@code earlier}; those that were not are left out. */
    public Map<String, Long> operationsSince(PauseMoment earlier) {
        Map<String, Long> counts = new TreeMap<>();
        operations.forEach((operation, histogram) -> {
            Histogram then = earlier.operations.get(operation);
            counts.put(operation, histogram.count() - (then == null ? 0 : then.count()));
        });
        counts.values().removeIf(Predicate.isEqual(0L));
        return counts;
    }
}
