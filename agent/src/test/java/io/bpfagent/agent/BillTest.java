package io.bpfagent.agent;

import static io.bpfagent.correlation.Snapshots.activity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.kernel.ProgramCost;
import io.bpfagent.kernel.ProgramStatistics;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.report.Cost.KnownBy;
import io.bpfagent.report.ProbeCost;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a hit is estimated at here: 100 ns, and 500 ns to get there. */
final class BillTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ProgramCost COST = new ProgramCost(100, 500);

    private final Bill bill = new Bill();

    private static ProgramUse use(String name, String key, long hits, long runs, long ns) {
        return new ProgramUse(name, "usdt", 2, true, true, true, "", List.of(name), hits, COST,
                runs == 0 ? ProgramStatistics.NONE : new ProgramStatistics(runs, ns, 0), key);
    }

    private static Snapshot at(long second, long hostMs, long agentMs) {
        return new Snapshots()
                .pool("worker-#", ThreadKind.JAVA, 1, 0,
                        activity().time(ThreadState.RUNNING, (hostMs - agentMs) * 1_000_000).time(ThreadState.RUNNABLE,
                        7))
                .pool("bpf-agent", ThreadKind.JAVA, 1, 0, activity().time(ThreadState.RUNNING, agentMs * 1_000_000))
                .at(second * SECOND, 0);
    }

    private ProbeCost probe(String name) {
        return bill.probes().stream().filter(probe -> probe.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void isTheThreadsTimesAndHitsTimesWhatOneIsEstimatedAt() {
        bill.add(at(10, 4_000, 300), List.of(use("park", "park", 1_000, 0, 0)), 5_000);
        bill.add(at(12, 5_000, 304), List.of(use("park", "park", 11_000, 0, 0)), 25_000);
        assertEquals(2 * SECOND, bill.window().wallNs());
        assertEquals(1_000_000_000, bill.window().hostCpuNs());
        assertEquals(4_000_000, bill.window().threadCpuNs());
        assertEquals(10_000 * 600, bill.window().programNs());
        assertEquals(0.01, bill.window().share(), 1e-9);
        assertEquals(10_000, bill.window().allocatedPerSecond());
        assertEquals(5_000, probe("park").hitsPerSecond());
        assertEquals(0.003, probe("park").cpuShare(), 1e-9);
        assertEquals(KnownBy.ESTIMATE, probe("park").knownBy());
        assertTrue(bill.wantsCalibration(0.002));
        assertFalse(bill.wantsCalibration(0.004));
        assertEquals(11_000 * 600, bill.toCost(1, 2, 3, 0.05, null).total().programNs());
    }

    @Test
    void takesWhatTheKernelMeasuresForEveryRunWhileItDoes() {
        bill.add(at(10, 4_000, 300), List.of(use("park", "park", 1_000, 5_000, 1_000_000)), -1);
        assertEquals(KnownBy.ESTIMATE, probe("park").knownBy(), "since when it measures is not known");
        bill.add(at(11, 5_000, 300), List.of(use("park", "park", 2_000, 9_000, 1_300_000)), -1);
        assertEquals(300 + 500, probe("park").nsPerHit(), "runs for others are on the bill, too");
        assertEquals(KnownBy.KERNEL, probe("park").knownBy());
        bill.add(at(12, 6_000, 300), List.of(use("park", "park", 3_000, 0, 0)), -1);
        assertEquals(600, probe("park").nsPerHit());
        assertEquals(-1, bill.window().allocatedPerSecond());
    }

    @Test
    void goesOnByWhatWasMeasuredForAMoment() {
        List<ProgramUse> from = List.of(use("base", "hotspot", 100, 0, 0), use("park", "hotspot", 1_000, 0, 0));
        // 500 runs were another process's, at 60 ns each; the statistics are those of both.
        List<ProgramUse> to = List.of(use("base", "hotspot", 200, 1_500, 230_000), use("park", "hotspot", 1_900, 0, 0));
        bill.calibrate(from, to);
        bill.add(at(10, 4_000, 300), from, -1);
        assertEquals(500 + 200, probe("park").nsPerHit());
        assertEquals(500 + 200, probe("base").nsPerHit());
        assertEquals(KnownBy.CALIBRATION, probe("base").knownBy());
        assertFalse(bill.wantsCalibration(0));
    }

    /** Runs were counted for a tenth of a second, and hits for five. */
    @Test
    void doesNotTakeItsOwnMeasurementsForThoseOfAllTheTime() {
        bill.add(at(10, 4_000, 300), List.of(use("park", "park", 0, 0, 0)), -1);
        bill.calibrate(List.of(use("park", "park", 0, 0, 0)), List.of(use("park", "park", 1_000, 1_000, 200_000)));
        bill.add(at(15, 5_000, 300), List.of(use("park", "park", 50_000, 1_000, 200_000)), -1);
        bill.add(at(20, 6_000, 300), List.of(use("park", "park", 100_000, 1_000, 200_000)), -1);
        bill.calibrate(List.of(use("park", "park", 100_000, 1_000, 200_000)),
                List.of(use("park", "park", 101_000, 2_000, 400_000)));
        bill.add(at(25, 7_000, 300), List.of(use("park", "park", 150_000, 2_000, 400_000)), -1);
        assertEquals(500 + 200, probe("park").nsPerHit());
        assertEquals(KnownBy.CALIBRATION, probe("park").knownBy());
    }

    @Test
    void believesTheKernelWhenItMeasuresForOthersSinceBeforeTheWindow() {
        bill.add(at(10, 4_000, 300), List.of(use("park", "park", 0, 0, 0)), -1);
        bill.calibrate(List.of(use("park", "park", 0, 0, 0)), List.of(use("park", "park", 1_000, 1_000, 200_000)));
        bill.add(at(15, 5_000, 300), List.of(use("park", "park", 50_000, 1_000, 200_000)), -1);
        bill.add(at(20, 6_000, 300), List.of(use("park", "park", 100_000, 3_000, 800_000)), -1);
        assertEquals(KnownBy.CALIBRATION, probe("park").knownBy(), "it began at some time within the window");
        bill.add(at(25, 7_000, 300), List.of(use("park", "park", 150_000, 53_000, 15_800_000)), -1);
        assertEquals(500 + 300, probe("park").nsPerHit());
        assertEquals(KnownBy.KERNEL, probe("park").knownBy());
        bill.calibrate(List.of(use("park", "park", 150_000, 53_000, 15_800_000)),
                List.of(use("park", "park", 151_000, 54_000, 16_100_000)));
        bill.add(at(30, 8_000, 300), List.of(use("park", "park", 200_000, 103_000, 30_800_000)), -1);
        assertEquals(KnownBy.CALIBRATION, probe("park").knownBy());
        bill.add(at(35, 9_000, 300), List.of(use("park", "park", 250_000, 153_000, 45_800_000)), -1);
        assertEquals(KnownBy.KERNEL, probe("park").knownBy());
    }

    @Test
    void believesNoMeasurementOfTooLittleOrAmongTooManyOthers() {
        bill.calibrate(List.of(use("park", "park", 0, 0, 0)), List.of(use("park", "park", 19, 19, 100_000)));
        bill.calibrate(List.of(use("park", "park", 0, 0, 0)), List.of(use("park", "park", 1_000, 12_000, 9_000_000)));
        bill.add(at(10, 4_000, 300), List.of(use("park", "park", 1_000, 0, 0)), -1);
        assertEquals(KnownBy.ESTIMATE, probe("park").knownBy());
        bill.calibrate(List.of(use("park", "park", 0, 0, 0)), List.of(use("park", "park", 1_000, 1_000, 90_000_000)));
        bill.add(at(11, 4_000, 300), List.of(use("park", "park", 1_000, 0, 0)), -1);
        assertEquals(500 + 800, probe("park").nsPerHit(), "eight times the estimate at most");
    }

    @Test
    void asksThreeTimesForWhatCannotBeMeasuredAndForOthersStill() {
        bill.add(at(10, 4_000, 300), List.of(use("waking", "waking", 0, 0, 0), use("park", "park", 0, 0, 0)), -1);
        List<ProgramUse> now = List.of(use("waking", "waking", 10_000, 0, 0), use("park", "park", 0, 0, 0));
        bill.add(at(11, 5_000, 300), now, -1);
        for (int i = 0; i < 3; i++) {
            assertTrue(bill.wantsCalibration(0.001), "try " + i);
            bill.calibrate(now, now);
        }
        assertFalse(bill.wantsCalibration(0.001));
        bill.add(at(12, 6_000, 300), List.of(use("waking", "waking", 20_000, 0, 0), use("park", "park", 10_000, 0, 0)),
                -1);
        assertTrue(bill.wantsCalibration(0.001));
    }

    @Test
    void aProbeThatCameAgainCountsFromNothing() {
        bill.add(at(10, 4_000, 300), List.of(use("lookups", "lookups", 1_000, 0, 0)), -1);
        bill.add(at(11, 5_000, 300), List.of(use("lookups", "lookups", 23, 0, 0)), -1);
        assertEquals(23, probe("lookups").windowHits());
        bill.add(at(12, 5_000, 300), List.of(use("other", "other", 5, 0, 0), use("lookups", "lookups", 46, 0, 0)), -1);
        assertEquals(23, probe("lookups").windowHits());
    }
}
