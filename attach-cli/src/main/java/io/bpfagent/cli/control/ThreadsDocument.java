package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code threads}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers
 */
public record ThreadsDocument(int schema, boolean interval, long wallNs, List<Entry> threads, List<Pool> pools,
    Map<String, Long> losses) {

    public ThreadsDocument {
        threads = threads == null ? List.of() : List.copyOf(threads);
        pools = pools == null ? List.of() : List.copyOf(pools);
        losses = losses == null ? Map.of() : losses;
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
        Map<String, Long> timesNs, Map<String, Long> waitedNs, long migrations, long minorFaults, long majorFaults) {

        public Entry {
            waitedNs = waitedNs == null ? Map.of() : waitedNs;
        }
    }

    /**
     * A pool, its ended threads included.
     *
     * @param threads live ones
     * @param ended those that ended since the agent began
     */
    public record Pool(String pool, int threads, long ended, Map<String, Long> timesNs, Map<String, Long> waitedNs,
        long migrations, long minorFaults, long majorFaults) {

        public Pool {
            waitedNs = waitedNs == null ? Map.of() : waitedNs;
        }

        /** The sum over all states. */
        public long wallNs() {
            return timesNs.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
