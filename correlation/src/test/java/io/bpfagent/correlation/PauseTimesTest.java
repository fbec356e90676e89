package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PauseTimesTest {
    @Test
    void givesTheTimeOfEachState() {
        long[] ns = new long[16];
        ns[0] = 5;
        ns[7] = 0;
        ns[11] = 300;
        ns[15] = 2;
        PauseTimes times = PauseTimes.of(ns);
        ns[0] = 99;
        for (ThreadState state : ThreadState.ALL) {
            assertEquals(state.ordinal() == 0 ? 5 : ns[state.ordinal()], times.timeNs(state), state.metric());
        }
        assertEquals(307, times.wallNs());
        assertEquals("PauseTimes[running=5 ns blocked_disk=300 ns blocked_other=2 ns ]", times.toString());
        assertEquals(times, PauseTimes.of(5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 300, 0, 0, 0, 2));
    }

    @Test
    void isOneForNoTime() {
        assertSame(PauseTimes.ZERO, PauseTimes.of(new long[16]));
    }

    @Test
    void refusesWhatIsNoTime() {
        assertThrows(IllegalArgumentException.class, () -> PauseTimes.of(1, 2));
        assertThrows(IllegalArgumentException.class,
                () -> PauseTimes.of(0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }
}
