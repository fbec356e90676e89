package io.bpfagent.correlation.pause;

import static io.bpfagent.correlation.pause.Scene.names;
import static io.bpfagent.correlation.pause.Scene.times;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ring.FakeRing;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.PauseRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PauseReaderTest {
    private static final long MS = 1_000_000;
    private static final int PAUSE = Globals.PAUSE + RecordLayouts.Pause.RECORD;

    private final FakeKernel kernel = new FakeKernel(16, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);
    private final FakeThread vm = kernel.start("VM Thread", ThreadState.RUNNING);
    private final FakeThread worker = kernel.start("GC Thread#0", ThreadState.BLOCKED_FUTEX);
    private PauseReader reader = reader();

    private PauseReader reader() {
        return new PauseReader(kernel.pauses.ring, kernel.memory(), ledger, () -> kernel.nowNs,
                () -> kernel.nowNs / MS + 1_000_000);
    }

    private List<Pause> read() {
        ledger.read();
        return reader.read();
    }

    /** A pause of 3 ms, 1 ms of it to be reached, in which the VM thread has nothing else to do. */
    private void pause() {
        kernel.pauses.begins(vm);
        kernel.pass(MS);
        kernel.pauses.reached(3, true);
        kernel.pass(2 * MS);
        kernel.pauses.ends(vm);
    }

    @Test
    void givesAPauseOnceAllOfItIsThere() {
        kernel.nameOperation(3, "G1CollectForAllocation");
        assertFalse(reader.look());
        assertEquals(List.of(), read());
        kernel.pass(10 * MS);
        pause();
        assertTrue(reader.look());
        assertEquals(List.of(), read(), "what comes after it may tell more");
        kernel.pass(30 * MS);
        assertTrue(reader.look());
        Pause pause = read().get(0);
        assertFalse(reader.look());
        assertEquals(1, pause.number());
        assertEquals(3 * MS, pause.totalNs());
        assertEquals(MS, pause.timeToSafepointNs());
        assertEquals("G1CollectForAllocation", pause.operation());
        assertTrue(pause.gc());
        assertFalse(pause.incomplete());
        assertEquals(1_010 + 1_000_000, pause.atMs());
        assertEquals(1_010 * MS, pause.beganNs());
        assertEquals("running=3000", times(pause, "VM Thread"));
        assertEquals(vm.tid, pause.threads().get(0).tid());
    }

    @Test
    void givesAPauseOnlyAfterTheThreadsHaveBeenRead() {
        ledger.read();
        pause();
        kernel.pass(30 * MS);
        assertEquals(List.of(), reader.read());
        assertEquals(1, read().size());
    }

    @Test
    void givesTheSameListAsLongAsNothingIsNew() {
        pause();
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        assertSame(pauses, read());
        Snapshot snapshot = reader.addTo(ledger.read());
        assertSame(pauses, snapshot.pauses());
    }

    @Test
    void usesRecordsForEveryPauseThatTheyBelongTo() {
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.change(worker, ThreadState.RUNNING);
        for (int i = 0; i < 23; i++) {
            pause();
            kernel.pass(MS / 10);
        }
        kernel.change(worker, ThreadState.BLOCKED_FUTEX);
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        assertEquals(23, pauses.size());
        for (Pause pause : pauses) {
            assertEquals("running=3000", times(pause, "GC Thread#0"));
        }
    }

    @Test
    void seesARunThatHasNotEndedInTheRow() {
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.change(worker, ThreadState.RUNNING);
        kernel.pass(MS);
        pause();
        kernel.pass(30 * MS);
        assertEquals("running=3000", times(read().get(0), "GC Thread#0"));
    }

    /** Its row does not say so any more, and its record comes after the ring was read last. */
    @Test
    void seesARunThatEndsWhileRowsAreRead() {
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.change(worker, ThreadState.RUNNING);
        pause();
        kernel.pass(30 * MS);
        ledger.read();
        ThreadLookup threads = new ThreadLookup() {
            @Override
            public long asOfNs() {
                return ledger.asOfNs();
            }

            @Override
            public KnownThread find(int row, int generation) {
                return ledger.find(row, generation);
            }

            @Override
            public void forEachLive(ThreadKind kind, OpenStays consumer) {
                kernel.change(worker, ThreadState.BLOCKED_FUTEX);
                ledger.forEachLive(kind, consumer);
            }
        };
        reader = new PauseReader(kernel.pauses.ring, kernel.memory(), threads, () -> kernel.nowNs, () -> 0);
        assertEquals("running=3000", times(reader.read().get(0), "GC Thread#0"));
    }

    @Test
    void seesARunThatEndsLongAfterThePause() {
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.change(worker, ThreadState.RUNNING);
        pause();
        kernel.pass(800 * MS);
        kernel.change(worker, ThreadState.BLOCKED_FUTEX);
        reader.look();
        kernel.pass(100 * MS);
        reader.look();
        assertEquals("running=3000", times(read().get(0), "GC Thread#0"));
    }

    @Test
    void keepsWhatBelongsToAPauseThatIsUnderWay() {
        kernel.pauses.begins(vm);
        kernel.pass(MS);
        kernel.pauses.reached(3, true);
        kernel.change(vm, ThreadState.BLOCKED_DISK);
        for (int i = 0; i < 300; i++) {
            kernel.pass(1000 * MS);
            assertFalse(reader.look());
            read();
        }
        kernel.change(vm, ThreadState.RUNNING);
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        Pause pause = read().get(0);
        assertEquals("reaching=1000 blocked_disk=300000000", Scene.parts(pause), "five minutes");
        assertFalse(pause.incomplete());
    }

    @Test
    void knowsAWorkerThatWasBornInThePause() {
        kernel.pauses.begins(vm);
        kernel.pass(MS);
        kernel.pauses.reached(3, true);
        FakeThread born = kernel.start("VM Thread", ThreadState.RUNNABLE);
        kernel.pass(MS);
        kernel.change(born, ThreadState.RUNNING);
        kernel.pass(MS);
        kernel.change(born, ThreadState.BLOCKED_FUTEX);
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        reader.look();
        identities.nameless(born, "GC Thread#1", ThreadKind.GC);
        assertEquals("running=1000 runnable=1000", times(read().get(0), "GC Thread#1"));
    }

    @Test
    void namesAThreadThatHasEndedSince() {
        FakeThread java = kernel.start("java", ThreadState.RUNNING);
        identities.java(java, "late");
        ledger.read();
        kernel.pauses.begins(vm);
        kernel.pass(9 * MS / 10);
        kernel.change(java, ThreadState.BLOCKED_SAFEPOINT);
        kernel.pass(MS / 10);
        kernel.pauses.reached(3, false);
        kernel.pauses.ends(vm);
        kernel.change(java, ThreadState.RUNNING);
        kernel.end(java, "java");
        kernel.pass(10 * MS);
        assertEquals(List.of(), read());
        kernel.pass(30 * MS);
        assertEquals(List.of("VM Thread", "late"), names(read().get(0)));
    }

    @Test
    void listsTheLast256() {
        for (int i = 0; i < 300; i++) {
            pause();
            if (i % 100 == 50) {
                kernel.pass(30 * MS);
                read();
            }
        }
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        assertEquals(256, pauses.size());
        assertEquals(45, pauses.get(0).number());
        assertEquals(300, pauses.get(255).number());
    }

    @Test
    void givesTheLastOfMoreThanAreListed() {
        for (int i = 0; i < 1000; i++) {
            pause();
            reader.look();
        }
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        assertEquals(256, pauses.size());
        assertEquals(745, pauses.get(0).number());
        assertFalse(pauses.get(0).incomplete());
    }

    @Test
    void countsPausesThatNoSnapshotHad() {
        for (int i = 0; i < 300; i++) {
            pause();
            reader.look();
        }
        kernel.pass(30 * MS);
        assertEquals(44, reader.addTo(ledger.read()).losses().get(Loss.LOST_PAUSES));
        for (int i = 0; i < 200; i++) {
            pause();
        }
        kernel.pass(30 * MS);
        kernel.lose(KernelLosses.LOST_PAUSES);
        Snapshot snapshot = reader.addTo(ledger.read());
        assertEquals(245, snapshot.pauses().get(0).number());
        assertEquals(45, snapshot.losses().get(Loss.LOST_PAUSES), "the first 200 were in the snapshot before");
    }

    @Test
    void saysWhenPausesAreToBeReadSoon() {
        assertFalse(reader.isCrowded());
        for (int i = 0; i < 127; i++) {
            pause();
        }
        reader.look();
        assertFalse(reader.isCrowded());
        pause();
        reader.look();
        assertTrue(reader.isCrowded());
        kernel.pass(30 * MS);
        read();
        assertFalse(reader.isCrowded());
    }

    @Test
    void saysWhyItListsNothing() {
        int[] tries = {0};
        FakeRing ring = kernel.pauses.ring;
        RingMemory unmapped = new RingMemory() {
            @Override
            public ByteBuffer consumer() {
                return ring.consumer();
            }

            @Override
            public ByteBuffer producer() {
                return ring.producer();
            }

            @Override
            public ByteBuffer data() {
                tries[0]++;
                throw new IllegalStateException("Cannot map it");
            }

            @Override
            public int dataBytes() {
                return ring.dataBytes();
            }
        };
        reader = new PauseReader(unmapped, kernel.memory(), ledger, () -> kernel.nowNs, () -> 0);
        assertFalse(reader.look());
        assertNull(reader.problem());
        pause();
        kernel.pass(30 * MS);
        assertFalse(reader.look());
        assertEquals("Cannot map it", reader.problem());
        assertFalse(reader.isBusy());
        assertFalse(reader.isCrowded());
        Snapshot snapshot = ledger.read();
        assertSame(snapshot, reader.addTo(snapshot));
        assertEquals(1, tries[0]);
    }

    /** 32 bits are 50 days with 1,000 pauses a second. */
    @Test
    void countsFurtherThanTheKernel() {
        kernel.globals.putInt(PAUSE + PauseRecord.NUMBER, 0x7ffffffe);
        pause();
        kernel.globals.putInt(PAUSE + PauseRecord.NUMBER, 0xfffffffd);
        pause();
        pause();
        pause();
        kernel.pass(30 * MS);
        assertEquals(List.of(0x7fffffffL, 0xfffffffeL, 0xffffffffL, 1L << 32),
                read().stream().map(Pause::number).toList());
    }

    @Test
    void leavesAGapWhereAPauseWasLost() {
        pause();
        FakeRing ring = kernel.pauses.ring;
        kernel.pauses.ring = new FakeRing(8);
        pause();
        kernel.pauses.ring = ring;
        pause();
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        assertEquals(2, pauses.size());
        assertEquals(3, pauses.get(1).number());
        assertEquals(1, ledger.read().losses().get(Loss.LOST_PAUSES));
    }

    @Test
    void saysWhichPausesAreIncomplete() {
        pause();
        kernel.pass(100 * MS);
        read();
        FakeRing ring = kernel.pauses.ring;
        kernel.pauses.begins(vm);
        kernel.pauses.reached(3, true);
        kernel.pauses.ring = new FakeRing(8);
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.pauses.ring = ring;
        kernel.pass(MS);
        kernel.pauses.ends(vm);
        kernel.pass(100 * MS);
        read();
        pause();
        kernel.pass(100 * MS);
        List<Pause> pauses = read();
        assertEquals(List.of(false, true, false), pauses.stream().map(Pause::incomplete).toList());
        Snapshot snapshot = reader.addTo(ledger.read());
        assertEquals(1, snapshot.losses().get(Loss.INCOMPLETE_PAUSES));
        assertEquals(0, snapshot.losses().get(Loss.LOST_PAUSES));
    }

    @Test
    void isIncompleteWhenNoOperationWasSeen() {
        kernel.pauses.begins(vm);
        kernel.pass(3 * MS);
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        Snapshot snapshot = reader.addTo(ledger.read());
        Pause pause = snapshot.pauses().get(0);
        assertTrue(pause.incomplete());
        assertEquals(Pause.UNKNOWN_OPERATION, pause.operation());
        assertEquals(3 * MS, pause.timeToSafepointNs());
        assertEquals("reaching=3000", Scene.parts(pause));
        assertEquals(1, snapshot.losses().get(Loss.INCOMPLETE_PAUSES));
    }

    @Test
    void isIncompleteWhenARecordAfterThePauseIsLost() {
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.change(worker, ThreadState.RUNNING);
        pause();
        reader.look();
        FakeRing ring = kernel.pauses.ring;
        kernel.pauses.ring = new FakeRing(8);
        kernel.change(worker, ThreadState.BLOCKED_FUTEX);
        kernel.pauses.ring = ring;
        kernel.pass(30 * MS);
        assertTrue(read().get(0).incomplete());
        assertEquals(1, ledger.read().losses().get(Loss.LOST_PAUSE_RECORDS));
    }

    @Test
    void isIncompleteWhenTheThreadThatMadeItHasNoRow() {
        FakeThread rowless = kernel.start("x", ThreadState.RUNNING);
        kernel.pauses.begins(rowless);
        kernel.pauses.reached(3, true);
        kernel.globals.putInt(PAUSE + PauseRecord.GENERATION, 0);
        kernel.pauses.ends(rowless);
        kernel.pass(30 * MS);
        assertTrue(read().get(0).incomplete());
        assertEquals(1, reader.addTo(ledger.read()).losses().get(Loss.INCOMPLETE_PAUSES));
    }

    @Test
    void waitsForARecordThatIsBeingWritten() {
        pause();
        long busy = kernel.pauses.ring.put(new byte[40], 40 | FakeRing.BUSY);
        kernel.pass(30 * MS);
        assertEquals(List.of(), read());
        assertTrue(reader.look());
        kernel.pauses.ring.header(busy, 40 | FakeRing.DISCARDED);
        assertEquals(1, read().size());
    }

    /** Its stays ended long ago, and nothing but the pause itself tells that they are needed. */
    @Test
    void keepsTheStaysOfAPauseBehindARecordThatIsBeingWritten() {
        beginLongPause();
        long busy = kernel.pauses.ring.put(new byte[40], 40 | FakeRing.BUSY);
        kernel.pauses.ends(vm);
        reader.look();
        kernel.pass(30 * MS);
        assertEquals(List.of(), read());
        kernel.pauses.ring.header(busy, 40 | FakeRing.DISCARDED);
        checkLongPause();
    }

    /** After it has looked whether one is open, or before: either way it is not missed. */
    @Test
    void keepsTheStaysOfAPauseThatEndsWhileItLooks() {
        boolean[] ended = {false};
        reader = new PauseReader(kernel.pauses.ring, kernel.memory(), ledger, () -> {
            if (!ended[0] && kernel.pauses.ring.waiting() > 0) {
                kernel.pauses.ends(vm);
                ended[0] = true;
            }
            return kernel.nowNs;
        }, () -> 0);
        beginLongPause();
        reader.look();
        assertTrue(ended[0]);
        kernel.pass(30 * MS);
        checkLongPause();
    }

    private void beginLongPause() {
        kernel.pauses.begins(vm);
        kernel.pass(MS);
        kernel.pauses.reached(3, true);
        kernel.change(worker, ThreadState.RUNNABLE);
        kernel.pass(70 * MS);
        kernel.change(worker, ThreadState.RUNNING);
        kernel.change(vm, ThreadState.BLOCKED_FUTEX);
        kernel.pass(30 * MS);
        kernel.change(worker, ThreadState.BLOCKED_FUTEX);
        kernel.change(vm, ThreadState.RUNNING);
        kernel.pass(20 * MS);
    }

    private void checkLongPause() {
        Pause pause = read().get(0);
        assertEquals("running=91000 blocked_futex=30000", times(pause, "VM Thread"));
        assertEquals("running=30000 runnable=70000 blocked_futex=21000", times(pause, "GC Thread#0"));
        assertFalse(pause.incomplete());
    }

    @Test
    void saysWhenTheRingFillsQuickly() {
        assertFalse(reader.isBusy());
        kernel.pauses.ring = new FakeRing(4096);
        reader = reader();
        kernel.pauses.begins(vm);
        for (int i = 0; i < 10; i++) {
            kernel.change(vm, i % 2 == 0 ? ThreadState.BLOCKED_DISK : ThreadState.RUNNING);
        }
        reader.look();
        assertFalse(reader.isBusy(), "480 of 4096 bytes");
        for (int i = 0; i < 12; i++) {
            kernel.change(vm, i % 2 == 0 ? ThreadState.BLOCKED_DISK : ThreadState.RUNNING);
        }
        reader.look();
        assertTrue(reader.isBusy(), "576 of 4096 bytes");
        reader.look();
        assertFalse(reader.isBusy());
    }

    @Test
    void countsWhatIsNoRecord() {
        pause();
        for (int kind : new int[] {0, 1, 2, 3, 4, 255}) {
            byte[] record = new byte[41];
            record[0] = (byte) kind;
            kernel.pauses.ring.put(record);
        }
        kernel.pass(30 * MS);
        Snapshot snapshot = reader.addTo(ledger.read());
        assertEquals(6, snapshot.losses().get(Loss.LOST_PAUSE_RECORDS));
        assertTrue(snapshot.pauses().get(0).incomplete());
        assertEquals(0, ledger.read().losses().get(Loss.LOST_PAUSE_RECORDS), "the kernel's own");
    }

    @Test
    void addsWhatWasLostOnBothSides() {
        pause();
        kernel.pauses.ring.put(new byte[3]);
        kernel.lose(KernelLosses.LOST_PAUSE_RECORDS);
        assertEquals(2, reader.addTo(ledger.read()).losses().get(Loss.LOST_PAUSE_RECORDS));
    }

    /** A pause of minutes in which threads change state all the time. */
    @Test
    void keepsNoMoreThanItMay() {
        kernel.pauses.begins(vm);
        kernel.pauses.reached(3, true);
        for (int i = 0; i < 100_000; i++) {
            kernel.pass(10_000);
            kernel.change(worker, i % 2 == 0 ? ThreadState.RUNNING : ThreadState.BLOCKED_FUTEX);
            if (i % 1000 == 0) {
                reader.look();
            }
        }
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        Snapshot snapshot = reader.addTo(ledger.read());
        Pause pause = snapshot.pauses().get(0);
        assertTrue(pause.incomplete());
        assertEquals(1_000 * MS, pause.totalNs());
        assertEquals(100_000 - RecordLog.LEAST_MOST, snapshot.losses().get(Loss.LOST_PAUSE_RECORDS));
        pause();
        kernel.pass(30 * MS);
        assertFalse(read().get(1).incomplete(), "the next one has room again");
    }

    /** The reader was stopped as all were, and the ring is large. */
    @Test
    void keepsAllOfOnePauseThatTheRingHolds() {
        kernel.pauses.ring = new FakeRing(8 << 20);
        reader = reader();
        kernel.pauses.begins(vm);
        kernel.pauses.reached(3, true);
        for (int i = 0; i < 150_000; i++) {
            kernel.pass(10_000);
            kernel.change(worker, i % 2 == 0 ? ThreadState.RUNNING : ThreadState.BLOCKED_FUTEX);
        }
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        Pause pause = read().get(0);
        assertFalse(pause.incomplete());
        assertEquals("running=750000 blocked_futex=750000", times(pause, "GC Thread#0"));
    }

    @Test
    void goesOnAfterTheProcessWasStopped() {
        pause();
        reader.look();
        kernel.pass(3_600_000 * MS);
        pause();
        kernel.pass(30 * MS);
        assertEquals(2, read().size());
        assertEquals(0, reader.addTo(ledger.read()).losses().get(Loss.LOST_PAUSE_RECORDS));
    }

    @Test
    void goesOnWhereAnotherReaderEnded() {
        pause();
        kernel.pass(30 * MS);
        read();
        pause();
        kernel.pass(30 * MS);
        reader = reader();
        assertEquals(2, read().get(0).number());
    }
}
