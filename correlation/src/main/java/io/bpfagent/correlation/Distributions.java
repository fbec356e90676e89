package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

/** A {@link Distribution} for each state, each {@link ThreadMetric} and each {@link UserMetric}. Immutable. */
public final class Distributions {
    /** Nothing counted at all. */
    public static final Distributions EMPTY = new Distributions(new Distribution[0]);

    /** Where the thread metrics begin, behind the states. */
    static final int FIRST_METRIC = StateTimes.STATES;
    /** So many at most. */
    static final int SLOTS = FIRST_METRIC + RecordSizes.THREAD_METRICS;

    private final Distribution[] bySlot;
    private final UserMetrics users;

    /** Takes the array as it is; null and what is beyond its end stand for {@link Distribution#EMPTY}. */
    Distributions(Distribution[] bySlot) {
        this(bySlot, UserMetrics.NONE);
    }

    /** The same; {@code users} says whose the slots of user metrics are. */
    Distributions(Distribution[] bySlot, UserMetrics users) {
        this.bySlot = bySlot;
        this.users = users;
    }

    /**
     * What was counted of {@code metric}, of states the finished stays; {@link Distribution#EMPTY} if there is none.
     *
     * @throws IllegalArgumentException if it is not of threads
     */
    public Distribution of(Metric metric) {
        return metric instanceof UserMetric user && !users.has(user) ? Distribution.EMPTY : at(slot(metric));
    }

    private Distribution at(int slot) {
        return slot < bySlot.length && bySlot[slot] != null ? bySlot[slot] : Distribution.EMPTY;
    }

    private static int slot(Metric metric) {
        if (metric instanceof ThreadState state) {
            return state.ordinal();
        }
        if (metric instanceof ThreadMetric of) {
            return FIRST_METRIC + of.ordinal();
        }
        if (metric instanceof UserMetric user) {
            return FIRST_METRIC + user.slot();
        }
        throw new IllegalArgumentException("metric must be one of threads, metric=" + metric.metric());
    }

    /** The same object as at {@code slot}. */
    boolean has(int slot, Distribution distribution) {
        return at(slot) == distribution;
    }

    /** What was added since {@code earlier}, one by one. */
    public Distributions minus(Distributions earlier) {
        if (this == earlier) {
            return EMPTY;
        }
        Distribution[] difference = new Distribution[bySlot.length];
        for (int slot = 0; slot < bySlot.length; slot++) {
            boolean same = users.isSameIn(earlier.users, slot - FIRST_METRIC);
            difference[slot] = same ? at(slot).minus(earlier.at(slot)) : at(slot);
        }
        return new Distributions(difference, users);
    }
}
