package io.bpfagent.cli.top;

import io.bpfagent.cli.control.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The last of what comes one by one. Immutable.
 *
 * @param listed newest last
 * @param complete whether there has been no other since the agent began
 * @param seen the number of the newest that the agent knows
 */
record Recent<E extends Listing.Numbered>(List<E> listed, boolean complete, long seen) {

    /** So many fill a screen many times over; of pauses and events with their stacks these are some 2 MiB. */
    private static final int MOST = 1024;
    /** What the lines at the top tell of. */
    private static final long WINDOW_MS = 60_000;

    Recent {
        listed = List.copyOf(listed);
    }

    static <E extends Listing.Numbered> Recent<E> none() {
        return new Recent<>(List.of(), true, 0);
    }

    /** With what has come since; all is new where an agent has taken the place of another. */
    Recent<E> plus(Listing<E> more) {
        boolean again = more.seen() < seen;
        List<E> all = new ArrayList<>(again ? List.of() : listed);
        all.addAll(more.listed());
        boolean nothingMissing = more.seen() - (again ? 0 : seen) <= more.listed().size();
        boolean fits = all.size() <= MOST;
        return new Recent<>(fits ? all : all.subList(all.size() - MOST, all.size()),
            (again || complete) && nothingMissing && fits, more.seen());
    }

    /** Those of the last minute before {@code nowMs}, as far as they are known, newest last. */
    List<E> lately(long nowMs) {
        return listed.stream().filter(one -> one.atMs() >= nowMs - WINDOW_MS).toList();
    }

    /** The time in which those of {@link #lately} are all there have been: a minute, or less where there were many. */
    long latelyMs(long nowMs) {
        return complete || listed.isEmpty() ? WINDOW_MS
            : Math.max(1, Math.min(WINDOW_MS, nowMs - listed.get(0).atMs()));
    }

    /** The one with the greatest value, null without any. */
    static <E> E greatest(List<E> list, ToLongFunction<E> value) {
        E greatest = null;
        for (E one : list) {
            greatest = greatest == null || value.applyAsLong(one) > value.applyAsLong(greatest) ? one : greatest;
        }
        return greatest;
    }
}
