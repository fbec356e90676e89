package io.bpfagent.correlation;

/** A {@link Distribution} for each state. Immutable. */
public final class StateDistributions {
    /** Nothing counted in any state. */
    public static final StateDistributions EMPTY = new StateDistributions(new Distribution[0]);

    private final Distribution[] byState;

    /** Takes the array as it is; null and what is beyond its end stand for {@link Distribution#EMPTY}. */
    StateDistributions(Distribution[] byState) {
        this.byState = byState;
    }

    /** The finished stays in {@code state}; {@link Distribution#EMPTY} if there is none. */
    public Distribution of(ThreadState state) {
        int s = state.ordinal();
        return s < byState.length && byState[s] != null ? byState[s] : Distribution.EMPTY;
    }

    /** What was added since {@code earlier}, state by state. */
    public StateDistributions minus(StateDistributions earlier) {
        if (this == earlier) {
            return EMPTY;
        }
        Distribution[] difference = new Distribution[StateTimes.STATES];
        for (ThreadState state : ThreadState.ALL) {
            difference[state.ordinal()] = of(state).minus(earlier.of(state));
        }
        return new StateDistributions(difference);
    }
}
