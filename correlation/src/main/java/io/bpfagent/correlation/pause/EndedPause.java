package io.bpfagent.correlation.pause;

/**
 * A pause that is over, as the kernel side sent it.
 *
 * @param number      counts the pauses since the agent began
 * @param beginNs     on the clock of the records
 * @param reachedNs   when all threads had stopped; the end, if that was not seen
 * @param endNs       not before reachedNs, and that not before beginNs
 * @param reached     whether that was seen
 * @param operation   the VM operation's number in the kernel's table; it may not be in it
 * @param gc          whether the garbage collector worked in it
 * @param thread      the thread that made it, as {@link Records#thread(int, int)}
 * @param lost        records of it for which the ring had no room
 * @param minorFaults of that thread in it
 * @param majorFaults likewise
 */
record EndedPause(long number, long beginNs, long reachedNs, long endNs, boolean reached, int operation, boolean gc,
        long thread, long lost, long minorFaults, long majorFaults) {
    /** From its begin until all threads had stopped. */
    long reachingNs() {
        return reachedNs - beginNs;
    }
}
