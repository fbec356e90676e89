package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationsTest {
    private static final double TOLERANCE = 1e-9;
    private static final long SECOND_NS = 1_000_000_000;

    @Test
    void turnIsOfAllWindowsTogether() {
        Applications.Turn turn = Applications.Turn.of(List.of(
                new ApplicationHost.Work(100, SECOND_NS, 30_000_000, 0, 10_000_000, new CpuUse(1, 0)),
                new ApplicationHost.Work(500, 2 * SECOND_NS, 30_000_000, 0, 5_000_000, new CpuUse(1, 0))), 2);
        assertEquals(200, turn.perSecond(), TOLERANCE);
        assertEquals(100, turn.cpuUs(), TOLERANCE);
        assertEquals(0.5, turn.agentPercent(), TOLERANCE);
        assertEquals(0, turn.jitPercent(), TOLERANCE);
    }

    @Test
    void timeOfCompilersIsGivenBackToTheApplication() {
        // They had one of two CPUs for a tenth of the time: the application had 95 % of both.
        Applications.Turn turn = Applications.Turn.of(List.of(
                new ApplicationHost.Work(95, SECOND_NS, 1, SECOND_NS / 10, 0, new CpuUse(1, 0))), 2);
        assertEquals(100, turn.perSecond(), TOLERANCE);
        assertEquals(10, turn.jitPercent(), TOLERANCE);
    }
}
