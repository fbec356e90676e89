package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.WaitedBehind;

/**
 * One row's numbers as {@link RowReader} read them: scratch, used again for the next row.
 *
 * <p>All of it has been checked: {@link #state} is a state, {@link #life} a life, times are not
 * negative. Page numbers are as they stand there.
 */
final class Row {
    long sinceNs;
    long startNs;
    int hostTid;
    int tid;
    int generation;
    int state;
    int life;
    int nameLength;
    /** {@code enum row_flags} */
    int flags;
    /** What it works on, unless it is running. */
    int node;
    final long[] timeNs = new long[RecordSizes.STATES];
    final long[] maxNs = new long[RecordSizes.STATES];
    /** Modulo 2^32. */
    final int[] count = new int[RecordSizes.STATES];
    final int[] page = new int[RecordSizes.STATES];
    /** Of the kernel's counters, modulo 2^32: as they are, and as they were when the accounting began. */
    final int[] counter = new int[ThreadCounts.WAITED_NS];
    final int[] firstCounter = new int[ThreadCounts.WAITED_NS];
    final long[] waitedNs = new long[WaitedBehind.WAITED_BEHIND];
}
