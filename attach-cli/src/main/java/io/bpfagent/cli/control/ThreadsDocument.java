package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code threads}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers
 * @param counters those that were asked for
 */
public record ThreadsDocument(int schema, boolean interval, long wallNs, List<Entry> threads, List<Pool> pools,
    Map<String, Long> losses, List<CounterState> counters) {

    public ThreadsDocument {
        threads = threads == null ? List.of() : List.copyOf(threads);
        pools = pools == null ? List.of() : List.copyOf(pools);
        losses = losses == null ? Map.of() : losses;
        counters = counters == null ? List.of() : List.copyOf(counters);
    }

    /** A counter, and whether it counts: else {@code detail} says why not. */
    public record CounterState(String counter, String status, String detail) {

        /** Whether it does. */
        public boolean counts() {
            return "attached".equals(status);
        }
    }

    /**
     * What one counter has counted.
     *
     * @param count scaled where it did not count all the time; null where it did not count
     * @param counted in which part of the time it did, 0 to 1
     */
    public record Count(Long count, double counted) {

        /** Whether that is less than all of it. */
        public boolean isScaled() {
            return counted < 0.9995;
        }
    }

    /** What all of them have counted, of a thread or pool. */
    public record Counts(Map<String, Count> counters, Double instructionsPerCycle, Double cacheMissShare) {

        public Counts {
            counters = counters == null ? Map.of() : counters;
        }

        /** Of one; 0 where it is not known. */
        public long count(String counter) {
            Count count = counters.get(counter);
            return count == null || count.count() == null ? 0 : count.count();
        }
    }

    /**
     * A live thread.
     *
     * @param tid as the JVM and jstack show it
     * @param state the one it is in now
     * @param wallNs the sum of its times
     * @param timesNs by state, all of them
     * @param waitedNs its waits for a CPU that were not short, by who had it
     */
    public record Entry(int tid, long javaId, String name, String pool, String kind, String state, long wallNs,
        Map<String, Long> timesNs, Map<String, Long> waitedNs, long migrations, long minorFaults, long majorFaults,
        Map<String, Count> counters, Double instructionsPerCycle, Double cacheMissShare) {

        public Entry {
            waitedNs = waitedNs == null ? Map.of() : waitedNs;
        }

        /** What counters have counted. */
        public Counts counts() {
            return new Counts(counters, instructionsPerCycle, cacheMissShare);
        }
    }

    /**
     * A pool, its ended threads included.
     *
     * @param threads live ones
     * @param ended those that ended since the agent began
     */
    public record Pool(String pool, int threads, long ended, Map<String, Long> timesNs, Map<String, Long> waitedNs,
        long migrations, long minorFaults, long majorFaults, Map<String, Count> counters, Double instructionsPerCycle,
        Double cacheMissShare) {

        public Pool {
            waitedNs = waitedNs == null ? Map.of() : waitedNs;
        }

        /** What counters have counted. */
        public Counts counts() {
            return new Counts(counters, instructionsPerCycle, cacheMissShare);
        }

        /** The sum over all states. */
        public long wallNs() {
            return timesNs.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
