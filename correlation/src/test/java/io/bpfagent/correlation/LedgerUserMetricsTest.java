package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.UserMetric.Values;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Metrics that come and go, one after the other in the same slot of the kernel's. */
class LedgerUserMetricsTest {
    private static final int SLOT = RecordSizes.FIRST_USER_METRIC;
    private static final int SUPPLIED = 32;

    private final FakeKernel kernel = new FakeKernel(8, SUPPLIED);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);
    private long number;

    private FakeThread thread(String name) {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, name);
        return thread;
    }

    private UserMetric add(int slot, String name) {
        UserMetric metric = new UserMetric(slot, name, Values.TIMES, ++number);
        ledger.add(metric);
        return metric;
    }

    /** As the agent does it: read, take the pages from the rows, forget. */
    private void remove(UserMetric metric) {
        ledger.read();
        kernel.forgetRows(metric.slot());
        ledger.forget(metric);
    }

    private static PoolUsage pool(Snapshot snapshot, String name) {
        return snapshot.pools().stream().filter(pool -> pool.pool().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void countsForThreadPoolAndProcess() {
        UserMetric metric = add(SLOT, "lookups");
        FakeThread thread = thread("reader-1");
        kernel.metric(thread, SLOT, 5_000_000);
        kernel.metric(thread, SLOT, 7_000_000);
        Snapshot snapshot = ledger.read();
        assertEquals(12_000_000, snapshot.threads().get(0).distribution(metric).sumNs());
        assertEquals(7_000_000, pool(snapshot, "reader-#").distribution(metric).maxNs());
        assertEquals(2, snapshot.total(metric).count());
        kernel.metric(thread, SLOT, 1_000_000);
        assertEquals(1_000_000, ledger.read().minus(snapshot).total(metric).sumNs());
    }

    @Test
    void isKnownByItselfAndNotByItsSlot() {
        UserMetric first = add(SLOT, "lookups");
        FakeThread thread = thread("reader-1");
        kernel.metric(thread, SLOT, 5_000_000);
        Snapshot before = ledger.read();
        remove(first);
        UserMetric second = add(SLOT, "lookups");
        kernel.metric(thread, SLOT, 3_000_000);
        Snapshot after = ledger.read();
        assertEquals(5_000_000, before.total(first).sumNs());
        assertSame(Distribution.EMPTY, before.total(second));
        assertSame(Distribution.EMPTY, after.total(first));
        assertEquals(3_000_000, after.total(second).sumNs());
        // An interval that began before there was the second, and before the first had gone.
        assertEquals(3_000_000, after.minus(before).total(second).sumNs());
        assertEquals(3_000_000, after.minus(before).threads().get(0).distribution(second).maxNs());
        assertSame(Distribution.EMPTY, after.minus(before).total(first));
    }

    @Test
    void givesThePagesOfOneThatIsGoneToOthers() {
        FakeThread thread = thread("reader-1");
        for (int time = 0; time < 10 * SUPPLIED; time++) {
            UserMetric metric = add(SLOT + time % RecordSizes.USER_METRICS, "probe_" + time);
            kernel.metric(thread, metric.slot(), 1_000 + time);
            Snapshot snapshot = ledger.read();
            assertEquals(1, snapshot.threads().get(0).distribution(metric).count(), "time " + time);
            assertEquals(1_000 + time, snapshot.total(metric).maxNs());
            remove(metric);
        }
        assertEquals(0, ledger.read().losses().get(Loss.EVENTS_WITHOUT_PAGE));
    }

    @Test
    void startsAnewWhereThereWasNoPageForAThread() {
        UserMetric first = add(SLOT, "first");
        FakeThread thread = thread("reader-1");
        while (kernel.take(SupplyKind.SUPPLY_PAGES) >= 0) {
            // none is left
        }
        kernel.metric(thread, SLOT, 5_000_000);
        assertEquals(5_000_000, ledger.read().total(first).maxNs());
        remove(first);
        UserMetric second = add(SLOT, "second");
        assertSame(Distribution.EMPTY, ledger.read().total(second));
        kernel.metric(thread, SLOT, 64);
        Distribution counted = ledger.read().total(second);
        assertEquals(1, counted.count());
        assertEquals(64, counted.sumNs());
        assertEquals(64, counted.maxNs());
    }

    /** Whatever comes and goes, each probe has what was counted of it, and nothing else. */
    @Test
    void mixesNothingWhateverComesAndGoes() {
        Random random = new Random(23);
        List<FakeThread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(thread("reader-" + i));
        }
        UserMetric[] metrics = new UserMetric[RecordSizes.USER_METRICS];
        long[] counts = new long[metrics.length];
        long[] sums = new long[metrics.length];
        for (int step = 0; step < 5_000; step++) {
            int i = random.nextInt(metrics.length);
            if (metrics[i] == null) {
                metrics[i] = add(SLOT + i, "probe_" + step);
                counts[i] = 0;
                sums[i] = 0;
            } else if (random.nextInt(20) == 0) {
                remove(metrics[i]);
                metrics[i] = null;
            } else {
                long value = random.nextInt(1_000_000);
                kernel.metric(threads.get(random.nextInt(threads.size())), metrics[i].slot(), value);
                counts[i]++;
                sums[i] += value;
            }
            if (random.nextInt(10) == 0) {
                Snapshot snapshot = ledger.read();
                for (int m = 0; m < metrics.length; m++) {
                    if (metrics[m] != null) {
                        assertEquals(counts[m], snapshot.total(metrics[m]).count(), "step " + step);
                        assertEquals(sums[m], snapshot.total(metrics[m]).sumNs(), "step " + step);
                    }
                }
            }
        }
        assertTrue(number > 50, "probes came and went: " + number);
    }

    @Test
    void refusesASlotThatIsAnotherMetricsOwn() {
        assertThrows(IllegalArgumentException.class, () -> new UserMetric(SLOT - 1, "x", Values.COUNTS, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new UserMetric(SLOT + RecordSizes.USER_METRICS, "x", Values.COUNTS, 1));
    }
}
