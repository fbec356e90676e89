package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.CostGuard.Verdict;
import io.bpfagent.report.Cost;
import io.bpfagent.report.Cost.Window;
import io.bpfagent.report.ProbeCost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of a second, one after the other. */
final class CostGuardTest {
    private static final long SECOND = 1_000_000_000L;

    private final CostGuard guard = new CostGuard(new MaxCost(0.05, true));
    private long seconds = 100;

    private static ProbeCost probe(String name, boolean optional, boolean on, long ns) {
        return probe(name, "usdt", optional, true, on, ns);
    }

    private static ProbeCost probe(String name, String kind, boolean optional, boolean asked, boolean on, long ns) {
        return new ProbeCost(name, kind, 2, optional, asked, on, "", List.of(), ns / 1000, SECOND, ns / 1000, 1000,
                Cost.KnownBy.CALIBRATION);
    }

    /** One second in which the host took so much of a CPU, the agent's threads and its probes so much of that. */
    private Verdict second(double hostCpus, double threads, ProbeCost... probes) {
        seconds++;
        double ns = 0;
        for (ProbeCost probe : probes) {
            ns += probe.ns();
        }
        return guard.look(seconds * SECOND, new Window(SECOND, Math.round(hostCpus * SECOND),
                Math.round(threads * SECOND), Math.round(ns), -1), List.of(probes));
    }

    @Test
    void turnsOffTheDearestAfterTenSecondsAndThenTheNext() {
        ProbeCost base = probe("sched_switch", false, true, 50_000_000);
        ProbeCost park = probe("park", true, true, 40_000_000);
        ProbeCost calls = probe("calls", true, true, 20_000_000);
        List<Integer> acted = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            if (second(1, 0.002, base, park, calls) == Verdict.TURN_OFF) {
                acted.add(i);
                assertEquals("park", guard.dearest().name());
            }
        }
        assertEquals(List.of(10), acted);
        acted.clear();
        for (int i = 1; i <= 10; i++) {
            if (second(1, 0.002, base, probe("park", true, false, 0), calls) == Verdict.TURN_OFF) {
                acted.add(i);
                assertEquals("calls", guard.dearest().name());
            }
        }
        assertEquals(List.of(10), acted);
    }

    @Test
    void turnsOffTheNextWhereTheDearestCannotBe() {
        ProbeCost park = probe("park", true, true, 60_000_000);
        ProbeCost calls = probe("calls", true, true, 20_000_000);
        List<String> tried = new ArrayList<>();
        for (int i = 1; i <= 80; i++) {
            if (second(1, 0, park, calls) == Verdict.TURN_OFF) {
                tried.add(i + " " + guard.dearest().name());
                guard.spare(guard.dearest().name(), seconds * SECOND);
            }
        }
        assertEquals(List.of("10 park", "20 calls", "70 park", "80 calls"), tried);
    }

    @Test
    void doesNothingWhenItWasBelowOnce() {
        ProbeCost park = probe("park", true, true, 60_000_000);
        for (int i = 0; i < 50; i++) {
            assertEquals(Verdict.NONE, i % 9 == 8 ? second(2, 0, park) : second(1, 0, park), "second " + i);
        }
    }

    @Test
    void saysOnceThatNothingWouldHelp() {
        ProbeCost base = probe("sched_switch", false, true, 90_000_000);
        ProbeCost small = probe("calls", true, true, 4_000_000);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            verdicts.add(second(1, 0.001, base, small));
        }
        assertEquals(9, verdicts.indexOf(Verdict.BASE_IS_OVER));
        assertEquals(9, verdicts.lastIndexOf(Verdict.BASE_IS_OVER));
        assertFalse(verdicts.contains(Verdict.TURN_OFF));
        assertTrue(guard.isBaseOver());
        second(10, 0.001, base, small);
        assertFalse(guard.isBaseOver());
    }

    /** Of nothing everything is a large part. */
    @Test
    void takesAHostThatDoesNothingForOneThatDoesALittle() {
        for (int i = 0; i < 30; i++) {
            assertEquals(Verdict.NONE, second(0.004, 0.003, probe("park", true, true, 1_000_000)));
        }
        assertEquals(0.02, guard.share(), 0.001);
    }

    @Test
    void allowsEverythingWithoutALimitAndBeginsAnewWithAnother() {
        ProbeCost park = probe("park", true, true, 600_000_000);
        guard.allow(new MaxCost(0, true));
        for (int i = 0; i < 30; i++) {
            assertEquals(Verdict.NONE, second(1, 0, park));
        }
        guard.allow(new MaxCost(0.5, true));
        for (int i = 1; i < 10; i++) {
            assertEquals(Verdict.NONE, second(1, 0, park), "second " + i);
        }
        assertEquals(Verdict.TURN_OFF, second(1, 0, park));
    }

    @Test
    void ofWhatNobodyAskedForTurnsTrapsOffThatLeaveNoOnePercent() {
        guard.allow(MaxCost.DEFAULT);
        ProbeCost base = probe("sched_switch", false, true, 8_000_000);
        ProbeCost disks = probe("disks", "tp_btf", true, false, true, 9_000_000);
        ProbeCost reads = probe("transfers", "uprobe", true, true, true, 9_000_000);
        ProbeCost opens = probe("opens", "uprobe", true, false, true, 4_000_000);
        ProbeCost calls = probe("calls", "uprobe", true, false, true, 2_900_000);
        List<String> acted = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            Verdict verdict = second(3, 0.002, base, disks, reads, opens, calls);
            if (verdict != Verdict.NONE) {
                acted.add(i + " " + verdict + " " + guard.dearest().name());
                opens = probe("opens", "uprobe", true, false, false, 0);
            }
        }
        assertEquals(List.of("10 TURN_OFF_UNASKED opens"), acted, "another would be less than a tenth of that");
    }

    @Test
    void leavesThemWhereItTakesLessThanOnePercentOfHalfACpuOrIsToldWhatItMayTake() {
        ProbeCost opens = probe("opens", "uprobe", true, false, true, 3_800_000);
        guard.allow(MaxCost.DEFAULT);
        for (int i = 0; i < 30; i++) {
            assertEquals(Verdict.NONE, second(0.1, 0.001, opens), "5 % of a JVM that does little");
        }
        ProbeCost more = probe("opens", "uprobe", true, false, true, 4_200_000);
        for (int i = 1; i < 10; i++) {
            assertEquals(Verdict.NONE, second(0.5, 0.001, more), "second " + i);
        }
        assertEquals(Verdict.TURN_OFF_UNASKED, second(0.5, 0.001, more));
        guard.allow(new MaxCost(0.05, true));
        for (int i = 0; i < 30; i++) {
            assertEquals(Verdict.NONE, second(1, 0.01, opens));
        }
    }
}
