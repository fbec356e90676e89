package io.bpfagent.correlation;

import java.util.List;

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

    /** The names of the contexts that this number of a node stands for, outermost first; none for 0. */
    default List<String> contextNames(int node) {
        return List.of();
    }

    /**
     * What the number of a span stands for, if it was given out a short time ago; null for 0, and for one that is
     * forgotten.
     */
    default TraceSpan span(int number) {
        return null;
    }

    /** The name of the virtual thread with this number; null if it is not known any more, or none are followed. */
    default String nameOfVirtual(long id) {
        return null;
    }

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
