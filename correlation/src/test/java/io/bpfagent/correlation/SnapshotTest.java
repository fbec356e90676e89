package io.bpfagent.correlation;

import static io.bpfagent.correlation.LedgerTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final FakeKernel kernel = new FakeKernel(8, 100);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    @Test
    void givesTheIntervalBetweenTwo() {
        FakeThread old = kernel.start("java", ThreadState.RUNNING);
        identities.java(old, "old-1");
        kernel.stay(old, ThreadState.BLOCKED_PARK, 4_000_000);
        kernel.change(old, ThreadState.BLOCKED_SLEEP);
        kernel.pass(10_000);
        kernel.lose(KernelLosses.MISSED_WAKEUPS);
        Snapshot earlier = ledger.read();

        kernel.pass(10_000);
        kernel.change(old, ThreadState.RUNNING);
        kernel.stay(old, ThreadState.BLOCKED_PARK, 70_000);
        FakeThread fresh = kernel.start("java", ThreadState.RUNNING);
        identities.java(fresh, "fresh-1");
        kernel.pass(500);
        Snapshot interval = ledger.read().minus(earlier);

        assertEquals(earlier.atNs(), interval.beganNs());
        assertEquals(80_500, interval.atNs() - interval.beganNs());
        ThreadUsage thread = interval.threads().get(0);
        assertEquals(80_500, thread.wallNs());
        assertEquals(10_000, thread.times().timeNs(ThreadState.BLOCKED_SLEEP), "half of it was before");
        assertEquals(1, thread.times().count(ThreadState.BLOCKED_SLEEP));
        assertEquals(1, thread.distribution(ThreadState.BLOCKED_PARK).count());
        assertEquals(70_000, thread.distribution(ThreadState.BLOCKED_PARK).sumNs());
        assertEquals(73_727, thread.distribution(ThreadState.BLOCKED_PARK).maxNs());
        assertEquals(500, interval.threads().get(1).wallNs());
        assertEquals(80_500, pool(interval, "old-#").times().wallNs());
        assertEquals(500, pool(interval, "fresh-#").times().wallNs());
        assertEquals(1, interval.total(ThreadState.BLOCKED_PARK).count());
        assertEquals(0, interval.losses().get(Loss.MISSED_WAKEUPS));
    }

    @Test
    void tellsThreadsWithTheSameNumberApart() {
        FakeThread first = kernel.start("java", ThreadState.RUNNING);
        kernel.pass(5_000);
        Snapshot earlier = ledger.read();
        kernel.end(first, "java");
        ledger.read();
        FakeThread second = kernel.start("java", ThreadState.RUNNING);
        kernel.rows.putInt(second.row * ThreadRow.SIZE + ThreadRow.HOST_TID, first.hostTid);
        kernel.pass(300);
        Snapshot interval = ledger.read().minus(earlier);
        assertEquals(300, interval.threads().get(0).wallNs());
        assertEquals(1, pool(interval, "java").ended());
        assertEquals(300, pool(interval, "java").times().wallNs());
    }

    @Test
    void hasNothingInAnIntervalInWhichNothingWas() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 100);
        Snapshot snapshot = ledger.read();
        Snapshot interval = ledger.read().minus(snapshot);
        assertEquals(StateTimes.ZERO, interval.totalTimes());
        assertSame(Distribution.EMPTY, interval.total(ThreadState.BLOCKED_PARK));
        assertSame(Distributions.EMPTY, interval.threads().get(0).distributions());
    }

    @Test
    void keepsLevelsInTheInterval() {
        Losses earlier = new Losses(Map.of(Loss.THREADS_SHARING_PAGES, 7L, Loss.TORN_ROWS, 2L));
        Losses later = new Losses(Map.of(Loss.THREADS_SHARING_PAGES, 7L, Loss.TORN_ROWS, 5L));
        assertEquals(7, later.minus(earlier).get(Loss.THREADS_SHARING_PAGES));
        assertEquals(3, later.minus(earlier).get(Loss.TORN_ROWS));
    }

    @Test
    void cannotBeChanged() {
        Snapshot snapshot = ledger.read();
        assertThrows(UnsupportedOperationException.class, () -> snapshot.threads().clear());
        assertThrows(UnsupportedOperationException.class, () -> snapshot.pools().clear());
        assertThrows(UnsupportedOperationException.class, () -> snapshot.losses().counts().clear());
    }
}
