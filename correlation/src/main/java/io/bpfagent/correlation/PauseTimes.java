package io.bpfagent.correlation;

import java.util.Arrays;

/** Time per state in a pause, ns. Immutable; 40 bytes and 8 for each state that has any. */
public final class PauseTimes {
    /** No time in any state. */
    public static final PauseTimes ZERO = new PauseTimes(0, new long[0]);

    /** Bit s: state s has a time. */
    private final int states;
    /** Of those states, the lowest first. */
    private final long[] ns;

    private PauseTimes(int states, long[] ns) {
        this.states = states;
        this.ns = ns;
    }

    /**
     * Of the given times by {@link ThreadState#ordinal()}, which are copied.
     *
     * @throws IllegalArgumentException if there are not as many as states, or one is below 0
     */
    public static PauseTimes of(long... ns) {
        int states = 0;
        boolean valid = ns.length == ThreadState.ALL.size();
        for (int s = 0; s < ns.length && valid; s++) {
            valid = ns[s] >= 0;
            states |= ns[s] == 0 ? 0 : 1 << s;
        }
        if (!valid) {
            throw new IllegalArgumentException("times must be " + ThreadState.ALL.size()
                    + " numbers >= 0, times=" + Arrays.toString(ns));
        }
        long[] some = new long[Integer.bitCount(states)];
        int i = 0;
        for (long time : ns) {
            if (time != 0) {
                some[i++] = time;
            }
        }
        return states == 0 ? ZERO : new PauseTimes(states, some);
    }

    /** The time in {@code state}. */
    public long timeNs(ThreadState state) {
        int bit = 1 << state.ordinal();
        return (states & bit) == 0 ? 0 : ns[Integer.bitCount(states & bit - 1)];
    }

    /** The time in all states. */
    public long wallNs() {
        long sum = 0;
        for (long time : ns) {
            sum += time;
        }
        return sum;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof PauseTimes other && states == other.states && Arrays.equals(ns, other.ns);
    }

    @Override
    public int hashCode() {
        return 31 * states + Arrays.hashCode(ns);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("PauseTimes[");
        for (ThreadState state : ThreadState.ALL) {
            if (timeNs(state) != 0) {
                text.append(state.metric()).append('=').append(timeNs(state)).append(" ns ");
            }
        }
        return text.append(']').toString();
    }
}
