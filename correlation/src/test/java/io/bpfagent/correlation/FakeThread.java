package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

/** A thread of {@link FakeKernel}, with what it has really done. */
public final class FakeThread {
    public final int row;
    public final int tid;
    public final int hostTid;
    final long startNs;
    final long[] timeNs = new long[RecordSizes.STATES];
    final long[] count = new long[RecordSizes.STATES];
    final long[] maxNs = new long[RecordSizes.STATES];
    public ThreadState state;
    public long sinceNs;
    public final int generation;
    /** The CPU on whose run queue it is, or was last. */
    public int cpu;
    /** It is runnable, and the record of the stay before has been sent. */
    boolean told;
    public int minorFaults;
    public int majorFaults;

    FakeThread(int row, int generation, int tid, long startNs, ThreadState state) {
        this.row = row;
        this.generation = generation;
        this.tid = tid;
        this.hostTid = tid + 100_000;
        this.startNs = startNs;
        this.sinceNs = startNs;
        this.state = state;
    }

    long count() {
        long sum = 0;
        for (long c : count) {
            sum += c;
        }
        return sum;
    }
}
