package io.bpfagent.correlation;

/** Who stands in which row, for those who read records that name rows. One thread, the reader's. */
public interface ThreadLookup {
    /** In place of a state: the row could not be read. */
    int STATE_UNKNOWN = -1;

    /**
     * When the last read of all rows began, on the clock of the records: threads of which something was
     * recorded before are known.
     */
    long asOfNs();

    /**
     * The thread in {@code row} with this generation, if it was found there at the last read, or has
     * ended at that one or the one before; else null.
     */
    KnownThread find(int row, int generation);

    /** Gives every thread of {@code kind} that was live at the last read, with what its row says now. */
    void forEachLive(ThreadKind kind, OpenStays consumer);

    /** Takes what a thread is doing. */
    interface OpenStays {
        /**
         * @param state     the kernel's number of its state, or {@link #STATE_UNKNOWN}
         * @param sinceNs   since when, on the clock of the records
         * @param throttled whether that began when its cgroup had used up its CPU quota, if it is runnable
         */
        void accept(KnownThread thread, int state, long sinceNs, boolean throttled);
    }
}
