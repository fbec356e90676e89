package io.bpfagent.report;

/**
 * Which histograms are asked for.
 *
 * @param metric one metric, or null for all that are kept
 * @param pool   the name of a pool, or null
 * @param thread the name of a thread (all live threads of that name together), or a tid, or null;
 *               not both a pool and a thread; null and null is the whole process
 */
public record HistogramSelection(String metric, String pool, String thread) {
    /** Every kept metric of the whole process. */
    public static final HistogramSelection ALL = new HistogramSelection(null, null, null);
}
