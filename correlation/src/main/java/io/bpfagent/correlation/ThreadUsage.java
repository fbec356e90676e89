package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Where a live thread's time went.
 *
 * @param tid           in the innermost pid namespace, as the JVM and jstack show it
 * @param hostTid       in the initial pid namespace
 * @param startNs       when its accounting began, CLOCK_MONOTONIC; with hostTid this names a thread for ever
 * @param identity      who it is; if only the kernel's short name is known, that with {@link ThreadKind#OTHER}
 * @param pool          the pool it belongs to now
 * @param state         the state it is in
 * @param wallNs        the sum of its times: the time since its accounting began, or the interval's part of that
 * @param times         per state
 * @param counts        page faults, migrations, and behind whom it waited for CPUs
 * @param distributions per state and thread metric; one whose page is shared with others has none
 * @param sharesPages   whether it shares a histogram page in some state, because none was left for it alone
 */
public record ThreadUsage(int tid, int hostTid, long startNs, ThreadIdentity identity, String pool,
                          ThreadState state, long wallNs, StateTimes times, ThreadCounts counts,
                          Distributions distributions,
                          boolean sharesPages) {
    public ThreadUsage {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(distributions, "distributions");
    }

    /** What was counted of the thread, of a state its finished stays. */
    public Distribution distribution(Metric metric) {
        return distributions.of(metric);
    }

    /** What was added since {@code earlier}, which is the same thread. */
    ThreadUsage minus(ThreadUsage earlier) {
        StateTimes difference = times.minus(earlier.times);
        return new ThreadUsage(tid, hostTid, startNs, identity, pool, state, difference.wallNs(), difference,
                counts.minus(earlier.counts), distributions.minus(earlier.distributions), sharesPages);
    }
}
