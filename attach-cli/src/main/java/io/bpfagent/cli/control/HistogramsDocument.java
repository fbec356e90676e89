package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The answer to {@code hist}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers, 0 from an agent that does not say
 * @param sharesPages whether a part of what was asked for stands in pages that several threads share
 */
public record HistogramsDocument(int schema, boolean interval, long wallNs, boolean sharesPages,
    List<Entry> histograms, Map<String, Long> losses) {

    public HistogramsDocument {
        histograms = histograms == null ? List.of() : List.copyOf(histograms);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * The distribution of one metric; count 0 has null for what does not exist then.
     *
     * @param operation the VM operation or system call it is of, null for all of them and for other metrics
     * @param pool the pool it is of, null for the whole process or a thread
     * @param thread the thread it is of, null otherwise
     * @param context the context it is of, null for threads inside and outside of any
     * @param unit of sum, min, mean, max, the percentiles and the buckets: {@code ns}, {@code bytes},
     *     {@code number}, or {@code count} where there is nothing but a count
     * @param atMs when a probe of the user's own began to count, ms since 1970; null of other metrics
     * @param buckets pairs (largest value, count), ascending, without empty ones
     */
    public record Entry(String metric, String operation, String pool, String thread, String context, String unit,
        Long atMs, long count, long sum, Long min, Double mean, Long max, Long p50, Long p90, Long p99, Long p999,
        List<long[]> buckets) {

        private static final Set<String> OF_PROCESS = Set.of("gc_pause", "safepoint", "time_to_safepoint",
            "vm_operation", "class_init", "jit_compile", "monitor_contended", "park", "object_alloc", "syscall");

        public Entry {
            buckets = buckets == null ? List.of() : List.copyOf(buckets);
        }

        /** Whether it is of what is known of the whole process, not of threads. */
        public boolean isOfProcess() {
            return OF_PROCESS.contains(metric);
        }

        /** Whether it is of a thread's state, not of something that threads do. */
        public boolean isState() {
            return metric.equals("running") || metric.equals("runnable") || metric.startsWith("blocked_");
        }
    }
}
