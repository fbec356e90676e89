package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ContextTotal;
import io.bpfagent.records.RecordLayouts.Disk;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Remote;
import io.bpfagent.records.RecordLayouts.RowCounters;
import io.bpfagent.records.RecordLayouts.RowLife;
import io.bpfagent.records.RecordLayouts.RowMeters;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What is broken in any of the maps that the ledger reads, in as many ways as time allows: rows, pages, supplies, what
 * is counted of threads, disks, remotes, system calls, contexts and virtual threads.
 */
class LedgerFuzzTest {
    private static final int MUTATED = 300_000;
    private static final int NOISE = 150_000;
    private static final int ROWS = 16;
    private static final int THREADS = 12;
    private static final int NODES = 8;
    /** Histograms of everything take some ms. */
    private static final int CHECK_EVERY = 8;
    /** Two rounds' worth of what there may be of pools, histograms and names. */
    private static final long MOST_BYTES = 8 << 20;

    /** A host with some of everything, and an undo of what was broken. */
    private static final class Host {
        final RandomGenerator random;
        final FakeKernel kernel = new FakeKernel(ROWS, 100);
        final FakeIdentities identities = new FakeIdentities();
        final Ledger ledger = kernel.ledger(identities);
        final FakeContexts contexts = new FakeContexts(kernel, ROWS);
        final long[] carriers = new long[CarrierTimes.NUMBERS];
        final List<FakeThread> threads = new ArrayList<>();
        final List<Runnable> undo = new ArrayList<>();
        private Snapshot before;

        Host(RandomGenerator random) {
            this.random = random;
            for (int i = 1; i < NODES; i++) {
                int context = contexts.context(ContextKind.ALL.get(i % ContextKind.ALL.size()), "context-" + i);
                contexts.node(random.nextInt(i), context);
            }
            ledger.count(kernel.counters(Counter.INSTRUCTIONS, Counter.CYCLES));
            ledger.count(contexts.memory(), contexts);
            ledger.follow(new CarrierTimes() {
                @Override
                public void read(EventMetric metric, long[] into) {
                    System.arraycopy(carriers, 0, into, 0, NUMBERS);
                }

                @Override
                public long lost() {
                    return 0;
                }

                @Override
                public String nameOf(long id) {
                    return null;
                }
            }, contexts.memory());
            before = ledger.read();
        }

        /** Something happens as it does. */
        void live() {
            kernel.pass(random.nextInt(1_000_000));
            if (threads.size() < THREADS) {
                FakeThread thread = kernel.start("java", ThreadState.RUNNING);
                if (thread != null) {
                    threads.add(thread);
                    identities.java(thread, "worker-" + thread.tid);
                }
                return;
            }
            FakeThread thread = threads.get(random.nextInt(THREADS));
            switch (random.nextInt(9)) {
                case 0 -> {
                    threads.remove(thread);
                    kernel.end(thread, "java");
                }
                case 1 -> kernel.counted(thread, random.nextInt(2), random.nextInt(1000), 10, 10);
                case 2 -> kernel.metric(thread, ThreadMetric.ALL.get(random.nextInt(ThreadMetric.ALL.size())), 700);
                case 3 -> kernel.syscall(random.nextInt(RecordSizes.SYSCALLS), 300);
                case 4 -> contexts.enter(thread, 1 + random.nextInt(NODES - 1));
                case 5 -> contexts.count(random.nextInt(FakeContexts.STRIPES), random.nextInt(NODES),
                        ThreadState.BLOCKED_PARK, 500, 0);
                case 6 -> kernel.operation(random.nextInt(3), 900);
                case 7 -> kernel.request(random.nextInt(2), DiskUsage.User.values()[0], DiskUsage.Operation.values()[0],
                        4096, 10, 20);
                default -> kernel.stay(thread, ThreadState.of(random.nextInt(16)), random.nextInt(100_000));
            }
        }

        /** Breaks one thing, which {@link #putRight} may mend. */
        void breakOne() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    breakIn(kernel.rows, ROWS * ThreadRow.SIZE, random.nextInt(3) == 0);
                    evenSequences();
                }
                case 3 -> breakIn(kernel.pages, kernel.pages.capacity(), random.nextBoolean());
                case 4 -> breakIn(kernel.poolPages, kernel.poolPages.capacity() / 8, random.nextBoolean());
                // What the fake kernel itself goes by.
                case 5 -> breakIn(kernel.supplies, kernel.supplies.capacity(), true);
                case 6 -> breakIn(kernel.rowMeters, ROWS * RowMeters.SIZE, true);
                case 7 -> breakIn(kernel.globals, kernel.globals.capacity(), true);
                case 8 -> breakIn(kernel.rowCounters, ROWS * RowCounters.SIZE, random.nextBoolean());
                case 9 -> breakIn(kernel.meters, kernel.meters.capacity(), random.nextBoolean());
                case 10 -> breakIn(contexts.slots, ROWS * ContextSlot.SIZE, random.nextBoolean());
                default -> breakRarely();
            }
        }

        private void breakRarely() {
            switch (random.nextInt(6)) {
                case 0 -> breakIn(contexts.totals, NODES * ContextTotal.SIZE, random.nextBoolean());
                case 1 -> breakIn(kernel.syscalls, kernel.syscalls.capacity(), random.nextBoolean());
                case 2 -> breakIn(kernel.syscallPages, kernel.syscallPages.capacity(), random.nextBoolean());
                case 3 -> breakIn(kernel.disks, 2 * Disk.SIZE, random.nextBoolean());
                case 4 -> breakIn(kernel.remotes, 4 * Remote.SIZE, random.nextBoolean());
                default -> carriers[random.nextInt(carriers.length)] = random.nextLong(1L << 32);
            }
        }

        private void breakIn(ByteBuffer memory, int bytes, boolean mends) {
            int at = random.nextInt(bytes / Long.BYTES) * Long.BYTES;
            long right = memory.getLong(at);
            if (mends) {
                undo.add(() -> memory.putLong(at, right));
            }
            Fuzz.mutate(random, memory, at, at + Long.BYTES);
        }

        /** A row that is being written for ever is read in 64 tries, of which a test need not have many. */
        private void evenSequences() {
            for (int row = 0; row < ROWS && random.nextInt(50) != 0; row++) {
                int at = row * ThreadRow.SIZE + ThreadRow.SEQUENCE;
                kernel.rows.putInt(at, kernel.rows.getInt(at) & ~1);
            }
        }

        void putRight() {
            for (int i = undo.size() - 1; i >= 0; i--) {
                undo.get(i).run();
            }
            undo.clear();
        }

        /** Everything is anything. */
        void noise() {
            for (ByteBuffer memory : List.of(kernel.rows, kernel.poolPages, kernel.supplies, kernel.rowMeters,
                    kernel.globals, kernel.rowCounters, contexts.slots, kernel.disks, kernel.remotes,
                    kernel.syscalls)) {
                Fuzz.noise(random, memory);
            }
            for (int row = 0; row < ROWS; row++) {
                // Else hardly any row would pass for one.
                int at = row * ThreadRow.SIZE;
                kernel.rows.put(at + ThreadRow.LIFE,
                        (byte) (random.nextInt(4) == 0 ? random.nextInt() : RowLife.ROW_LIVE));
                kernel.rows.put(at + ThreadRow.STATE, (byte) random.nextInt(17));
                kernel.rows.put(at + ThreadRow.NAME_LENGTH, (byte) random.nextInt(RecordSizes.NAME_BYTES + 2));
                kernel.rows.putInt(at + ThreadRow.SEQUENCE, kernel.rows.getInt(at + ThreadRow.SEQUENCE) & ~1);
                for (int word = at; word < at + ThreadRow.JAVA_ID && random.nextInt(8) != 0; word += Long.BYTES) {
                    kernel.rows.put(word + Long.BYTES - 1, (byte) (kernel.rows.get(word + Long.BYTES - 1) & 0x7f));
                }
            }
            for (int node = 0; node < NODES; node++) {
                for (int at = 0; at < ContextTotal.SIZE; at += Long.BYTES) {
                    contexts.totals.putLong(node * ContextTotal.SIZE + at, random.nextLong());
                }
            }
            for (int i = 0; i < carriers.length; i++) {
                carriers[i] = random.nextLong(1L << 32);
            }
            Fuzz.noise(random, kernel.pages);
            Fuzz.noise(random, kernel.meters);
        }

        void read() {
            ledger.runningLow();
            Snapshot now = ledger.read();
            checkCountsGoUp(before, now);
            if (random.nextInt(CHECK_EVERY) == 0) {
                check(now);
                check(now.minus(before));
            }
            before = now;
        }

        long torn() {
            return before.losses().get(Loss.TORN_ROWS);
        }
    }

    /** A host as it is, of which some is broken at each read, and most put right again. */
    @Test
    void readsWhatIsBroken() {
        Fuzz.play(MUTATED, random -> {
            Host host = new Host(random);
            int broken = 0;
            while (broken < 20_000) {
                for (int i = random.nextInt(30); i >= 0; i--) {
                    host.live();
                }
                for (int i = random.nextInt(200); i >= 0; i--) {
                    host.breakOne();
                    broken++;
                }
                host.read();
                host.putRight();
            }
            assertTrue(host.torn() > 0, "nothing was counted");
            return broken;
        });
    }

    /** The inputs are the rows, supplies, nodes and so on. */
    @Test
    void readsNoise() {
        Fuzz.play(NOISE, random -> {
            Host host = new Host(random);
            int records = 0;
            for (int i = 0; i < 5; i++) {
                host.noise();
                host.read();
                host.read();
                records += 3 * ROWS + NODES + RecordSizes.SYSCALLS + RecordSizes.DISKS + RecordSizes.REMOTES
                        + host.kernel.memory().pageCount();
            }
            assertTrue(host.torn() > 0, "nothing was counted");
            return records;
        });
    }

    @Test
    void keepsNoMoreThanItMay() {
        Fuzz.play(1, random -> {
            Host host = new Host(random);
            fill(host, 50);
            long before = Fuzz.reachableBytes();
            fill(host, 250);
            long more = Fuzz.reachableBytes() - before;
            assertTrue(more < MOST_BYTES, more + " bytes more");
            return 1;
        });
    }

    private static void fill(Host host, int times) {
        for (int i = 0; i < times; i++) {
            host.noise();
            host.read();
        }
    }

    private static void check(Snapshot snapshot) {
        assertTrue(snapshot.threads().size() <= ROWS);
        assertTrue(snapshot.pools().size() <= RecordSizes.POOLS);
        assertTrue(snapshot.disks().size() <= RecordSizes.DISKS);
        assertTrue(snapshot.remotes().size() <= RecordSizes.REMOTES);
        assertTrue(snapshot.contexts().contexts().size() <= ContextSizes.CONTEXTS);
        assertTrue(snapshot.events().syscalls().size() <= RecordSizes.SYSCALLS);
        snapshot.totalTimes();
        for (ThreadState state : ThreadState.ALL) {
            check(snapshot.total(state));
        }
        for (ThreadMetric metric : ThreadMetric.ALL) {
            check(snapshot.total(metric));
        }
        for (EventMetric metric : EventMetric.values()) {
            check(snapshot.total(metric));
            snapshot.events().byName(metric).values().forEach(LedgerFuzzTest::check);
        }
        for (ThreadUsage thread : snapshot.threads()) {
            assertTrue(thread.identity().name().length() <= RecordSizes.NAME_BYTES, thread::toString);
        }
        assertTrue(snapshot.toString().length() > 0);
    }

    private static void check(Distribution distribution) {
        assertTrue(distribution.count() >= 0, distribution::toString);
        long[] percentiles = distribution.percentilesNs(0, 50, 99.9, 100);
        for (int i = 1; i < percentiles.length; i++) {
            assertTrue(percentiles[i] >= percentiles[i - 1], distribution::toString);
        }
    }

    /** Times may be as long as a row says, and so many of them are more than a number holds; counts are not. */
    private static void checkCountsGoUp(Snapshot before, Snapshot now) {
        Map<String, PoolUsage> pools = new HashMap<>();
        now.pools().forEach(pool -> pools.put(pool.pool(), pool));
        for (PoolUsage old : before.pools()) {
            PoolUsage pool = pools.get(old.pool());
            assertTrue(pool.ended() >= old.ended());
            for (ThreadState state : ThreadState.ALL) {
                assertTrue(pool.times().count(state) >= old.times().count(state), () -> pool.pool() + " " + state);
                assertTrue(pool.distribution(state).count() >= old.distribution(state).count());
            }
        }
    }
}
