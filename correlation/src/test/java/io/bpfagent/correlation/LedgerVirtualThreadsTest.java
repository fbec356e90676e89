package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ContextTotal;
import io.bpfagent.records.RecordLayouts.PageNumbers;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerVirtualThreadsTest {
    private static final int STRIPES = 2;

    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final Ledger ledger = kernel.ledger(live -> Map.of());
    private final ByteBuffer totals = direct(STRIPES * ContextSizes.CONTEXT_NODES * ContextTotal.SIZE);
    private final FakeCarriers carriers = new FakeCarriers();

    /** What carriers have counted. */
    private static final class FakeCarriers implements CarrierTimes {
        private final Map<EventMetric, long[]> counted = new HashMap<>();
        private long lost;

        void count(EventMetric metric, long ns) {
            long[] numbers = counted.computeIfAbsent(metric, any -> new long[NUMBERS]);
            numbers[Buckets.indexOf(ns)]++;
            numbers[Buckets.COUNT] += ns;
            numbers[Buckets.COUNT + 1] = Math.max(numbers[Buckets.COUNT + 1], ns);
        }

        @Override
        public void read(EventMetric metric, long[] into) {
            System.arraycopy(counted.getOrDefault(metric, new long[NUMBERS]), 0, into, 0, NUMBERS);
        }

        @Override
        public long lost() {
            return lost;
        }

        @Override
        public String nameOf(long id) {
            return id == 42 ? "answer" : null;
        }
    }

    LedgerVirtualThreadsTest() {
        ledger.follow(carriers, new ContextMemory(direct(8 * ContextSlot.SIZE),
                RecordArray.of(totals, ContextTotal.SIZE), STRIPES));
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** count_for_node, of node 0. */
    private void pin(int stripe, ThreadState state, long ns) {
        int at = stripe * ContextSizes.CONTEXT_NODES * ContextTotal.SIZE + state.ordinal() * StateTotals.SIZE;
        totals.putLong(at + StateTotals.TIME_NS, totals.getLong(at + StateTotals.TIME_NS) + ns);
        totals.putLong(at + StateTotals.MAX_NS, Math.max(totals.getLong(at + StateTotals.MAX_NS), ns));
        totals.putInt(at + StateTotals.COUNT, totals.getInt(at + StateTotals.COUNT) + 1);
        int page = Words.getShort(totals, at + StateTotals.PAGE);
        if (page == PageNumbers.PAGE_NONE) {
            page = kernel.take(SupplyKind.SUPPLY_PAGES);
            totals.putShort(at + StateTotals.PAGE, (short) page);
        }
        kernel.count(page, ns);
    }

    @Test
    void whatCarriersCountIsAHistogram() {
        carriers.count(EventMetric.VIRTUAL_RUNNABLE, 5_000);
        carriers.count(EventMetric.VIRTUAL_RUNNABLE, 7_000_000);
        carriers.count(EventMetric.VIRTUAL_MOUNTED, 100);
        Snapshot first = ledger.read();
        Distribution runnable = first.total(EventMetric.VIRTUAL_RUNNABLE);
        assertEquals(2, runnable.count());
        assertEquals(7_005_000, runnable.sumNs());
        assertEquals(7_000_000, runnable.maxNs());
        assertEquals(1, first.events().of(EventMetric.VIRTUAL_MOUNTED).count());
        assertSame(first.events(), ledger.read().events(), "the same as long as nothing is counted");
        carriers.count(EventMetric.VIRTUAL_RUNNABLE, 300);
        Snapshot second = ledger.read();
        assertEquals(3, second.events().of(EventMetric.VIRTUAL_RUNNABLE).count());
        assertEquals(300, second.minus(first).events().of(EventMetric.VIRTUAL_RUNNABLE).sumNs());
    }

    @Test
    void blockedCarriersAreToldApartByReason() {
        pin(0, ThreadState.BLOCKED_DISK, 3_000_000);
        pin(1, ThreadState.BLOCKED_DISK, 5_000_000);
        pin(1, ThreadState.BLOCKED_PARK, 200_000);
        EventUsage events = ledger.read().events();
        assertEquals(List.of("blocked_park", "blocked_disk"),
                List.copyOf(events.byName(EventMetric.VIRTUAL_PINNED).keySet()), "in the order of states");
        Distribution disk = events.byName(EventMetric.VIRTUAL_PINNED).get("blocked_disk");
        assertEquals(2, disk.count());
        assertEquals(8_000_000, disk.sumNs());
        assertEquals(5_000_000, disk.maxNs());
        assertEquals(3, events.of(EventMetric.VIRTUAL_PINNED).count());
        pin(0, ThreadState.BLOCKED_DISK, 1_000_000);
        assertEquals(4, ledger.read().events().of(EventMetric.VIRTUAL_PINNED).count());
    }

    @Test
    void whatIsLostIsANumber() {
        carriers.lost = 7;
        assertEquals(7, ledger.read().losses().get(Loss.VIRTUAL_THREADS_WITHOUT_PLACE));
    }

    @Test
    void virtualThreadsHaveNamesAsFarAsTheyAreKnown() {
        assertEquals("answer", ledger.nameOfVirtual(42));
        assertTrue(ledger.nameOfVirtual(43) == null);
    }
}
