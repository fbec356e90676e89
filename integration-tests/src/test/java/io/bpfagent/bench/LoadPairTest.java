package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.bench.LoadPair.Comparison;
import io.bpfagent.bench.LoadPair.Found;
import org.junit.jupiter.api.Test;

class LoadPairTest {
    private static final double TOLERANCE = 1e-9;

    @Test
    void whatTheJvmsDifferByIsNoCost() {
        // In the second JVM all programs take twice as long.
        Found there = new Found(new SchedulerCost(40, 60), new SchedulerCost(80, 120));
        Found back = new Found(new SchedulerCost(80, 120), new SchedulerCost(40, 60));
        assertEquals(0, Comparison.of(there, back).percent(), TOLERANCE);
    }

    @Test
    void meansAreOverBothJvmsAndTheShareIsOfTheSum() {
        Found there = new Found(new SchedulerCost(44, 66), new SchedulerCost(40, 60));
        Found back = new Found(new SchedulerCost(88, 132), new SchedulerCost(80, 120));
        Comparison found = Comparison.of(there, back);
        assertEquals(10, found.percent(), TOLERANCE);
        assertEquals(new SchedulerCost(66, 99), found.one());
        assertEquals(new SchedulerCost(60, 90), found.other());
    }
}
