package io.bpfagent.cli.report;

import io.bpfagent.cli.control.ThreadsDocument.Count;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pool or a thread did, summed over intervals. One thread. */
final class Usage {

    private final Map<String, Long> timesNs = new HashMap<>();
    private final Map<String, Long> waitedNs = new LinkedHashMap<>();
    private Map<String, Long> counters;
    private long migrations;
    private long minorFaults;
    private long majorFaults;

    /** Adds an interval's; null where there is nothing. */
    void add(Map<String, Long> times, Map<String, Long> waited, long moves, long minor, long major,
        Map<String, Count> counted) {
        add(timesNs, times);
        add(waitedNs, waited);
        migrations += moves;
        minorFaults += minor;
        majorFaults += major;
        if (counted != null) {
            counters = counters == null ? new LinkedHashMap<>() : counters;
            counted.forEach((name, count) ->
                counters.merge(name, count.count() == null ? 0 : count.count(), Long::sum));
        }
    }

    static void add(Map<String, Long> sums, Map<String, Long> more) {
        if (more != null) {
            more.forEach((key, value) -> sums.merge(key, value, Long::sum));
        }
    }

    /** The times in the order of these states. */
    static long[] inOrder(Map<String, Long> times, List<String> states) {
        return states.stream().mapToLong(state -> times.getOrDefault(state, 0L)).toArray();
    }

    long[] totalNs(List<String> states) {
        return inOrder(timesNs, states);
    }

    /** In which it had work to do: running, and waiting for a CPU. */
    long busyNs() {
        return timesNs.getOrDefault("running", 0L) + timesNs.getOrDefault("runnable", 0L);
    }

    Map<String, Long> waitedNs() {
        return waitedNs;
    }

    Map<String, Long> counters() {
        return counters;
    }

    long migrations() {
        return migrations;
    }

    long minorFaults() {
        return minorFaults;
    }

    long majorFaults() {
        return majorFaults;
    }
}
