package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * A document that lists the latest of what comes one by one and is numbered from 1 on: pauses, or slow events.
 *
 * @param <E> what is listed
 */
public interface Listing<E extends Listing.Numbered> {

    /** One of it. */
    interface Numbered {
        long number();

        /** When, ms since 1970. */
        long atMs();
    }

    /** Those asked for, newest last. */
    List<E> listed();

    /** The number of the newest that the agent knows, 0 without any. */
    long seen();

    /** How many an agent keeps. */
    int kept();

    /** Why there can be none, null where there can. */
    String reason();

    /** By key. */
    Map<String, Long> losses();

    /** How many have been lost, since the agent began, that left no gap in the numbers. */
    long lostWithoutGap();
}
