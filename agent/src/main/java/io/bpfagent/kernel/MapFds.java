package io.bpfagent.kernel;

/**
 * All that reading needs of the kernel side: descriptors of the mapped maps, and how many entries the
 * sized ones have. They are owned by whoever loaded the programs.
 *
 * @param rows      {@code struct thread_row[threads]}
 * @param pages     {@code struct histogram_page[histograms]}
 * @param rowMeters {@code struct row_meters[threads]}
 * @param meters    {@code struct meter[histograms]}
 * @param pauses    the ring buffer {@code pause_records}
 * @param slow      the ring buffer {@code slow_records}
 * @param slowLimits {@code struct slow_limits}
 * @param threads   rows, and entries of {@code controls}
 * @param pauseBytes of that ring's data, a power of two; so slowBytes of the other's
 * @param syscalls  {@code struct event_totals[SYSCALLS]}, or {@link #NONE} where system calls are not counted
 * @param syscallPages {@code struct histogram_page[SYSCALLS]}, or {@link #NONE}
 * @param contexts  null where contexts are not counted
 */
record MapFds(int rows, int pages, int poolPages, int supplies, int controls, int rowMeters, int meters, int disks,
        int globals, int pauses, int slow, int slowLimits, int threads, int histograms, int pauseBytes, int slowBytes,
        int syscalls, int syscallPages, int remotes, ContextMaps contexts) {
    static final int NONE = -1;
}
