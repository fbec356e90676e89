package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.Fuzz;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ring.BrokenRing;
import io.bpfagent.records.RecordLayouts.OccupantRecord;
import io.bpfagent.records.RecordLayouts.PauseRecord;
import io.bpfagent.records.RecordLayouts.PauseRecordKind;
import io.bpfagent.records.RecordLayouts.StayRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is broken in the ring of pauses, in as many ways as time allows. */
class PauseFuzzTest {
    private static final int MUTATED = 300_000;
    private static final int NOISE = 200_000;
    private static final int[] SIZES = {StayRecord.SIZE, OccupantRecord.SIZE, PauseRecord.SIZE};
    /** A log that is full has as many bytes for each record as the ring and half as many again. */
    private static final long MOST_BYTES = 8 << 20;

    private static PauseReader reader(FakeKernel kernel, Ledger ledger) {
        return new PauseReader(kernel.pauses.ring, kernel.memory(), ledger, () -> kernel.nowNs, () -> 0);
    }

    /** Records of threads, CPUs and pauses as they are, of which some are changed. */
    @Test
    void readsWhatIsBroken() {
        Fuzz.play(MUTATED, random -> {
            FakeMachine machine = new FakeMachine(random.nextLong(), 1 + random.nextInt(8), random.nextInt(5));
            FakeKernel kernel = machine.kernel;
            PauseReader reader = reader(kernel, machine.ledger);
            long told = 0;
            int records = 0;
            while (records < 10_000) {
                for (int i = random.nextInt(400); i >= 0; i--) {
                    machine.step();
                }
                records += BrokenRing.show(random, kernel.pauses.ring, reader::look);
                if (random.nextInt(4) == 0) {
                    told = check(reader.addTo(machine.ledger.read()), told);
                }
            }
            assertTrue(told > 0, "no pause was told");
            return records;
        });
    }

    /** Records of the right lengths in which anything stands. */
    @Test
    void readsNoise() {
        Fuzz.play(NOISE, random -> {
            FakeKernel kernel = new FakeKernel(16, 32);
            Ledger ledger = kernel.ledger(new FakeIdentities());
            PauseReader reader = reader(kernel, ledger);
            kernel.start("GC Thread#0", ThreadState.RUNNING);
            int records = 0;
            long told = 0;
            while (records < 20_000) {
                for (int i = random.nextInt(200); i >= 0; i--) {
                    int kind = random.nextInt(SIZES.length);
                    records += kernel.pauses.ring.put(BrokenRing.noise(random, SIZES[kind], kind + 1)) < 0 ? 0 : 1;
                }
                if (random.nextInt(10) == 0) {
                    Fuzz.noise(random, kernel.globals);
                }
                if (random.nextInt(50) == 0) {
                    Fuzz.noise(random, kernel.pauses.ring.data());
                }
                kernel.pass(random.nextInt(50_000_000));
                reader.look();
                told = check(reader.addTo(ledger.read()), told);
                BrokenRing.startAgain(kernel.pauses.ring, reader::look);
            }
            return records;
        });
    }

    @Test
    void countsEveryRecordThatItCannotRead() {
        Fuzz.play(20_000, random -> {
            FakeKernel kernel = new FakeKernel(16, 32);
            Ledger ledger = kernel.ledger(new FakeIdentities());
            PauseReader reader = reader(kernel, ledger);
            int records = 0;
            while (records < 5_000) {
                int size = 1 + random.nextInt(100);
                int kind = random.nextInt(256);
                boolean is = kind >= 1 && kind <= SIZES.length;
                while (is && size == SIZES[kind - 1]) {
                    size = 1 + random.nextInt(100);
                }
                records += kernel.pauses.ring.put(BrokenRing.noise(random, size, kind)) < 0 ? 0 : 1;
                if (random.nextInt(500) == 0) {
                    reader.look();
                }
            }
            reader.look();
            assertEquals(records, reader.addTo(ledger.read()).losses().get(Loss.LOST_PAUSE_RECORDS));
            return records;
        });
    }

    /** Pauses that have no end in time, or none at all: what is kept for them stays bounded. */
    @Test
    void keepsNoMoreThanItMay() {
        Fuzz.play(200_000, random -> {
            FakeKernel kernel = new FakeKernel(16, 32);
            Ledger ledger = kernel.ledger(new FakeIdentities());
            PauseReader reader = reader(kernel, ledger);
            ledger.read();
            long before = Fuzz.reachableBytes();
            int records = 0;
            int number = 0;
            while (records < 200_000) {
                for (int i = random.nextInt(200); i >= 0; i--) {
                    number += random.nextInt(3);
                    records += kernel.pauses.ring.put(plausible(random, kernel.nowNs, number)) < 0 ? 0 : 1;
                }
                kernel.pass(random.nextInt(100_000));
                reader.look();
                if (random.nextInt(20) == 0) {
                    check(reader.addTo(ledger.read()), Long.MAX_VALUE);
                }
            }
            long more = Fuzz.reachableBytes() - before;
            assertTrue(more < MOST_BYTES, more + " bytes after " + records + " records");
            return records;
        });
    }

    /** A stay, or a pause that may have begun at any time and ends up to 1 s from now. */
    private static byte[] plausible(RandomGenerator random, long nowNs, int number) {
        int kind = random.nextInt(10) == 0 ? PauseRecordKind.RECORD_PAUSE : PauseRecordKind.RECORD_STAY;
        boolean isPause = kind == PauseRecordKind.RECORD_PAUSE;
        byte[] bytes = new byte[isPause ? PauseRecord.SIZE : StayRecord.SIZE];
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).put(0, (byte) kind);
        long until = nowNs + random.nextInt(1_000_000_000);
        long since = random.nextLong(until);
        if (isPause) {
            record.putLong(PauseRecord.BEGIN_NS, since).putLong(PauseRecord.END_NS, until);
            record.putInt(PauseRecord.NUMBER, number);
        } else {
            record.putLong(StayRecord.SINCE_NS, since).putLong(StayRecord.UNTIL_NS, until);
            record.putShort(StayRecord.CPU, (short) random.nextInt(8));
            record.putShort(StayRecord.ROW, (short) random.nextInt(16));
        }
        return bytes;
    }

    /** @return the number of the last pause */
    private static long check(Snapshot snapshot, long told) {
        assertTrue(snapshot.pauses().size() <= Snapshot.MOST_PAUSES);
        long last = told;
        for (Pause pause : snapshot.pauses()) {
            if (pause.number() > last) {
                PauseReaderGarbageTest.check(pause);
                last = pause.number();
            }
        }
        return last;
    }
}
