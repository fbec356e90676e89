package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What counters have counted for threads and pools. */
class LedgerCountersTest {
    private static final long MS = 1_000_000;

    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    LedgerCountersTest() {
        ledger.count(kernel.counters(Counter.INSTRUCTIONS, Counter.CYCLES));
    }

    private FakeThread thread(String name) {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, name);
        return thread;
    }

    private void counted(FakeThread thread, long instructions, long cycles) {
        kernel.counted(thread, 0, instructions, MS, MS);
        kernel.counted(thread, 1, cycles, MS, MS);
    }

    private static PoolUsage pool(Snapshot snapshot, String name) {
        return snapshot.pools().stream().filter(pool -> pool.pool().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void knowsWhichStandsWhere() {
        counted(thread("worker-1"), 23, 46);
        ThreadCounts counts = ledger.read().threads().get(0).counts();
        assertEquals(23, counts.counted(Counter.INSTRUCTIONS));
        assertEquals(46, counts.counted(Counter.CYCLES));
        assertEquals(0, counts.counted(Counter.CACHE_MISSES));
        assertEquals(1, counts.countedShare(Counter.CYCLES));
    }

    @Test
    void addsUpInThePoolWhateverEnds() {
        FakeThread first = thread("worker-1");
        FakeThread second = thread("worker-2");
        counted(first, 100, 200);
        counted(second, 10, 20);
        ledger.read();
        counted(first, 1, 2);
        kernel.end(first, "java");
        Snapshot snapshot = ledger.read();
        assertEquals(111, pool(snapshot, "worker-#").counts().counted(Counter.INSTRUCTIONS));
        assertEquals(222, pool(snapshot, "worker-#").counts().counted(Counter.CYCLES));
        assertEquals(10, snapshot.threads().get(0).counts().counted(Counter.INSTRUCTIONS));
    }

    @Test
    void givesTheNextThreadOfARowNothingOfTheOneBefore() {
        FakeThread first = thread("worker-1");
        counted(first, 100, 200);
        ledger.read();
        kernel.end(first, "java");
        ledger.read();
        FakeThread next = thread("other-1");
        while (next.row != first.row) {
            next = thread("other-1");
        }
        Snapshot snapshot = ledger.read();
        int tid = next.tid;
        ThreadCounts counts = snapshot.threads().stream().filter(thread -> thread.tid() == tid).findFirst()
                .orElseThrow()
                .counts();
        assertEquals(0, counts.counted(Counter.INSTRUCTIONS));
        assertEquals(100, pool(snapshot, "worker-#").counts().counted(Counter.INSTRUCTIONS));
    }

    /** A processor has fewer counters than are asked for: they take turns. */
    @Test
    void scalesWhatCountedAPartOfTheTime() {
        FakeThread thread = thread("worker-1");
        kernel.counted(thread, 0, 1_000, 4 * MS, MS);
        kernel.counted(thread, 1, 500, 4 * MS, 0);
        ThreadCounts counts = ledger.read().threads().get(0).counts();
        assertEquals(4_000, counts.counted(Counter.INSTRUCTIONS));
        assertEquals(0.25, counts.countedShare(Counter.INSTRUCTIONS));
        assertEquals(ThreadCounts.UNKNOWN, counts.counted(Counter.CYCLES));
        assertEquals(0, counts.countedShare(Counter.CYCLES));
    }

    @Test
    void givesOnlyWhatIsNewInAnInterval() {
        FakeThread thread = thread("worker-1");
        Snapshot nothing = ledger.read();
        kernel.counted(thread, 0, 1_000, 4 * MS, MS);
        Snapshot before = ledger.read();
        kernel.counted(thread, 0, 300, 2 * MS, 2 * MS);
        Snapshot after = ledger.read();
        assertEquals(300, after.minus(before).threads().get(0).counts().counted(Counter.INSTRUCTIONS));
        assertEquals(300, pool(after.minus(before), "worker-#").counts().counted(Counter.INSTRUCTIONS));
        assertEquals(4_000, before.minus(nothing).threads().get(0).counts().counted(Counter.INSTRUCTIONS));
    }

    @Test
    void keepsTheLastNumbersWhileThereIsAWrite() {
        FakeThread thread = thread("worker-1");
        counted(thread, 23, 46);
        ledger.read();
        kernel.advanceCounters(thread);
        Snapshot snapshot = ledger.read();
        assertEquals(23, snapshot.threads().get(0).counts().counted(Counter.INSTRUCTIONS));
        assertEquals(1, snapshot.losses().get(Loss.TORN_ROWS));
    }

    @Test
    void countsWhatGoesBackAsTorn() {
        FakeThread thread = thread("worker-1");
        counted(thread, 23, 46);
        ledger.read();
        kernel.counted(thread, 0, -20, MS, MS);
        Snapshot snapshot = ledger.read();
        assertEquals(23, snapshot.threads().get(0).counts().counted(Counter.INSTRUCTIONS));
        assertEquals(1, snapshot.losses().get(Loss.TORN_ROWS));
    }

    @Test
    void takesNoMemoryOfAnotherShape() {
        assertThrows(IllegalArgumentException.class,
                () -> new CounterMemory(List.of(), RecordArray.of(kernel.rowCounters, 256)));
        assertThrows(IllegalArgumentException.class,
                () -> new CounterMemory(List.of(Counter.CYCLES), RecordArray.of(kernel.rowCounters, 128)));
        assertThrows(IllegalArgumentException.class, () -> new CounterMemory(Counter.ALL,
                RecordArray.of(kernel.rowCounters, 256)));
    }
}
