package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PausePaceTest {
    private static final long MS = 1_000_000;
    private static final long HOUR = 3_600_000 * MS;

    @Test
    void showsPausesWithinASecond() {
        assertFalse(PausePace.isDue(false, 750 * MS - 1, HOUR));
        assertTrue(PausePace.isDue(false, 750 * MS, HOUR));
    }

    @Test
    void leavesThemToTheIntervalThatIsSoonOver() {
        assertTrue(PausePace.isDue(false, 800 * MS, 250 * MS + 1));
        assertFalse(PausePace.isDue(false, 800 * MS, 250 * MS));
    }

    /** Of 256 places, in whatever is left of the interval. */
    @Test
    void doesNotLetACrowdWait() {
        assertFalse(PausePace.isDue(true, 100 * MS - 1, HOUR));
        assertTrue(PausePace.isDue(true, 100 * MS, HOUR));
        assertTrue(PausePace.isDue(true, 100 * MS, 1));
    }
}
