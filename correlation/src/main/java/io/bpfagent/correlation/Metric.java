package io.bpfagent.correlation;

/** Something of which there is a histogram. */
public sealed interface Metric permits ThreadState, EventMetric {
    /** The name in every report, for example {@code blocked_monitor} or {@code gc_pause}. */
    String metric();
}
