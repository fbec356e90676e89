package io.bpfagent.correlation.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Fuzz;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ring.BrokenRing;
import io.bpfagent.correlation.ring.FakeRing;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.SlowFlags;
import io.bpfagent.records.RecordLayouts.SlowRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is broken in the ring of slow events, in as many ways as time allows. */
class SlowFuzzTest {
    private static final int MUTATED = 150_000;
    private static final int NOISE = 100_000;
    private static final long MS = 1_000_000;
    private static final int THREADS = 8;
    private static final int UNKNOWN_FLAGS = 9;
    /** Of 1,024 events, and as many that wait, each with its text. */
    private static final long MOST_BYTES = 4 << 20;
    private static final int MOST_CHARACTERS = RecordLayouts.RecordSizes.SLOW_TEXT_BYTES + 64;

    /** A host's threads, its ring and its reader. */
    private static final class Host {
        final FakeKernel kernel = new FakeKernel(16, 100);
        final FakeIdentities identities = new FakeIdentities();
        final Ledger ledger = kernel.ledger(identities);
        final FakeRing ring = new FakeRing(1 << 18);
        final SlowReader reader = new SlowReader(ring, kernel.memory(), ledger, SlowLimits.of(MS, Map.of()), MS,
                javaId -> List.of("Some.where:23"), () -> kernel.nowNs, () -> 0);
        final FakeThread[] threads = new FakeThread[THREADS];

        Host(RandomGenerator random) {
            for (int i = 0; i < THREADS; i++) {
                threads[i] = kernel.start("t-" + i, ThreadState.of(random.nextInt(ThreadState.ALL.size())));
                identities.java(threads[i], "t-" + i);
            }
            kernel.disk(0, "vda");
            kernel.pass(100 * MS);
            ledger.read();
        }

        byte[] record(RandomGenerator random) {
            FakeThread thread = threads[random.nextInt(THREADS)];
            long since = kernel.nowNs - random.nextInt(100_000_000);
            SlowRecords record = random.nextBoolean()
                    ? SlowRecords.state(thread, ThreadState.of(random.nextInt(ThreadState.ALL.size())), since,
                            kernel.nowNs)
                    : SlowRecords.call(thread, ThreadMetric.ALL.get(random.nextInt(ThreadMetric.ALL.size())), since,
                            kernel.nowNs);
            switch (random.nextInt(6)) {
                case 0 -> record.text(SlowFlags.SLOW_PATH, "data", "lib", "var");
                case 1 -> record.text(SlowFlags.SLOW_STRING, "example.org");
                case 2 -> record.socket(random.nextBoolean() ? 2 : 10, 443, 10, 0, 0, 1);
                case 3 -> record.request(0, 4711, 4096);
                case 4 -> record.futex(random.nextLong());
                default -> record.syscall(random.nextInt(500));
            }
            if (random.nextBoolean()) {
                record.actor(RecordLayouts.ActorKind.ACTOR_OWN, threads[random.nextInt(THREADS)]);
            } else {
                record.actor(random.nextInt(UNKNOWN_FLAGS), 4711, "kworker/1:0");
            }
            return record.bytes();
        }

        /** Reads what came; the number of the last event. */
        long check(long told) {
            Snapshot snapshot = reader.addTo(ledger.read());
            assertTrue(snapshot.slow().size() <= Snapshot.MOST_SLOW_EVENTS);
            long last = told;
            for (SlowEvent event : snapshot.slow()) {
                if (event.number() > last) {
                    check(event);
                    last = event.number();
                }
            }
            return last;
        }

        private static void check(SlowEvent event) {
            assertTrue(event.durationNs() >= 0, event::toString);
            assertNotNull(event.metric());
            assertNotNull(event.thread());
            assertTrue(length(event.on().path()) <= 2 * MOST_CHARACTERS && length(event.on().host()) <= MOST_CHARACTERS
                    && length(event.on().address()) < MOST_CHARACTERS, event::toString);
            assertTrue(event.toString().length() > 0);
        }

        private static int length(String text) {
            return text == null ? 0 : text.length();
        }
    }

    /** Records as they are, of which some are changed; and rows, in which the reader looks who is to be asked. */
    @Test
    void readsWhatIsBroken() {
        Fuzz.play(MUTATED, random -> {
            Host host = new Host(random);
            long told = 0;
            int records = 0;
            while (records < 10_000) {
                for (int i = random.nextInt(100); i >= 0; i--) {
                    host.ring.put(host.record(random));
                }
                for (int i = random.nextInt(10); i >= 0; i--) {
                    Fuzz.mutate(random, host.kernel.rows, 0, host.kernel.rows.capacity());
                }
                host.kernel.pass(random.nextInt(50_000_000));
                records += BrokenRing.show(random, host.ring, host.reader::look);
                told = host.check(told);
            }
            assertTrue(told > 0, "no event was told");
            return records;
        });
    }

    @Test
    void readsNoise() {
        Fuzz.play(NOISE, random -> {
            Host host = new Host(random);
            long told = 0;
            int records = 0;
            while (records < 10_000) {
                for (int i = random.nextInt(100); i >= 0; i--) {
                    byte[] noise = BrokenRing.noise(random, SlowRecord.SIZE, random.nextInt());
                    ByteBuffer record = ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN);
                    // So that not all of it is refused.
                    record.put(SlowRecord.METRIC, (byte) random.nextInt(ThreadMetric.ALL.size() + 2));
                    records += host.ring.put(noise) < 0 ? 0 : 1;
                }
                if (random.nextInt(20) == 0) {
                    Fuzz.noise(random, host.ring.data());
                    Fuzz.noise(random, host.kernel.rows);
                }
                host.reader.look();
                told = host.check(told);
                BrokenRing.startAgain(host.ring, host.reader::look);
            }
            assertTrue(told > 0, "no event was told");
            return records;
        });
    }

    @Test
    void countsEveryRecordThatItCannotRead() {
        Fuzz.play(20_000, random -> {
            Host host = new Host(random);
            int records = 0;
            while (records < 5_000) {
                ByteBuffer record = ByteBuffer.wrap(host.record(random)).order(ByteOrder.LITTLE_ENDIAN);
                if (random.nextBoolean()) {
                    record.put(SlowRecord.METRIC, (byte) (128 + random.nextInt(128)));
                } else {
                    record.putLong(SlowRecord.SINCE_NS, host.kernel.nowNs + 1 + random.nextInt(1_000_000));
                }
                records += host.ring.put(record.array()) < 0 ? 0 : 1;
                if (random.nextInt(100) == 0) {
                    host.reader.look();
                }
            }
            host.reader.look();
            Snapshot snapshot = host.reader.addTo(host.ledger.read());
            assertEquals(List.of(), snapshot.slow());
            assertEquals(records, snapshot.losses().get(Loss.LOST_SLOW_EVENTS));
            return records;
        });
    }

    @Test
    void keepsNoMoreThanItMay() {
        Fuzz.play(50_000, random -> {
            Host host = new Host(random);
            host.check(0);
            long before = Fuzz.reachableBytes();
            int records = 0;
            while (records < 50_000) {
                for (int i = random.nextInt(100); i >= 0; i--) {
                    records += host.ring.put(host.record(random)) < 0 ? 0 : 1;
                }
                host.reader.look();
                if (random.nextInt(100) == 0) {
                    host.check(Long.MAX_VALUE);
                }
            }
            long more = Fuzz.reachableBytes() - before;
            assertTrue(more < MOST_BYTES, more + " bytes after " + records + " records");
            return records;
        });
    }
}
