package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.bench.ProgramCounters.Counter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerCostTest {
    private static final double TOLERANCE = 1e-9;

    @Test
    void costIsPerRunOfTheProgramsThatAreIts() {
        Map<Integer, Counter> before = Map.of(1, new Counter("sched_switch", 10, 1_000),
                2, new Counter("sched_wakeup", 5, 100),
                3, new Counter("sched_wakeup_new", 0, 0), 4, new Counter("sched_switch", 0, 0));
        Map<Integer, Counter> after = Map.of(1, new Counter("sched_switch", 20, 2_500),
                2, new Counter("sched_wakeup", 10, 500),
                3, new Counter("sched_wakeup_new", 1, 9_000), 4, new Counter("sched_switch", 10, 7_000));
        SchedulerCost cost = SchedulerCost.between(Set.of(1, 2, 3), before, after);
        assertEquals(150, cost.change(), TOLERANCE);
        assertEquals(80, cost.wake(), TOLERANCE);
        assertEquals(230, cost.sum(), TOLERANCE);
    }

    @Test
    void whoWatchesOnlySwitchesHasNoWakeUps() {
        SchedulerCost cost = SchedulerCost.between(Set.of(1), Map.of(1, new Counter("handle_switch", 0, 0)),
                Map.of(1, new Counter("handle_switch", 2, 100)));
        assertTrue(Double.isNaN(cost.wake()));
        assertEquals(50, cost.sum(), TOLERANCE);
    }

    @Test
    void whatDidNotRunHasNoCost() {
        Map<Integer, Counter> same = Map.of(1, new Counter("sched_switch", 2, 100));
        assertTrue(Double.isNaN(SchedulerCost.between(Set.of(1, 2), same, same).sum()));
    }
}
