package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bpfagent.correlation.ThreadCounts.Behind;
import org.junit.jupiter.api.Test;

/** Page faults, migrations, and behind whom threads waited for a CPU. */
class LedgerCountsTest {
    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    private FakeThread thread(String name) {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, name);
        return thread;
    }

    private static PoolUsage pool(Snapshot snapshot, String name) {
        return snapshot.pools().stream().filter(pool -> pool.pool().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void countsFromTheBeginOfTheAccounting() {
        FakeThread thread = thread("worker-1");
        kernel.firstCounters(thread, 1_000, 7, 20);
        kernel.counters(thread, 1_023, 9, 25);
        ThreadCounts counts = ledger.read().threads().get(0).counts();
        assertEquals(23, counts.minorFaults());
        assertEquals(2, counts.majorFaults());
        assertEquals(5, counts.migrations());
    }

    @Test
    void countsOnWhereTheKernelsCountersBeginAgain() {
        FakeThread thread = thread("worker-1");
        kernel.firstCounters(thread, -10, 0, 0);
        ledger.read();
        kernel.counters(thread, 13, 0, 0);
        Snapshot snapshot = ledger.read();
        assertEquals(23, snapshot.threads().get(0).counts().minorFaults());
        assertEquals(23, pool(snapshot, "worker-#").counts().minorFaults());
    }

    @Test
    void addsUpInThePoolWhateverEnds() {
        FakeThread first = thread("worker-1");
        FakeThread second = thread("worker-2");
        kernel.counters(first, 10, 0, 1);
        kernel.counters(second, 5, 1, 0);
        kernel.waited(first, Behind.PROCESS, 3_000_000);
        kernel.waited(second, Behind.PROCESS, 2_000_000);
        kernel.waited(second, Behind.THROTTLED, 80_000_000);
        ledger.read();
        kernel.counters(first, 12, 0, 1);
        kernel.waited(first, Behind.OWN, 1_000_000);
        kernel.end(first, "java");
        Snapshot snapshot = ledger.read();
        ThreadCounts counts = pool(snapshot, "worker-#").counts();
        assertEquals(17, counts.minorFaults());
        assertEquals(1, counts.majorFaults());
        assertEquals(1, counts.migrations());
        assertEquals(5_000_000, counts.waitedNs(Behind.PROCESS));
        assertEquals(1_000_000, counts.waitedNs(Behind.OWN));
        assertEquals(80_000_000, counts.waitedNs(Behind.THROTTLED));
        assertEquals(0, counts.waitedNs(Behind.IDLE));
        assertEquals(2_000_000, snapshot.threads().get(0).counts().waitedNs(Behind.PROCESS));
    }

    @Test
    void givesOnlyWhatIsNewInAnInterval() {
        FakeThread thread = thread("worker-1");
        kernel.waited(thread, Behind.KERNEL, 50_000);
        Snapshot before = ledger.read();
        assertSame(ThreadCounts.ZERO, ledger.read().minus(before).threads().get(0).counts());
        kernel.waited(thread, Behind.KERNEL, 20_000);
        assertEquals(20_000, ledger.read().minus(before).threads().get(0).counts().waitedNs(Behind.KERNEL));
        assertEquals(20_000, pool(ledger.read().minus(before), "worker-#").counts().waitedNs(Behind.KERNEL));
    }

    @Test
    void countsATimeThatGoesBackAsTorn() {
        FakeThread thread = thread("worker-1");
        kernel.waited(thread, Behind.OWN, 50_000);
        ledger.read();
        kernel.waited(thread, Behind.OWN, -20_000);
        Snapshot snapshot = ledger.read();
        assertEquals(1, snapshot.losses().get(Loss.TORN_ROWS));
        assertEquals(50_000, snapshot.threads().get(0).counts().waitedNs(Behind.OWN));
    }
}
