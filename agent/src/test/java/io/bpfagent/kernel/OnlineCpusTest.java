package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
    void hasTheOneThatItRunsOn() {
        assertFalse(OnlineCpus.now(1024).isEmpty());
    }
}
