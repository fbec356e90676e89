package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Supply;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import org.junit.jupiter.api.Test;

class SuppliesTest {
    private static final int FIRST = RecordSizes.FIRST_SUPPLIED_PAGE;

    private final FakeKernel kernel = new FakeKernel(8, 100);
    private final Supplies supplies = new Supplies(kernel.memory());

    @Test
    void giveThreeQuartersOfThePagesToThreads() {
        supplies.supplyAll();
        assertEquals(8, kernel.free(SupplyKind.SUPPLY_ROWS));
        assertEquals(75, kernel.free(SupplyKind.SUPPLY_PAGES));
        assertEquals(25, kernel.free(SupplyKind.SUPPLY_SHARED_PAGES));
        assertEquals(FIRST, Words.getShort(kernel.supplies, kernel.supplyAt(SupplyKind.SUPPLY_PAGES) + Supply.ITEMS));
        assertEquals(FIRST + 75, Words.getShort(kernel.supplies,
                kernel.supplyAt(SupplyKind.SUPPLY_SHARED_PAGES) + Supply.ITEMS));
    }

    @Test
    void fillTheRingAtMost() {
        FakeKernel largest = new FakeKernel(KernelMemory.MAX_ROWS,
                KernelMemory.MAX_PAGES - RecordSizes.FIRST_SUPPLIED_PAGE);
        new Supplies(largest.memory()).supplyAll();
        assertEquals(KernelMemory.MAX_ROWS, largest.free(SupplyKind.SUPPLY_ROWS));
        assertEquals(KernelMemory.MAX_PAGES - RecordSizes.FIRST_SUPPLIED_PAGE,
                largest.free(SupplyKind.SUPPLY_PAGES) + largest.free(SupplyKind.SUPPLY_SHARED_PAGES));
    }

    @Test
    void goOnWhereTheNumbersBeginAgain() {
        kernel.supplies.putInt(Supply.HEAD, -1);
        kernel.supplies.putInt(Supply.TAIL, -1);
        SupplyRing ring = new SupplyRing(kernel.memory().supplies(), SupplyKind.SUPPLY_ROWS);
        ring.put(5);
        ring.put(6);
        assertEquals(2, ring.free());
        assertEquals(5, Words.getShort(kernel.supplies, Supply.ITEMS + (kernel.items - 1) * 2));
        assertEquals(6, Words.getShort(kernel.supplies, Supply.ITEMS));
    }

    @Test
    void takeNothingBeyondAFullRing() {
        for (int i = 0; i < 40_000; i++) {
            supplies.rows().put(1);
        }
        assertEquals(kernel.items, kernel.free(SupplyKind.SUPPLY_ROWS));
    }

    @Test
    void knowWhoseAPageIs() {
        assertTrue(supplies.own(FIRST + 4, 3));
        assertTrue(supplies.own(FIRST + 4, 3));
        assertFalse(supplies.own(FIRST + 4, 4), "another's");
        assertFalse(supplies.own(15, 4), "an overflow page");
        assertFalse(supplies.own(FIRST - 1, 4), "a disk's");
        assertFalse(supplies.own(FIRST + 75, 4), "a page for pools");
        assertFalse(supplies.own(60_000, 4), "no page");
        supplies.release(FIRST + 4);
        assertTrue(supplies.own(FIRST + 4, 4));
    }
}
