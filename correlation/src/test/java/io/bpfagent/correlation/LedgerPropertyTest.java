package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random lives of threads, compared with what the threads have really done. */
class LedgerPropertyTest {
    private static final String[] NAMES = {"exec-1", "exec-2", "io-1", "main", "timer", "a", "b", "c"};

    private FakeKernel kernel;
    private Ledger ledger;
    private Random random;
    private final FakeIdentities identities = new FakeIdentities();
    private final List<FakeThread> live = new ArrayList<>();
    private final List<FakeThread> ended = new ArrayList<>();

    /** Plenty of pages, hardly any for pools, and next to none at all. */
    @ParameterizedTest
    @CsvSource({"1, 64, 2000", "2, 64, 80", "3, 64, 32", "4, 8, 32", "5, 200, 384"})
    void keepsItsPromises(long seed, int rows, int pages) {
        random = new Random(seed);
        kernel = new FakeKernel(rows, pages);
        ledger = kernel.ledger(identities);
        Snapshot before = ledger.read();
        for (int i = 0; i < 8_000; i++) {
            step();
            if (random.nextInt(40) == 0) {
                Snapshot now = ledger.read();
                check(now);
                checkNothingWentDown(before, now);
                before = now;
            }
        }
        while (!live.isEmpty()) {
            end(live.size() - 1);
        }
        check(ledger.read());
        assertEquals(rows, kernel.free(SupplyKind.SUPPLY_ROWS), "all rows are there again");
        assertEquals(pages - pages / 4, kernel.free(SupplyKind.SUPPLY_PAGES), "all pages are there again");
    }

    private void step() {
        kernel.pass(random.nextLong() >>> 24 + random.nextInt(39));
        int which = live.isEmpty() ? -1 : random.nextInt(live.size());
        int what = random.nextInt(100);
        if (which < 0 || what < 5) {
            FakeThread thread = kernel.start("java", random.nextBoolean() ? ThreadState.RUNNABLE : ThreadState.RUNNING);
            if (thread != null) {
                live.add(thread);
                if (random.nextBoolean()) {
                    kernel.named(thread, name(), thread.tid);
                }
            }
        } else if (what < 9) {
            end(which);
        } else if (what < 12) {
            identities.java(live.get(which), name());
        } else {
            kernel.change(live.get(which), ThreadState.of(random.nextInt(16)));
        }
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private void end(int which) {
        FakeThread thread = live.remove(which);
        kernel.end(thread, "java");
        ended.add(thread);
    }

    private void check(Snapshot snapshot) {
        assertEquals(0, snapshot.losses().get(Loss.TORN_ROWS));
        Map<Integer, ThreadUsage> usages = new HashMap<>();
        snapshot.threads().forEach(usage -> usages.put(usage.tid(), usage));
        assertEquals(live.size(), usages.size());
        long[] timeNs = new long[16];
        long[] count = new long[16];
        long[] sumNs = new long[16];
        for (FakeThread thread : ended) {
            add(thread, timeNs, count, sumNs);
        }
        for (FakeThread thread : live) {
            add(thread, timeNs, count, sumNs);
            timeNs[thread.state.ordinal()] += kernel.nowNs - thread.sinceNs;
            check(thread, usages.get(thread.tid), snapshot);
        }
        for (ThreadState state : ThreadState.ALL) {
            int s = state.ordinal();
            assertEquals(timeNs[s], snapshot.totalTimes().timeNs(state), "pools' time " + state);
            assertEquals(count[s], snapshot.totalTimes().count(state), "pools' count " + state);
            assertEquals(count[s], snapshot.total(state).count(), "counts in pages " + state);
            assertEquals(sumNs[s], snapshot.total(state).sumNs(), "sum beside the pages " + state);
        }
        assertEquals(ended.size(), snapshot.pools().stream().mapToLong(PoolUsage::ended).sum());
        assertEquals(live.size(), snapshot.pools().stream().mapToLong(PoolUsage::threads).sum());
    }

    private static void add(FakeThread thread, long[] timeNs, long[] count, long[] sumNs) {
        for (int s = 0; s < 16; s++) {
            timeNs[s] += thread.timeNs[s];
            sumNs[s] += thread.timeNs[s];
            count[s] += thread.count[s];
        }
    }

    private void check(FakeThread thread, ThreadUsage usage, Snapshot snapshot) {
        assertEquals(snapshot.atNs() - thread.startNs, usage.wallNs(), "wall time");
        assertEquals(thread.state, usage.state());
        for (ThreadState state : ThreadState.ALL) {
            int s = state.ordinal();
            assertEquals(thread.timeNs[s], usage.times().finishedNs(state));
            assertEquals(thread.count[s], usage.times().count(state));
            assertEquals(thread.maxNs[s], usage.times().maxNs(state));
            Distribution distribution = usage.distribution(state);
            if (distribution.count() != 0) {
                assertEquals(thread.count[s], distribution.count(), "own page " + state);
                assertEquals(thread.timeNs[s], distribution.sumNs());
                assertEquals(thread.maxNs[s], distribution.maxNs());
            } else {
                assertTrue(thread.count[s] == 0 || usage.sharesPages(), "counts are in a shared page");
            }
        }
    }

    private static void checkNothingWentDown(Snapshot before, Snapshot now) {
        Map<String, PoolUsage> pools = new HashMap<>();
        now.pools().forEach(pool -> pools.put(pool.pool(), pool));
        for (PoolUsage old : before.pools()) {
            PoolUsage pool = pools.get(old.pool());
            assertTrue(pool.ended() >= old.ended());
            for (ThreadState state : ThreadState.ALL) {
                assertTrue(pool.times().timeNs(state) >= old.times().timeNs(state));
                assertTrue(pool.times().count(state) >= old.times().count(state));
                assertTrue(pool.times().maxNs(state) >= old.times().maxNs(state));
                assertTrue(pool.distribution(state).count() >= old.distribution(state).count());
                assertTrue(pool.distribution(state).sumNs() >= old.distribution(state).sumNs());
                assertTrue(pool.distribution(state).maxNs() >= old.distribution(state).maxNs());
            }
        }
    }
}
