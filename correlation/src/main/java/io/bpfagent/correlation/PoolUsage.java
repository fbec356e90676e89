package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Where the time of a pool's threads went, live and ended ones.
 *
 * <p>No number of a pool ever goes down, apart from {@code threads}: what a thread did before it was
 * renamed stays with the pool that it belonged to then.
 *
 * @param pool          the pool's name, see {@link PoolNames}
 * @param kind          of its first thread
 * @param threads       how many are live
 * @param ended         how many have ended in this pool
 * @param times         per state
 * @param distributions per state, with the pages that its threads share
 */
public record PoolUsage(String pool, ThreadKind kind, int threads, long ended, StateTimes times,
                        StateDistributions distributions) {
    public PoolUsage {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(distributions, "distributions");
    }

    /** The finished stays of the pool's threads in {@code state}. */
    public Distribution distribution(ThreadState state) {
        return distributions.of(state);
    }

    /** What was added since {@code earlier}, which is the same pool; {@code threads} stays a level. */
    PoolUsage minus(PoolUsage earlier) {
        return new PoolUsage(pool, kind, threads, ended - earlier.ended, times.minus(earlier.times),
                distributions.minus(earlier.distributions));
    }
}
