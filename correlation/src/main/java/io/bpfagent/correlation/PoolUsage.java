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
 * @param counts        page faults, migrations, and behind whom they waited for CPUs
 * @param distributions per state and thread metric, with the pages that its threads share
 */
public record PoolUsage(String pool, ThreadKind kind, int threads, long ended, StateTimes times,
                        ThreadCounts counts, Distributions distributions) {
    public PoolUsage {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(distributions, "distributions");
    }

    /** What was counted of the pool's threads, of a state their finished stays. */
    public Distribution distribution(Metric metric) {
        return distributions.of(metric);
    }

    /** What was added since {@code earlier}, which is the same pool; {@code threads} stays a level. */
    PoolUsage minus(PoolUsage earlier) {
        return new PoolUsage(pool, kind, threads, ended - earlier.ended, times.minus(earlier.times),
                counts.minus(earlier.counts), distributions.minus(earlier.distributions));
    }
}
