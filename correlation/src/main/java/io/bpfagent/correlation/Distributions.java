package io.bpfagent.correlation;

/** A {@link Distribution} for each state and each {@link ThreadMetric}. Immutable. */
public final class Distributions {
    /** Nothing counted at all. */
    public static final Distributions EMPTY = new Distributions(new Distribution[0]);

    /** Where the thread metrics begin, behind the states. */
    static final int FIRST_METRIC = StateTimes.STATES;
    /** So many at most. */
    static final int SLOTS = FIRST_METRIC + ThreadMetric.ALL.size();

    private final Distribution[] bySlot;

    /** Takes the array as it is; null and what is beyond its end stand for {@link Distribution#EMPTY}. */
    Distributions(Distribution[] bySlot) {
        this.bySlot = bySlot;
    }

    /**
     * What was counted of {@code metric}, of states the finished stays; {@link Distribution#EMPTY} if there is none.
     *
     * @throws IllegalArgumentException if it is not of threads
     */
    public Distribution of(Metric metric) {
        return at(slot(metric));
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
            difference[slot] = at(slot).minus(earlier.at(slot));
        }
        return new Distributions(difference);
    }
}
