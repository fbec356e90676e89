package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PowersOfTwoTest {
    private static final List<String> PRINTED = List.of(
            "Tracing block device I/O... Hit Ctrl-C to end.",
            "flags = Idle-Sync-Read",
            "     usecs               : count    distribution",
            "         0 -> 1          : 0        |                                        |",
            "         2 -> 3          : 7        |****************************************|",
            "         4 -> 7          : 1        |*****                                   |",
            "flags = Sync-Write",
            "     usecs               : count    distribution",
            "         4 -> 7          : 23       |****************************************|");
    private static final PowersOfTwo EIGHT = PowersOfTwo.of(PRINTED, heading -> heading.endsWith("Read"));

    @Test
    void readsWhatTheToolsPrint() {
        assertEquals(Map.of(0L, 0L, 2L, 7L, 4L, 24L), PowersOfTwo.of(PRINTED).counts());
        assertEquals(Map.of(0L, 0L, 2L, 7L, 4L, 1L), EIGHT.counts());
        assertEquals(8, EIGHT.count());
        assertEquals(2, EIGHT.medianFromUs());
        assertEquals(4, PowersOfTwo.of(PRINTED).medianFromUs());
    }

    @Test
    void asManyAndAsLongIsAgreed() {
        assertDoesNotThrow(() -> values(3_000, 8).assertAsManyAndAsLong("these", EIGHT));
        assertDoesNotThrow(() -> values(4_800, 8).assertAsManyAndAsLong("at the border", EIGHT));
    }

    @Test
    void moreOrLongerIsNot() {
        assertThrows(AssertionError.class, () -> values(3_000, 9).assertAsManyAndAsLong("more", EIGHT));
        assertThrows(AssertionError.class, () -> values(7_000, 8).assertAsManyAndAsLong("longer", EIGHT));
        assertThrows(AssertionError.class, () -> values(1_900, 31)
                .assertAsManyAndAsLong("shorter", PowersOfTwo.of(PRINTED)));
        assertThrows(AssertionError.class, () -> Values.assertWithinFivePercent("none", 0, 0));
    }

    private static Values values(long ns, long count) {
        return new Values(new TreeMap<>(Map.of(ns, count)));
    }
}
