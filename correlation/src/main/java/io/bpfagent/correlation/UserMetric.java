package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.Objects;

/**
 * What a probe counts that the user has named: a histogram for each thread and pool. Unlike the other metrics it comes
 * and goes while the agent is on, and the slot in which the kernel counts it is given to another then.
 *
 * @param slot   the kernel's number of it among thread metrics, one of the last {@value RecordSizes#USER_METRICS}
 * @param metric its name
 * @param values what is counted
 * @param number tells it from all other user metrics of this agent, those too that had slot and name before
 * @param atMs   when it began to count, ms since 1970; 0 where that is not known
 */
public record UserMetric(int slot, String metric, Values values, long number, long atMs) implements Metric {
    /** One of which it is not known since when it counts. */
    public UserMetric(int slot, String metric, Values values, long number) {
        this(slot, metric, values, number, 0);
    }

    /** What the values of a user's histogram are. */
    public enum Values {
        /** Times, ns. */
        TIMES,
        /** Numbers from 0 to 2^35 - 1, each counted as 64 ns in a {@link Distribution}. */
        NUMBERS,
        /** None: it is only counted how often. In a distribution each is a 1 of {@link #NUMBERS}. */
        COUNTS
    }

    public UserMetric {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(values, "values");
        if (slot < RecordSizes.FIRST_USER_METRIC
                || slot >= RecordSizes.FIRST_USER_METRIC + RecordSizes.USER_METRICS) {
            throw new IllegalArgumentException("slot must be a user metric's, slot=" + slot);
        }
    }

    @Override
    public String what() {
        return switch (values) {
            case TIMES -> "Times of probes that were added by name";
            case NUMBERS -> "Numbers of probes that were added by name";
            case COUNTS -> "How often probes that were added by name were hit";
        };
    }
}
