package io.bpfagent.correlation;

import java.util.Arrays;

/**
 * Time, number and longest of the stays in each state, of a thread, a pool or the process. Immutable.
 *
 * <p>Time includes the state that a thread is in now, up to the moment of the snapshot; count and
 * maximum are of finished stays only.
 */
public final class StateTimes {
    static final int STATES = ThreadState.ALL.size();

    /** No time in any state. */
    public static final StateTimes ZERO = new StateTimes(new long[3 * STATES], 0, 0);

    /** Offsets of the three numbers in {@link #numbers}. */
    static final int TIME = 0;
    static final int COUNT = STATES;
    static final int MAX = 2 * STATES;

    private final long[] numbers;
    private final int openState;
    private final long openNs;

    /**
     * @param numbers   times, counts, maxima of the finished stays; not copied, not changed by anyone
     * @param openState number of the state that the thread is in
     * @param openNs    for how long it has been, 0 for more than one thread
     */
    StateTimes(long[] numbers, int openState, long openNs) {
        this.numbers = numbers;
        this.openState = openState;
        this.openNs = openNs;
    }

    /** The time in {@code state} in ns, with the unfinished stay. */
    public long timeNs(ThreadState state) {
        return time(state.ordinal());
    }

    /** The time of the finished stays in {@code state} in ns. */
    long finishedNs(ThreadState state) {
        return numbers[TIME + state.ordinal()];
    }

    /** How many stays in {@code state} have ended. */
    public long count(ThreadState state) {
        return numbers[COUNT + state.ordinal()];
    }

    /** The longest finished stay in {@code state} in ns, 0 if there was none. */
    public long maxNs(ThreadState state) {
        return numbers[MAX + state.ordinal()];
    }

    /** The time in all states in ns: the wall time. */
    public long wallNs() {
        long sum = openNs;
        for (int s = 0; s < STATES; s++) {
            sum += numbers[TIME + s];
        }
        return sum;
    }

    /** The two together; the maximum is the larger one. */
    public StateTimes plus(StateTimes other) {
        long[] sum = new long[3 * STATES];
        for (int s = 0; s < STATES; s++) {
            sum[TIME + s] = time(s) + other.time(s);
            sum[COUNT + s] = numbers[COUNT + s] + other.numbers[COUNT + s];
            sum[MAX + s] = Math.max(numbers[MAX + s], other.numbers[MAX + s]);
        }
        return new StateTimes(sum, 0, 0);
    }

    /**
     * What was added since {@code earlier}; never below 0. The maximum of the difference is an upper
     * bound, the maximum so far, and 0 where no stay ended; {@link Distribution#minus} is closer.
     */
    public StateTimes minus(StateTimes earlier) {
        long[] difference = new long[3 * STATES];
        for (int s = 0; s < STATES; s++) {
            long count = Math.max(0, numbers[COUNT + s] - earlier.numbers[COUNT + s]);
            difference[TIME + s] = Math.max(0, time(s) - earlier.time(s));
            difference[COUNT + s] = count;
            difference[MAX + s] = count == 0 ? 0 : numbers[MAX + s];
        }
        return new StateTimes(difference, 0, 0);
    }

    /** Whether these are the numbers, of nobody who is in a state now. */
    boolean has(long[] these) {
        return openNs == 0 && Arrays.equals(numbers, these);
    }

    private long time(int s) {
        return s == openState ? numbers[TIME + s] + openNs : numbers[TIME + s];
    }

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof StateTimes other)) {
            return false;
        }
        for (int s = 0; s < STATES; s++) {
            if (time(s) != other.time(s)) {
                return false;
            }
        }
        return Arrays.equals(numbers, COUNT, 3 * STATES, other.numbers, COUNT, 3 * STATES);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int s = 0; s < STATES; s++) {
            hash = 31 * hash + Long.hashCode(time(s));
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("StateTimes[");
        for (ThreadState state : ThreadState.ALL) {
            if (timeNs(state) != 0 || count(state) != 0) {
                text.append(state.metric()).append('=').append(timeNs(state)).append(" ns/").append(count(state))
                        .append(' ');
            }
        }
        return text.append(']').toString();
    }
}
