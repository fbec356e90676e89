package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final FakeKernel kernel = new FakeKernel(8, 100);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    @Test
    void addsUpToTheWallTime() {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNABLE);
        kernel.pass(700);
        kernel.change(thread, ThreadState.RUNNING);
        kernel.pass(5_000);
        kernel.change(thread, ThreadState.BLOCKED_PARK);
        kernel.pass(60_000_000_000L);
        Snapshot snapshot = ledger.read();
        ThreadUsage usage = snapshot.threads().get(0);
        assertEquals(60_000_005_700L, usage.wallNs());
        assertEquals(snapshot.atNs() - usage.startNs(), usage.wallNs());
        assertEquals(700, usage.times().timeNs(ThreadState.RUNNABLE));
        assertEquals(5_000, usage.times().timeNs(ThreadState.RUNNING));
        assertEquals(60_000_000_000L, usage.times().timeNs(ThreadState.BLOCKED_PARK), "blocked for a minute shows now");
        assertEquals(0, usage.times().count(ThreadState.BLOCKED_PARK), "but has not ended");
        assertEquals(ThreadState.BLOCKED_PARK, usage.state());
        assertEquals(60_000_005_700L, snapshot.totalTimes().wallNs());
    }

    @Test
    void countsEachStayOnce() {
        FakeThread thread = kernel.start("sleeper", ThreadState.RUNNING);
        for (int i = 0; i < 23; i++) {
            kernel.pass(1_000);
            kernel.stay(thread, ThreadState.BLOCKED_SLEEP, 50_000_000);
            if (i % 5 == 0) {
                ledger.read();
            }
        }
        Snapshot snapshot = ledger.read();
        Distribution sleeps = snapshot.threads().get(0).distribution(ThreadState.BLOCKED_SLEEP);
        assertEquals(23, sleeps.count());
        assertEquals(23 * 50_000_000L, sleeps.sumNs());
        assertEquals(50_000_000, sleeps.maxNs());
        assertEquals(23, snapshot.threads().get(0).times().count(ThreadState.BLOCKED_SLEEP));
        assertEquals(23, snapshot.total(ThreadState.BLOCKED_SLEEP).count());
        assertSame(Distribution.EMPTY, snapshot.total(ThreadState.BLOCKED_PARK));
    }

    @Test
    void foldsEndedThreadsAndSuppliesTheirRowsAgain() {
        for (int i = 0; i < 100; i++) {
            FakeThread thread = kernel.start("java", ThreadState.RUNNING);
            kernel.named(thread, "short-" + i, 1000 + i);
            kernel.pass(1_000_000);
            kernel.stay(thread, ThreadState.BLOCKED_SLEEP, 2_000_000);
            kernel.end(thread, "short-" + i);
            ledger.read();
        }
        Snapshot snapshot = ledger.read();
        assertEquals(0, snapshot.threads().size());
        PoolUsage pool = pool(snapshot, "short-#");
        assertEquals(100, pool.ended());
        assertEquals(0, pool.threads());
        assertEquals(ThreadKind.JAVA, pool.kind());
        assertEquals(300_000_000, pool.times().wallNs());
        assertEquals(100, pool.distribution(ThreadState.BLOCKED_SLEEP).count());
        assertEquals(200, pool.distribution(ThreadState.RUNNING).count());
        assertEquals(0, snapshot.losses().get(Loss.UNIDENTIFIED_THREADS));
        assertEquals(0, snapshot.losses().get(Loss.TORN_ROWS));
        assertEquals(8, kernel.free(SupplyKind.SUPPLY_ROWS));
        assertEquals(75, kernel.free(SupplyKind.SUPPLY_PAGES));
    }

    @Test
    void takesBackOnlyTheRowsOfEndedThreads() {
        FakeThread stays = kernel.start("stays", ThreadState.RUNNING);
        FakeThread goes = kernel.start("goes", ThreadState.RUNNING);
        kernel.end(goes, "goes");
        ledger.read();
        ledger.read();
        assertEquals(7, kernel.free(SupplyKind.SUPPLY_ROWS));
        kernel.end(stays, "stays");
        ledger.read();
        assertEquals(8, kernel.free(SupplyKind.SUPPLY_ROWS));
    }

    @Test
    void doesNotCountARowThatLostTheRaceForItsThread() {
        kernel.endWithoutEvent(kernel.start("java", ThreadState.RUNNABLE));
        Snapshot snapshot = ledger.read();
        assertEquals(0, pool(snapshot, "java").ended());
        assertEquals(0, snapshot.losses().get(Loss.UNIDENTIFIED_THREADS));
        assertEquals(8, kernel.free(SupplyKind.SUPPLY_ROWS));
    }

    @Test
    void seesCountsThatWrapAround() {
        FakeThread thread = kernel.start("busy", ThreadState.RUNNING);
        kernel.stay(thread, ThreadState.BLOCKED_POLL, 1_000);
        ledger.read();
        int page = kernel.pageOf(thread, ThreadState.BLOCKED_POLL);
        int bucket = page * 2048 + Buckets.indexOf(1_000) * 4;
        addToCounts(thread, bucket, -10);
        ledger.read();
        addToCounts(thread, bucket, 20);
        Snapshot snapshot = ledger.read();
        long expected = 1 + (1L << 32) + 10;
        assertEquals(expected, snapshot.threads().get(0).times().count(ThreadState.BLOCKED_POLL));
        assertEquals(expected, snapshot.threads().get(0).distribution(ThreadState.BLOCKED_POLL).count());
        assertEquals(expected, snapshot.total(ThreadState.BLOCKED_POLL).count());
        assertEquals(expected, snapshot.totalTimes().count(ThreadState.BLOCKED_POLL));
    }

    private void addToCounts(FakeThread thread, int bucket, int count) {
        int at = kernel.totalsOf(thread, ThreadState.BLOCKED_POLL) + StateTotals.COUNT;
        kernel.rows.putInt(at, kernel.rows.getInt(at) + count);
        kernel.pages.putInt(bucket, kernel.pages.getInt(bucket) + count);
    }

    @Test
    void givesTheSameDistributionAsLongAsNothingIsAdded() {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNING);
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 100);
        Snapshot first = ledger.read();
        kernel.pass(1_000_000);
        Snapshot second = ledger.read();
        assertSame(first.threads().get(0).distributions(), second.threads().get(0).distributions());
        assertSame(first.pools().get(0).distributions(), second.pools().get(0).distributions());
        kernel.stay(thread, ThreadState.BLOCKED_SLEEP, 100);
        Snapshot third = ledger.read();
        assertNotSame(first.threads().get(0).distributions(), third.threads().get(0).distributions());
        assertSame(first.threads().get(0).distribution(ThreadState.BLOCKED_PARK),
                third.threads().get(0).distribution(ThreadState.BLOCKED_PARK));
        assertEquals(1, first.threads().get(0).times().count(ThreadState.RUNNING), "an old snapshot stays as it was");
    }

    @Test
    void leavesOutHistogramsThatWereNotAskedFor() {
        kernel.histogramStates = 1 << ThreadState.BLOCKED_PARK.ordinal();
        FakeThread thread = kernel.start("worker", ThreadState.RUNNING);
        kernel.pass(10);
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 100);
        Snapshot snapshot = ledger.read();
        assertEquals(1, snapshot.threads().get(0).times().count(ThreadState.RUNNING));
        assertSame(Distribution.EMPTY, snapshot.threads().get(0).distribution(ThreadState.RUNNING));
        assertSame(Distribution.EMPTY, snapshot.total(ThreadState.RUNNING));
        assertEquals(1, snapshot.total(ThreadState.BLOCKED_PARK).count());
    }

    @Test
    void saysWhenTheRowsRunLow() {
        assertFalse(ledger.runningLow());
        kernel.start("a", ThreadState.RUNNING);
        kernel.start("b", ThreadState.RUNNING);
        assertFalse(ledger.runningLow());
        kernel.start("c", ThreadState.RUNNING);
        assertTrue(ledger.runningLow());
        ledger.read();
        assertFalse(ledger.runningLow());
        for (int i = 0; i < 5; i++) {
            kernel.start("d", ThreadState.RUNNING);
        }
        ledger.read();
        assertNull(kernel.start("e", ThreadState.RUNNING));
        assertFalse(ledger.runningLow(), "with no row left, reading again frees none");
    }

    @Test
    void saysWhenThePagesRunLow() {
        useAllPages(kernel.start("a", ThreadState.RUNNING));
        assertFalse(ledger.runningLow(), "16 of 75 are less than a quarter");
        ledger.read();
        useAllPages(kernel.start("b", ThreadState.RUNNING));
        assertTrue(ledger.runningLow(), "16 of 59 are more");
        ledger.read();
        assertFalse(ledger.runningLow());
    }

    /** One for each state. */
    private void useAllPages(FakeThread thread) {
        for (ThreadState state : ThreadState.values()) {
            kernel.stay(thread, state, 1_000);
        }
    }

    @Test
    void passesOnWhatTheKernelSideLost() {
        for (int i = 0; i < 23; i++) {
            kernel.lose(KernelLosses.MISSED_WAKEUPS);
        }
        kernel.lose(KernelLosses.TRUNCATED_NAMES);
        Losses losses = ledger.read().losses();
        assertEquals(23, losses.get(Loss.MISSED_WAKEUPS));
        assertEquals(1, losses.get(Loss.TRUNCATED_NAMES));
        assertEquals(Loss.values().length, losses.counts().size());
    }

    @Test
    void losesNothingWhenTheIdentitySourceFails() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        FakeThread other = kernel.start("java", ThreadState.RUNNING);
        kernel.pass(500);
        kernel.end(thread, "worker");
        identities.failure = new IllegalStateException("the JVM is gone");
        assertThrows(IllegalStateException.class, ledger::read);
        identities.failure = null;
        Snapshot snapshot = ledger.read();
        assertEquals(500, pool(snapshot, "worker").times().wallNs());
        assertEquals(1, pool(snapshot, "worker").ended());
        assertEquals(other.tid, snapshot.threads().get(0).tid());
    }

    static PoolUsage pool(Snapshot snapshot, String name) {
        return snapshot.pools().stream().filter(pool -> pool.pool().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("no pool " + name + " in " + snapshot.pools()));
    }
}
