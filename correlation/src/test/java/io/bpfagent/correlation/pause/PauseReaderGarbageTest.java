package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ring.FakeRing;
import io.bpfagent.records.RecordLayouts.OccupantRecord;
import io.bpfagent.records.RecordLayouts.PauseRecord;
import io.bpfagent.records.RecordLayouts.StayRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the reader does with memory that makes no sense: it never throws, it counts, and what it gives adds up. */
class PauseReaderGarbageTest {
    private final Random random = new Random(23);
    private final FakeKernel kernel = new FakeKernel(16, 32);
    private final Ledger ledger = kernel.ledger(new FakeIdentities());
    private final PauseReader reader = new PauseReader(kernel.pauses.ring, kernel.memory(), ledger,
            () -> kernel.nowNs, () -> 0);
    private long given;

    /** The ring is in order, and what stands in its records is anything. */
    @Test
    void readsRandomRecordsWithoutAnException() {
        for (int i = 0; i < 8; i++) {
            kernel.start(i % 2 == 0 ? "GC Thread#" + i : "VM Thread", ThreadState.RUNNING);
        }
        for (int round = 0; round < 2_000; round++) {
            for (int i = random.nextInt(60); i > 0; i--) {
                kernel.pauses.ring.put(randomRecord());
            }
            scribble(kernel.globals, random.nextInt(3));
            kernel.pass(random.nextInt(20_000_000));
            reader.look();
            if (random.nextInt(4) == 0) {
                use(reader.addTo(ledger.read()));
            }
        }
        assertTrue(given > 256, "some of it passes for pauses: " + given);
        assertTrue(reader.addTo(ledger.read()).losses().get(Loss.LOST_PAUSE_RECORDS) != 0);
    }

    @Test
    void readsARandomRingWithoutAnException() {
        FakeRing ring = kernel.pauses.ring;
        FakeThread thread = kernel.start("GC Thread#0", ThreadState.RUNNING);
        for (int round = 0; round < 300; round++) {
            kernel.pauses.begins(thread);
            kernel.stay(thread, ThreadState.BLOCKED_FUTEX, 1_000);
            kernel.pauses.ends(thread);
            scribble(ring.data(), 2_000);
            scribble(kernel.rows, 3);
            long moved = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100) * 8L;
            ring.producer().putLong(0, ring.producer().getLong(0) + moved);
            kernel.pass(30_000_000);
            reader.look();
            use(reader.addTo(ledger.read()));
        }
    }

    private byte[] randomRecord() {
        int kind = random.nextInt(5);
        int[] sizes = {16, StayRecord.SIZE, OccupantRecord.SIZE, PauseRecord.SIZE, 64};
        ByteBuffer record = ByteBuffer.allocate(random.nextInt(50) == 0 ? 1 + random.nextInt(80) : sizes[kind])
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < record.capacity(); i++) {
            record.put(i, (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(4)));
        }
        record.put(0, (byte) kind);
        boolean whole = record.capacity() == sizes[kind];
        if (whole && kind == 1) {
            record.put(StayRecord.STATE, (byte) random.nextInt(17));
            record.put(StayRecord.NEXT_STATE, (byte) random.nextInt(17));
            record.put(StayRecord.FLAGS, (byte) random.nextInt());
            record.putShort(StayRecord.ROW, (short) random.nextInt(17));
            record.putInt(StayRecord.GENERATION, random.nextInt(3));
            putTimes(record, StayRecord.SINCE_NS, StayRecord.UNTIL_NS);
        } else if (whole && kind == 2) {
            putTimes(record, OccupantRecord.UNTIL_NS, OccupantRecord.UNTIL_NS);
        } else if (whole && kind == 3) {
            record.putShort(PauseRecord.ROW, (short) random.nextInt(17));
            record.putInt(PauseRecord.GENERATION, random.nextInt(3));
            record.putInt(PauseRecord.NUMBER, (int) (given + random.nextInt(1_000)));
            putTimes(record, PauseRecord.BEGIN_NS, PauseRecord.END_NS);
            if (random.nextBoolean()) {
                putTimes(record, PauseRecord.BEGIN_NS, PauseRecord.REACHED_NS);
            }
        }
        return record.array();
    }

    private void putTimes(ByteBuffer record, int from, int to) {
        long at = random.nextInt(40) == 0 ? random.nextLong() : kernel.nowNs - random.nextInt(100_000_000);
        record.putLong(from, at - random.nextInt(10_000_000));
        record.putLong(to, at);
    }

    private void scribble(ByteBuffer memory, int bytes) {
        for (int i = 0; i < bytes; i++) {
            memory.put(random.nextInt(memory.capacity()), (byte) random.nextInt(256));
        }
    }

    private void use(Snapshot snapshot) {
        snapshot.minus(snapshot);
        for (Pause pause : snapshot.pauses()) {
            check(pause);
            given = Math.max(given, pause.number());
        }
    }

    /** What is so of every pause. */
    static void check(Pause pause) {
        assertEquals(pause.totalNs(), pause.parts().sumNs(), "the parts");
        assertTrue(pause.parts().reachingNs() >= 0 && pause.parts().workingNs() >= 0 && pause.parts().noCpuNs() >= 0);
        assertEquals(pause.timeToSafepointNs(), pause.parts().reachingNs());
        for (PauseThread thread : pause.threads()) {
            assertTrue(thread.times().wallNs() <= pause.totalNs(), "a thread's times");
            assertEquals(thread.times().timeNs(ThreadState.RUNNABLE),
                    thread.occupants().stream().mapToLong(Occupant::ns).sum(),
                    "the occupants");
            assertTrue(thread.occupants().stream().allMatch(occupant -> occupant.ns() > 0));
            assertTrue(thread.minorFaults() >= 0 && thread.majorFaults() >= 0);
        }
        assertEquals(pause.totalNs(), pause.threads().get(0).times().wallNs(), "the VM thread's times");
    }
}
