package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

/** The user metrics that there are at one moment, by slot. Immutable. */
final class UserMetrics {
    /** Before there is any. */
    static final UserMetrics NONE = new UserMetrics(new UserMetric[RecordSizes.USER_METRICS]);

    private final UserMetric[] bySlot;

    private UserMetrics(UserMetric[] bySlot) {
        this.bySlot = bySlot;
    }

    /** The same with one more, in place of what was in its slot. */
    UserMetrics with(UserMetric metric) {
        return with(metric.slot(), metric);
    }

    /** The same without one. */
    UserMetrics without(UserMetric metric) {
        return with(metric.slot(), null);
    }

    private UserMetrics with(int slot, UserMetric metric) {
        UserMetric[] changed = bySlot.clone();
        changed[slot - RecordSizes.FIRST_USER_METRIC] = metric;
        return new UserMetrics(changed);
    }

    /** Whether it is one of them. */
    boolean has(UserMetric metric) {
        return metric.equals(bySlot[metric.slot() - RecordSizes.FIRST_USER_METRIC]);
    }

    /** Whether the thread metric with the kernel's number {@code slot} is the same in both. */
    boolean isSameIn(UserMetrics other, int slot) {
        int index = slot - RecordSizes.FIRST_USER_METRIC;
        if (this == other || index < 0) {
            return true;
        }
        UserMetric metric = bySlot[index];
        return metric == null ? other.bySlot[index] == null : metric.equals(other.bySlot[index]);
    }
}
