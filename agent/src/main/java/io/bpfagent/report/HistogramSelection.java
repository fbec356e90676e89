package io.bpfagent.report;

/**
 * Which histograms are asked for.
 *
 * @param metric    one metric, or null for all that are kept
 * @param pool      the name of a pool, or null
 * @param thread    the name of a thread (all live threads of that name together), or a tid, or null;
 *                  not both a pool and a thread; null and null is the whole process
 * @param operation the name of a VM operation, with the metric {@code vm_operation} only, or null
 */
public record HistogramSelection(String metric, String pool, String thread, String operation) {
    /** Every kept metric of the whole process. */
    public static final HistogramSelection ALL = new HistogramSelection(null, null, null, null);

    /** Whether threads are asked for, and not the whole process. */
    boolean isOfThreads() {
        return pool != null || thread != null;
    }
}
