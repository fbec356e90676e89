package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

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
    final long[] timeNs = new long[RecordSizes.STATES];
    final long[] maxNs = new long[RecordSizes.STATES];
    /** Modulo 2^32. */
    final int[] count = new int[RecordSizes.STATES];
    final int[] page = new int[RecordSizes.STATES];
}
