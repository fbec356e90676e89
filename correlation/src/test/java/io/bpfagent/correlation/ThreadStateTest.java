package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bpfagent.records.RecordLayouts;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThreadStateTest {
    @Test
    void hasTheNumbersOfTheRecords() throws Exception {
        assertEquals(RecordLayouts.RecordSizes.STATES, ThreadState.values().length);
        for (ThreadState state : ThreadState.values()) {
            assertEquals(state.ordinal(),
                    RecordLayouts.ThreadState.class.getField("STATE_" + state.name()).getInt(null));
            assertEquals(state, ThreadState.of(state.ordinal()));
        }
    }

    @Test
    void isFoundByItsMetric() {
        assertEquals("blocked_monitor", ThreadState.BLOCKED_MONITOR.metric());
        for (ThreadState state : ThreadState.values()) {
            assertEquals(Optional.of(state), Metrics.of(state.metric()));
        }
        assertEquals(Optional.empty(), Metrics.of("asleep"));
    }

    @Test
    void refusesANumberThatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> ThreadState.of(16));
        assertThrows(IllegalArgumentException.class, () -> ThreadState.of(-1));
    }
}
