package io.bpfagent.correlation;

import java.util.Locale;

/** Every way in which something can be lost or be less exact than promised. The list is closed. */
public enum Loss {
    /** Threads for whose start no row was free: nothing is known of them. */
    THREADS_WITHOUT_ROW,
    /** State changes of such threads. */
    EVENTS_WITHOUT_ROW,
    /** Threads whose tid found no place in the kernel side's index: wake-ups of them are missed. */
    THREADS_WITHOUT_INDEX,
    /** Threads that ran again without a wake-up seen: their runnable time stands in the blocked state. */
    MISSED_WAKEUPS,
    /** Threads that stopped running without having been seen to start: it stands in the state before. */
    MISSED_SWITCHES,
    /** Times of less than -1 ms, which were taken as 0: the clocks of two run queues differed. */
    NEGATIVE_TIMES,
    /** Free rows or pages that eight tries did not get. */
    CROWDED_SUPPLIES,
    /** Thread names longer than a row holds; the rest was cut off. */
    TRUNCATED_NAMES,
    /** State changes in pauses for which the ring buffer had no room: those pauses are incomplete. */
    LOST_PAUSE_RECORDS,
    /**
     * Pauses that are counted in the histograms and were never listed: the ring buffer had no room, their end was not
     * seen, or there were too many of them between two snapshots.
     */
    LOST_PAUSES,
    /** Pauses of which records were lost: their parts and threads are not exact. */
    INCOMPLETE_PAUSES,
    /**
     * Slow events that are counted in the histograms and were never listed: the ring had no room, or there were too
     * many of them between two snapshots.
     */
    LOST_SLOW_EVENTS,
    /** Class initializers, compilations and the like whose begin found no room, or whose end was not seen. */
    UNMATCHED_EVENTS,
    /** VM operations counted without their name, because there were too many names. */
    OPERATIONS_OVER_LIMIT,
    /**
     * Calls and disk requests of threads that are counted in the pool {@code other}: no histogram was left for the
     * thread, or it had ended before the request was done.
     */
    EVENTS_WITHOUT_PAGE,
    /** Disk requests that are counted nowhere: too many were under way, or their end was not seen. */
    LOST_BLOCK_REQUESTS,
    /** Disk requests that are in no disk's numbers, because there were too many disks. */
    DISKS_OVER_LIMIT,
    /** Runs of the BPF programs that the kernel left out, because one was running on that CPU. */
    RECURSION_MISSES,
    /** Reads of rows that were being written each time, or made no sense; the numbers before were kept. */
    TORN_ROWS,
    /** Threads that ended, or were read twice, before anybody told their name. */
    UNIDENTIFIED_THREADS,
    /** Live threads that share a histogram page with others. A level, not a sum. */
    THREADS_SHARING_PAGES,
    /** Threads counted in the pool {@code other}, because there were too many pools. */
    POOLS_OVER_LIMIT,
    /** TCP connections, and listening sockets, that are counted nowhere, because there were too many. */
    CONNECTIONS_OVER_LIMIT,
    /** TCP connections that are counted with all others, because there were too many addresses. */
    REMOTES_OVER_LIMIT,
    /**
     * Stays on a CPU that are missing in a counter, each counter by itself: it could not be read, or the thread's
     * coming was not seen.
     */
    FAILED_COUNTER_READS,
    /** Contexts asked for by a name for which no room was left: their time is that of the context {@code other}. */
    CONTEXTS_OVER_LIMIT,
    /** Contexts begun within others for which no room was left: their time is that of the one around them. */
    CONTEXT_NODES_OVER_LIMIT,
    /** Contexts begun by threads that have no row: their time is in none. */
    CONTEXTS_WITHOUT_ROW,
    /** Contexts begun on virtual threads that are not followed: their time is in none. */
    CONTEXTS_ON_VIRTUAL_THREADS,
    /** Stays on a CPU in which changes of context came too fast for the clock: parts of them are estimated. */
    UNSPLIT_CONTEXTS,
    /**
     * For how long threads ran between such changes, ns: divided among the contexts as samples of the stay say, or
     * given to one.
     */
    UNSPLIT_CONTEXT_NS,
    /** Stays of contexts that are in their sums and in no histogram, because no page was left. */
    CONTEXT_STAYS_WITHOUT_PAGE,
    /** Tasks that went from one thread to another without their context, because too many waited. */
    LOST_CONTEXT_HANDOVERS,
    /** Slow events without their trace: too many spans began before the agent looked up which one that was. */
    FORGOTTEN_TRACE_SPANS,
    /**
     * Virtual threads for which no room was left while they were unmounted: they came back in no context, or their wait
     * for a carrier is not counted.
     */
    VIRTUAL_THREADS_WITHOUT_PLACE;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name in reports, for example {@code torn_rows}. */
    public String key() {
        return key;
    }

    /** Whether the number says how many there are now, rather than how many there have been. */
    public boolean isLevel() {
        return this == THREADS_SHARING_PAGES;
    }
}
