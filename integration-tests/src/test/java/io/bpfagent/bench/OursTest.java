package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ThreadState;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OursTest {
    @Test
    void spineHasAllStatesAndNoOtherMetric() {
        String states = ThreadState.ALL.stream().map(ThreadState::metric).collect(Collectors.joining("+"));
        assertTrue(Ours.SPINE.startsWith("metrics=" + states + ","), states);
    }
}
