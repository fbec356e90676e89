package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VirtualRowsTest {
    private final VirtualRows rows = new VirtualRows();

    @Test
    void keepsTheLastRow() {
        assertEquals(VirtualRows.UNKNOWN, rows.find(17));
        assertEquals(3, rows.enter(17, 3));
        assertEquals(3, rows.find(17));
        assertEquals(0, rows.enter(17, 0));
        assertEquals(0, rows.find(17));
        assertEquals(VirtualRows.NO_ROW, rows.enter(17, VirtualRows.NO_ROW));
        assertEquals(VirtualRows.NO_ROW, rows.find(17));
        assertEquals(VirtualRows.UNKNOWN, rows.find(18));
    }

    @Test
    void fourThatShareAPlaceAreAllKnown() {
        for (int i = 0; i < VirtualRows.TRIES; i++) {
            rows.enter(17 + (long) i * VirtualRows.PLACES, i);
        }
        for (int i = 0; i < VirtualRows.TRIES; i++) {
            assertEquals(i, rows.find(17 + (long) i * VirtualRows.PLACES));
        }
        long fifth = 17 + (long) VirtualRows.TRIES * VirtualRows.PLACES;
        rows.enter(fifth, 9);
        assertEquals(9, rows.find(fifth));
        assertEquals(VirtualRows.UNKNOWN, rows.find(17), "it gave way");
        assertEquals(1, rows.find(17 + VirtualRows.PLACES));
    }

    @Test
    void whoLeavesMakesRoom() {
        for (int i = 0; i < 100_000; i++) {
            rows.enter(i + 1, 3);
            rows.enter(i + 1 + VirtualRows.PLACES, 4);
            assertEquals(3, rows.find(i + 1));
            rows.leave(i + 1);
            rows.leave(i + 1 + VirtualRows.PLACES);
            assertEquals(VirtualRows.UNKNOWN, rows.find(i + 1));
        }
        rows.leave(17);
    }

    @Test
    void isOfUseAfterTheFirstMountOnly() {
        rows.enter(17, 3);
        assertFalse(rows.hasMounts());
        rows.mounts();
        assertTrue(rows.hasMounts());
    }
}
