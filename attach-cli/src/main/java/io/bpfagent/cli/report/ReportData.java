package io.bpfagent.cli.report;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Map;

/**
 * What is in a page, by the keys that it has there (docs/report.md).
 *
 * <p>Times are ns, but for those called {@code Ms}, which are ms since 1970. Arrays per state are in the order of
 * {@code states}. Immutable but for its arrays, which nobody writes to.
 *
 * @param attachCli the version that recorded
 * @param intervalNs what was asked for from one interval to the next
 * @param status the agent's status when the recording began, as it told it
 * @param fromMs where the first interval begins
 * @param toMs where the last one ends
 * @param wallNs what the intervals cover, on the agent's clock
 * @param end why there is no more: {@code duration}, {@code interrupted}, {@code jvm_ended}, {@code agent_gone}, or
 *     {@code cut} where the recording does not say
 * @param columns begin and end of each: neighbouring intervals of a long recording are one
 * @param threads at most 1000, those that ran or waited for a CPU longest
 * @param threadsLeftOut how many more there were; their times are in their pools
 * @param pauses those that are kept, oldest first
 * @param missingPauses how many came that the recording does not have
 * @param pausesLeftOut how many it has that are not here: shorter ones than those
 * @param eventsLeftOut likewise of slow events, of each metric
 * @param frames of the events' stacks
 * @param outsideNs by state: the time of all threads in which they were in no context
 * @param disks as of the last interval, since the agent began; likewise remotes
 * @param cost what the agent itself took, each of some seconds
 * @param losses since the agent began, without those that are 0
 */
record ReportData(int schema, Jvm jvm, JsonElement machine, String attachCli, long intervalNs, JsonElement status,
    long fromMs, long toMs, long wallNs, long intervals, String end, List<long[]> columns, List<String> states,
    List<Pool> pools, List<ThreadTotal> threads, long threadsLeftOut, List<Histogram> histograms, List<Raw> pauses,
    long missingPauses, long pausesLeftOut, List<Raw> events, long missingEvents, long eventsLeftOut,
    List<String> frames, List<Context> contexts, long[] outsideNs, JsonElement disks, JsonElement remotes,
    List<JsonElement> cost, Map<String, Long> losses) {

    /** Of the page's data: grows when a key changes its meaning or goes away. */
    static final int SCHEMA = 1;

    /** As the recorder saw it. */
    record Jvm(long pid, String name) {
    }

    /**
     * A pool with its ended threads.
     *
     * @param threads live ones at the end
     * @param ended in the time of the recording
     * @param waitedNs its waits for a CPU that were not short, by who had it
     * @param series by state, without those in which it never was: ns in each column
     * @param counters what hardware counters have counted; null where none was asked for
     */
    record Pool(String name, int threads, long ended, long[] totalNs, Map<String, Long> waitedNs, long migrations,
        long minorFaults, long majorFaults, Map<String, Long> counters, Map<String, long[]> series) {
    }

    /** A thread, with the last name, pool and kind that it had; the others as of a pool. */
    record ThreadTotal(int tid, long javaId, String name, String pool, String kind, long[] totalNs,
        Map<String, Long> waitedNs, long migrations, long minorFaults, long majorFaults, Map<String, Long> counters) {
    }

    /**
     * The distribution of one metric, and how it changed.
     *
     * @param pool null: of the whole process
     * @param operation the VM operation or system call, null: of all of them
     * @param width how many columns each of {@code columns} covers, from its own on
     * @param bounds the largest value of each bucket that occurs, ascending
     * @param counts in each of them
     * @param columns what came when, without empty ones
     */
    record Histogram(String metric, String pool, String operation, String unit, long count, long sum, long max,
        int width, long[] bounds, long[] counts, List<Cell> columns) {
    }

    /**
     * What came in one column: {@code [column,[bucket,count,bucket,count,...]]}.
     *
     * @param pairs index of the bucket, and how many
     */
    record Cell(int column, long[] pairs) {
    }

    /**
     * What there was of a context in the time of the recording.
     *
     * @param inclusiveNs by state, with what was entered inside of it
     * @param exclusiveNs by state, without that
     */
    record Context(String name, String kind, long count, long[] inclusiveNs, long[] exclusiveNs) {
    }

    /** JSON that is there already. */
    record Raw(String json) {
    }
}
