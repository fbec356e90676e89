package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the ledger does with memory that makes no sense: it never throws, and it counts. */
class LedgerGarbageTest {
    private final Random random = new Random(23);

    @Test
    void readsRandomBytesWithoutAnException() {
        long torn = 0;
        for (int round = 0; round < 30; round++) {
            FakeKernel kernel = new FakeKernel(64, 32);
            Ledger ledger = kernel.ledger(live -> Map.of());
            for (int read = 0; read < 8; read++) {
                for (ByteBuffer memory
                        : List.of(kernel.rows, kernel.pages, kernel.poolPages, kernel.supplies, kernel.globals)) {
                    scribble(memory, memory.capacity());
                }
                use(ledger.read());
                ledger.runningLow();
                torn = use(ledger.read());
            }
            assertTrue(torn > 0);
        }
    }

    /** Most of it is in order here, so that the bad bytes come further. */
    @Test
    void readsAFewWrongBytesWithoutAnException() {
        for (int round = 0; round < 300; round++) {
            FakeKernel kernel = new FakeKernel(16, 32);
            Ledger ledger = kernel.ledger(live -> Map.of());
            FakeThread[] threads = new FakeThread[8];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = kernel.start("java", ThreadState.RUNNING);
            }
            for (int i = 0; i < 40; i++) {
                kernel.pass(random.nextInt(10_000));
                kernel.stay(threads[i % threads.length], ThreadState.of(random.nextInt(16)), random.nextInt(10_000));
                scribble(kernel.rows, 1);
                for (int row = 0; row < 16; row++) {
                    int at = row * ThreadRow.SIZE + ThreadRow.SEQUENCE;
                    kernel.rows.putInt(at, kernel.rows.getInt(at) & ~1);
                }
                for (FakeThread thread : threads) {
                    keepPagesInside(kernel, thread);
                }
                scribble(kernel.poolPages, 1);
                for (int at = 0; at < kernel.poolPages.capacity(); at += 2) {
                    kernel.poolPages.putShort(at, (short) (kernel.poolPages.getShort(at) & 127));
                }
                use(ledger.read());
            }
        }
    }

    @Test
    void countsNumbersThatGoDown() {
        FakeKernel kernel = new FakeKernel(4, 32);
        Ledger ledger = kernel.ledger(live -> Map.of());
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 5_000);
        Snapshot before = ledger.read();
        kernel.rows.putLong(kernel.totalsOf(thread, ThreadState.BLOCKED_PARK) + StateTotals.TIME_NS, 3_000);
        Snapshot after = ledger.read();
        assertEquals(1, after.losses().get(Loss.TORN_ROWS));
        assertEquals(before.totalTimes(), after.totalTimes(), "a pool's numbers never go down");
    }

    @Test
    void countsAPageThatIsAnothers() {
        FakeKernel kernel = new FakeKernel(4, 32);
        Ledger ledger = kernel.ledger(live -> Map.of());
        FakeThread first = kernel.start("java", ThreadState.RUNNING);
        FakeThread second = kernel.start("java", ThreadState.RUNNING);
        kernel.stay(first, ThreadState.BLOCKED_PARK, 5_000);
        ledger.read();
        kernel.rows.putShort(kernel.totalsOf(second, ThreadState.BLOCKED_PARK) + StateTotals.PAGE,
                (short) kernel.pageOf(first, ThreadState.BLOCKED_PARK));
        Snapshot snapshot = ledger.read();
        assertEquals(1, snapshot.losses().get(Loss.TORN_ROWS));
        assertEquals(1, snapshot.total(ThreadState.BLOCKED_PARK).count());
        assertEquals(0, snapshot.threads().get(1).distribution(ThreadState.BLOCKED_PARK).count());
    }

    private void scribble(ByteBuffer memory, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int at = bytes == memory.capacity() ? i : random.nextInt(memory.capacity());
            memory.put(at, (byte) random.nextInt(256));
        }
    }

    /** The fake kernel, unlike the verifier's, checks no bounds. */
    private static void keepPagesInside(FakeKernel kernel, FakeThread thread) {
        for (ThreadState state : ThreadState.ALL) {
            int page = kernel.pageOf(thread, state);
            if (page >= kernel.memory().pageCount() && page != 0xffff) {
                kernel.rows.putShort(kernel.totalsOf(thread, state) + StateTotals.PAGE, (short) (page & 127));
            }
        }
    }

    private static long use(Snapshot snapshot) {
        snapshot.minus(snapshot);
        snapshot.totalTimes();
        for (ThreadState state : ThreadState.ALL) {
            snapshot.total(state).percentilesNs(50, 99.9);
        }
        return snapshot.losses().get(Loss.TORN_ROWS);
    }
}
