package io.bpfagent.report;

/**
 * Which histograms are asked for.
 *
 * @param metric    one metric, or null for all that are kept
 * @param pool      the name of a pool, or null
 * @param thread    the name of a thread (all live threads of that name together), or a tid, or null;
 *                  not both a pool and a thread; null and null is the whole process
 * @param operation the name of a VM operation or a system call, with the metrics {@code vm_operation} and {@code
 *                  syscall} only, or {@link #ALL_OPERATIONS}, or null
 * @param context   the name of a context, with states only and instead of a pool or a thread, or null
 */
public record HistogramSelection(String metric, String pool, String thread, String operation, String context) {
    /** In place of a name: each that there has been. */
    static final String ALL_OPERATIONS = "all";
    /** Every kept metric of the whole process. */
    public static final HistogramSelection ALL = new HistogramSelection(null, null, null, null);

    /** Of no context in particular. */
    public HistogramSelection(String metric, String pool, String thread, String operation) {
        this(metric, pool, thread, operation, null);
    }

    /** Whether threads are asked for, and not the whole process. */
    boolean isOfThreads() {
        return pool != null || thread != null;
    }
}
