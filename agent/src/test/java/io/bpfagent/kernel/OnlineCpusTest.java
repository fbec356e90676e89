package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OnlineCpusTest {
    @Test
    void readsListsAndRanges() {
        assertEquals("{0}", OnlineCpus.parse("0", 8).toString());
        assertEquals("{0, 1, 2, 5, 7, 8}", OnlineCpus.parse("0-2,5,7-8", 16).toString());
    }

    @Test
    void leavesOutWhatTheKernelCannotHave() {
        assertEquals("{0, 1, 2, 3}", OnlineCpus.parse("0-1023", 4).toString());
    }

    @Test
    void masksHaveRoomForAllThatThereCanBe() {
        assertEquals(4, OnlineCpus.ofMask("\t3"));
        assertEquals(32, OnlineCpus.ofMask("\t0000000f"));
        assertEquals(40, OnlineCpus.ofMask("\tff,ffffffff"));
    }

    /** Else all CPUs but one would be unseen, and two could add to one sum at the same time. */
    @Test
    void thereAreNoFewerWhereThereIsNoSys() {
        int possible = OnlineCpus.possible(-2);
        assertTrue(possible >= OnlineCpus.now(1 << 13).length(), "possible: " + possible);
        assertTrue(possible <= 1 << 13, "possible: " + possible);
        assertEquals(3, OnlineCpus.possible(3));
    }

    @Test
    void hasTheOneThatItRunsOn() {
        assertFalse(OnlineCpus.now(1024).isEmpty());
    }
}
