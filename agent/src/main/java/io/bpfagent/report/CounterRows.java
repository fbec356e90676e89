package io.bpfagent.report;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadUsage;
import java.util.ArrayList;
import java.util.List;
import javax.management.openmbean.SimpleType;

/** The tables that {@link ThreadsBean} has of counters: a row for each of a thread, or of a pool. */
final class CounterRows {
    static final OpenRows<OfThread> THREADS = new Threads();
    static final OpenRows<OfPool> POOLS = new Pools();
    private static final String COUNTER = "What is counted, e.g. instructions";

    private CounterRows() {
    }

    /** One counter of a live thread. */
    record OfThread(ThreadUsage thread, Counter counter) {}

    /** One counter of a pool. */
    record OfPool(PoolUsage pool, Counter counter) {}

    private static final class Threads extends OpenRows<OfThread> {
        private static final int FIRST_NUMBER = 4;

        Threads() {
            super("io.bpfagent.ThreadCounter", "What one counter has counted for a live thread since the agent began");
            column("tid", "Thread id as the JVM and jstack show it", SimpleType.INTEGER);
            column("counter", COUNTER, SimpleType.STRING);
            column("name", "Full name", SimpleType.STRING);
            column("pool", "Pool it belongs to", SimpleType.STRING);
            numbers(this);
        }

        @Override
        Object value(OfThread row, int column) {
            return switch (column) {
                case 0 -> row.thread().tid();
                case 1 -> row.counter().label();
                case 2 -> row.thread().identity().name();
                case 3 -> row.thread().pool();
                default -> number(row.thread().counts(), row.counter(), column - FIRST_NUMBER);
            };
        }
    }

    private static final class Pools extends OpenRows<OfPool> {
        private static final int FIRST_NUMBER = 2;

        Pools() {
            super("io.bpfagent.PoolCounter", "What one counter has counted for a pool's threads, live and ended");
            column("pool", "Name of its threads, each run of digits as #", SimpleType.STRING);
            column("counter", COUNTER, SimpleType.STRING);
            numbers(this);
        }

        @Override
        Object value(OfPool row, int column) {
            return switch (column) {
                case 0 -> row.pool().pool();
                case 1 -> row.counter().label();
                default -> number(row.pool().counts(), row.counter(), column - FIRST_NUMBER);
            };
        }
    }

    private static void numbers(OpenRows<?> rows) {
        rows.longColumn("count", "How much; scaled where it could not count all the time; -1: not known");
        rows.column("counted", "In which part of the time on a CPU it did count, 0 to 1", SimpleType.DOUBLE);
        rows.done(2);
    }

    private static Object number(ThreadCounts counts, Counter counter, int number) {
        if (number == 0) {
            return counts.counted(counter);
        }
        return counts.countedShare(counter);
    }

    /** Of the live threads, those counters that count. */
    static List<OfThread> ofThreads(Snapshot snapshot, List<Probe> probes) {
        List<OfThread> rows = new ArrayList<>();
        for (CounterReport report : CounterReport.of(probes)) {
            if (report.counts()) {
                for (ThreadUsage thread : snapshot.threads()) {
                    rows.add(new OfThread(thread, report.counter()));
                }
            }
        }
        return rows;
    }

    /** Of the pools likewise. */
    static List<OfPool> ofPools(Snapshot snapshot, List<Probe> probes) {
        List<OfPool> rows = new ArrayList<>();
        for (CounterReport report : CounterReport.of(probes)) {
            if (report.counts()) {
                for (PoolUsage pool : snapshot.pools()) {
                    rows.add(new OfPool(pool, report.counter()));
                }
            }
        }
        return rows;
    }
}
