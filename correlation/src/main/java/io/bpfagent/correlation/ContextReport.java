package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Where the time of threads went while they worked on one thing: a request by its route, a method, a statement.
 * Immutable.
 *
 * <p>A thread is in one context at a time, the innermost; that one's exclusive times are its. Inclusive times also
 * count what ran in contexts within it. Times have the stays that are under way, counts and maxima only what has ended.
 * A stay on a CPU is divided among the contexts that had a part in it, and counts once for each of them.
 *
 * @param kind          what kind of work it is
 * @param name          for example {@code GET /orders/*}; with the kind it is the only one of that name
 * @param entered       how often a thread has begun it
 * @param exclusive     the times of the context itself
 * @param inclusive     those, and the times of the contexts within it; the counts likewise
 * @param distributions how long the single stays of {@code exclusive} were; what {@link
 * Loss#CONTEXT_STAYS_WITHOUT_PAGE}                      counts is missing here, and only here
 */
public record ContextReport(ContextKind kind, String name, long entered, StateTimes exclusive, StateTimes inclusive,
        Distributions distributions) {
    public ContextReport {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(exclusive, "exclusive");
        Objects.requireNonNull(inclusive, "inclusive");
        Objects.requireNonNull(distributions, "distributions");
    }

    /** Whether the two are readings of one context. */
    boolean isSame(ContextReport other) {
        return kind == other.kind && name.equals(other.name);
    }

    /** What was added since {@code earlier}, which is the same context. */
    ContextReport minus(ContextReport earlier) {
        return new ContextReport(kind, name, Math.max(0, entered - earlier.entered), exclusive.minus(earlier.exclusive),
                inclusive.minus(earlier.inclusive), distributions.minus(earlier.distributions));
    }
}
