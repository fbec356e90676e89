package io.bpfagent.correlation;

/** Something of which there is a histogram. */
public sealed interface Metric permits ThreadState, ThreadMetric, EventMetric, UserMetric {
    /** The name in every report, for example {@code blocked_monitor} or {@code gc_pause}. */
    String metric();

    /** What its values are, in a few words for lists of metrics; a sentence without its full stop. */
    String what();

    /** Whether it is kept only when asked for by name, because its probe slows what it measures. */
    default boolean isOnRequest() {
        return false;
    }

    /** Whether its values are bytes, each counted as 64 ns in a {@link Distribution}; else they are ns. */
    default boolean isBytes() {
        return false;
    }

    /** Whether there is a histogram for each thread and pool; else there is one for the process. */
    default boolean isOfThreads() {
        return true;
    }
}
