package io.bpfagent.cli.report;

import io.bpfagent.cli.control.ThreadsDocument;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each thread did. One thread.
 *
 * <p>Of an application that starts threads without end only the busiest are kept; a live one is never forgotten, since
 * it would come back with a part of its time.
 */
final class ThreadSums {

    /** More than that nobody reads in a table. */
    static final int SHOWN = 1_000;
    /** Some 500 bytes each. */
    private static final int KEPT = 4 * SHOWN;

    private final Map<Long, One> threads = new HashMap<>();
    private long forgotten;
    private long interval;

    /** A thread. */
    private static final class One {
        private final Usage usage = new Usage();
        private ThreadsDocument.Entry last;
        private long seen;

        ReportData.ThreadTotal data(List<String> states) {
            return new ReportData.ThreadTotal(last.tid(), last.javaId(), last.name(), last.pool(), last.kind(),
                usage.totalNs(states), usage.waitedNs(), usage.migrations(), usage.minorFaults(), usage.majorFaults(),
                usage.counters());
        }
    }

    /** Adds those of an interval. */
    void add(List<ThreadsDocument.Entry> entries) {
        interval++;
        for (ThreadsDocument.Entry entry : entries) {
            // As ThreadsDifference tells them apart.
            One one = threads.computeIfAbsent(entry.javaId() << 32 ^ entry.tid(), any -> new One());
            one.last = entry;
            one.seen = interval;
            one.usage.add(entry.timesNs(), entry.waitedNs(), entry.migrations(), entry.minorFaults(),
                entry.majorFaults(), entry.counters());
        }
        if (threads.size() > KEPT) {
            forget();
        }
    }

    private void forget() {
        List<Map.Entry<Long, One>> ended = threads.entrySet().stream()
            .filter(entry -> entry.getValue().seen < interval)
            .sorted(Comparator.comparingLong(entry -> -entry.getValue().usage.busyNs())).toList();
        for (Map.Entry<Long, One> entry : ended.subList(Math.min(SHOWN, ended.size()), ended.size())) {
            threads.remove(entry.getKey());
            forgotten++;
        }
    }

    /** The busiest, most first. */
    List<ReportData.ThreadTotal> data(List<String> states) {
        return threads.values().stream()
            .sorted(Comparator.<One>comparingLong(one -> -one.usage.busyNs()).thenComparingLong(one -> one.last.tid()))
            .limit(SHOWN).map(one -> one.data(states)).toList();
    }

    /** How many more there were. */
    long leftOut() {
        return forgotten + Math.max(0, threads.size() - SHOWN);
    }
}
