package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

/** A thread of {@link FakeKernel}, with what it has really done. */
final class FakeThread {
    final int row;
    final int tid;
    final int hostTid;
    final long startNs;
    final long[] timeNs = new long[RecordSizes.STATES];
    final long[] count = new long[RecordSizes.STATES];
    final long[] maxNs = new long[RecordSizes.STATES];
    ThreadState state;
    long sinceNs;

    FakeThread(int row, int tid, long startNs, ThreadState state) {
        this.row = row;
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
