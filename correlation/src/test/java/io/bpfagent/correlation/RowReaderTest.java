package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RowReaderTest {
    private final FakeKernel kernel = new FakeKernel(4, 32);
    private final Ledger ledger = kernel.ledger(live -> Map.of());
    private final RowReader reader = new RowReader(kernel.memory().rows());
    private final Row row = new Row();

    @Test
    void readsWhatStandsThere() {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNABLE);
        kernel.pass(300);
        kernel.change(thread, ThreadState.RUNNING);
        kernel.named(thread, "worker-Größe", 42);
        assertTrue(reader.read(thread.row, row));
        assertEquals(thread.tid, row.tid);
        assertEquals(thread.hostTid, row.hostTid);
        assertEquals(thread.startNs, row.startNs);
        assertEquals(kernel.nowNs, row.sinceNs);
        assertEquals(0, row.state);
        assertEquals(300, row.timeNs[1]);
        assertEquals(300, row.maxNs[1]);
        assertEquals(1, row.count[1]);
        assertEquals(RecordSizes.FIRST_SUPPLIED_PAGE, row.page[1]);
        assertEquals("worker", reader.comm(thread.row));
        assertEquals("worker-Größe", reader.name(thread.row, row.nameLength));
        assertEquals(42, reader.javaId(thread.row));
    }

    @Test
    void keepsTheLastNumbersWhenARowIsTorn() {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNING);
        kernel.pass(1000);
        ThreadUsage before = ledger.read().threads().get(0);
        kernel.advanceSequence(thread.row); // begun and never finished
        kernel.rows.putLong(kernel.totalsOf(thread, ThreadState.RUNNING), 77);
        kernel.pass(1000);
        assertFalse(reader.read(thread.row, row));
        Snapshot torn = ledger.read();
        assertEquals(before, torn.threads().get(0));
        assertEquals(1, torn.losses().get(Loss.TORN_ROWS));
        kernel.rows.putLong(kernel.totalsOf(thread, ThreadState.RUNNING), 0);
        kernel.advanceSequence(thread.row);
        assertEquals(2000, ledger.read().threads().get(0).wallNs(), "nothing is missing afterwards");
    }

    @Test
    void refusesWhatIsNoRow() {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNING);
        refuses(thread, ThreadRow.STATE, 16);
        refuses(thread, ThreadRow.LIFE, 3);
        refuses(thread, ThreadRow.NAME_LENGTH, 105);
        refuses(thread, ThreadRow.SINCE_NS + 7, 0x80);
        refuses(thread, ThreadRow.TOTALS + StateTotals.MAX_NS + 7, 0xff);
        assertTrue(reader.read(thread.row, row));
    }

    private void refuses(FakeThread thread, int offset, int value) {
        int at = thread.row * ThreadRow.SIZE + offset;
        byte before = kernel.rows.get(at);
        kernel.rows.put(at, (byte) value);
        assertFalse(reader.read(thread.row, row));
        kernel.rows.put(at, before);
    }

    /** A writer that hardly rests: what is read must be of one write. */
    @Test
    void readsNumbersThatBelongTogether() throws InterruptedException {
        FakeThread thread = kernel.start("worker", ThreadState.RUNNING);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> write(thread, done));
        writer.start();
        int writesSeen = 0;
        long last = 0;
        long giveUpNs = System.nanoTime() + 10_000_000_000L;
        try {
            while (writesSeen < 20_000 && System.nanoTime() < giveUpNs) {
                if (reader.read(thread.row, row)) {
                    writesSeen += row.timeNs[0] != last ? 1 : 0;
                    last = row.timeNs[0];
                    for (int s = 0; s < 16; s++) {
                        assertEquals(last, row.timeNs[s]);
                        assertEquals(last, row.maxNs[s]);
                        assertEquals((int) last, row.count[s]);
                    }
                }
            }
        } finally {
            done.set(true);
            writer.join();
        }
        assertTrue(writesSeen > 0);
    }

    private void write(FakeThread thread, AtomicBoolean done) {
        int sequenceAt = thread.row * ThreadRow.SIZE + ThreadRow.SEQUENCE;
        int sequence = Words.getAcquire(kernel.rows, sequenceAt);
        for (long n = 1; !done.get(); n++) {
            Words.setRelease(kernel.rows, sequenceAt, ++sequence);
            VarHandle.fullFence();
            for (ThreadState state : ThreadState.ALL) {
                int totals = kernel.totalsOf(thread, state);
                kernel.rows.putLong(totals + StateTotals.TIME_NS, n);
                kernel.rows.putInt(totals + StateTotals.COUNT, (int) n);
                kernel.rows.putLong(totals + StateTotals.MAX_NS, n);
            }
            Words.setRelease(kernel.rows, sequenceAt, ++sequence);
            for (int i = 0; i < 50; i++) {
                Thread.onSpinWait();
            }
        }
    }
}
