package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.OperationName;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerEventsTest {
    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final Ledger ledger = kernel.ledger(live -> Map.of());

    @Test
    void countsEachEventOnce() {
        for (int i = 0; i < 23; i++) {
            kernel.event(EventMetric.GC_PAUSE, 1_000_000 + i);
            if (i % 5 == 0) {
                ledger.read();
            }
        }
        Distribution pauses = ledger.read().total(EventMetric.GC_PAUSE);
        assertEquals(23, pauses.count());
        assertEquals(23 * 1_000_000L + 23 * 22 / 2, pauses.sumNs());
        assertEquals(1_000_022, pauses.maxNs(), "exact, not a bucket's bound");
        assertSame(Distribution.EMPTY, ledger.read().total(EventMetric.SAFEPOINT));
    }

    @Test
    void tellsOperationsApartByTheirNames() {
        kernel.nameOperation(40, "G1CollectForAllocation");
        kernel.operation(40, 5_000);
        ledger.read();
        kernel.nameOperation(3, "ThreadDump");
        kernel.operation(3, 700);
        kernel.operation(40, 6_000);
        EventUsage events = ledger.read().events();
        assertEquals(List.of("G1CollectForAllocation", "ThreadDump"), List.copyOf(events.operations().keySet()));
        assertEquals(2, events.ofOperation("G1CollectForAllocation").count());
        assertEquals(11_000, events.ofOperation("G1CollectForAllocation").sumNs());
        assertEquals(700, events.ofOperation("ThreadDump").maxNs());
        assertEquals(3, events.of(EventMetric.VM_OPERATION).count());
    }

    @Test
    void addsUpOperationsOfTheSameName() {
        kernel.nameOperation(1, "Cleanup");
        kernel.nameOperation(2, "Cleanup");
        kernel.operation(1, 100);
        kernel.operation(2, 300);
        Distribution both = ledger.read().events().ofOperation("Cleanup");
        assertEquals(2, both.count());
        assertEquals(400, both.sumNs());
        assertEquals(300, both.maxNs());
    }

    @Test
    void leavesOutAnOperationWithoutItsNameYet() {
        kernel.operation(7, 100);
        assertEquals(0, ledger.read().events().operations().size());
        kernel.nameOperation(7, "HandshakeAllThreads");
        assertEquals(1, ledger.read().events().ofOperation("HandshakeAllThreads").count());
    }

    @Test
    void makesANameOfWhateverStandsThere() {
        kernel.nameOperation(1, "a\u001b[2J b\u00e4");
        kernel.operation(1, 1);
        kernel.nameOperation(2, "");
        kernel.operation(2, 1);
        kernel.nameOperation(3, "x".repeat(RecordSizes.OPERATION_NAME_BYTES));
        kernel.globals.put(Globals.OPERATIONS + 3 * OperationName.SIZE + OperationName.LENGTH, (byte) 255);
        kernel.operation(3, 1);
        assertEquals(List.of("a?[2J b??", "unknown", "x".repeat(47)),
                List.copyOf(ledger.read().events().operations().keySet()));
    }

    @Test
    void costsNothingAsLongAsNothingIsCounted() {
        assertSame(EventUsage.NONE, ledger.read().events());
        kernel.event(EventMetric.CLASS_INIT, 100);
        EventUsage first = ledger.read().events();
        assertSame(first, ledger.read().events());
        kernel.event(EventMetric.CLASS_INIT, 100);
        assertNotSame(first, ledger.read().events());
        assertEquals(1, first.of(EventMetric.CLASS_INIT).count(), "an old snapshot stays as it was");
    }

    @Test
    void givesTheIntervalBetweenTwo() {
        kernel.nameOperation(0, "ZMarkStart");
        kernel.operation(0, 4_000);
        Snapshot earlier = ledger.read();
        kernel.operation(0, 100);
        EventUsage interval = ledger.read().minus(earlier).events();
        assertEquals(1, interval.of(EventMetric.VM_OPERATION).count());
        assertEquals(100, interval.ofOperation("ZMarkStart").sumNs());
    }

    @Test
    void keepsBytesAsTheKernelCountsThem() {
        kernel.event(EventMetric.OBJECT_ALLOC, 24 << Buckets.UNIT_SHIFT);
        Distribution sizes = ledger.read().total(EventMetric.OBJECT_ALLOC);
        assertEquals(24, sizes.sumNs() >> Buckets.UNIT_SHIFT);
        assertEquals(24, sizes.percentileNs(50) >> Buckets.UNIT_SHIFT);
    }
}
