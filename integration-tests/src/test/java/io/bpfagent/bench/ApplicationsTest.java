package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ApplicationsTest {
    private static final double TOLERANCE = 1e-9;
    private static final long SECOND_NS = 1_000_000_000;

    private static ApplicationHost.Work work(long done, long cpuNs) {
        return new ApplicationHost.Work(done, SECOND_NS, cpuNs, 0, 0);
    }

    @Test
    void whatTheTwoDifferByInAnyCaseIsNoCost() {
        // The first takes twice what the second takes, with and without.
        ApplicationPair.Works there = new ApplicationPair.Works(work(10, 2_000), work(10, 1_000));
        ApplicationPair.Works back = new ApplicationPair.Works(work(30, 9_000), work(20, 3_000));
        assertEquals(0, Applications.morePercent(there, back), TOLERANCE);
    }

    @Test
    void whatOneTakesMoreIsTheCostWhicheverItIs() {
        ApplicationPair.Works there = new ApplicationPair.Works(work(10, 1_020), work(10, 1_000));
        ApplicationPair.Works back = new ApplicationPair.Works(work(5, 1_000), work(10, 2_040));
        assertEquals(2, Applications.morePercent(there, back), TOLERANCE);
        assertEquals(100 * (1 / 1.02 - 1), Applications.morePercent(back, there), TOLERANCE);
    }
}
