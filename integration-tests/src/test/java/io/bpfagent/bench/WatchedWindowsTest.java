package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.bench.WatchedWindows.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedWindowsTest {
    private static final double TOLERANCE = 1e-9;
    private static final long SECOND_NS = 1_000_000_000;

    private static Window window(double perSecond, double cpuUs) {
        return new Window(perSecond, cpuUs, null);
    }

    private static Window window(double perSecond, double p50, double p99, double p999) {
        return new Window(perSecond, 1, new Wrk.Latencies(p50, p99, p999));
    }

    @Test
    void windowIsComparedWithTheMeanOfItsNeighbours() {
        WatchedWindows windows = new WatchedWindows();
        // A machine that became half as fast meanwhile.
        windows.turn(window(2_000, 10), List.of(window(1_350, 15), window(1_500, 18)), window(1_000, 20));
        assertEquals(95, windows.kept().median(), TOLERANCE);
        assertEquals(100, windows.kept().most(), TOLERANCE);
        assertEquals(10, windows.more().median(), TOLERANCE);
        assertEquals(20, windows.more().most(), TOLERANCE);
    }

    @Test
    void latenciesAreTimesThoseOfTheNeighbours() {
        WatchedWindows windows = new WatchedWindows();
        windows.turn(window(1, 2, 20, 200), List.of(window(1, 6, 45, 600)), window(1, 4, 40, 400));
        assertEquals(2, windows.p50().median(), TOLERANCE);
        assertEquals(1.5, windows.p99().median(), TOLERANCE);
        assertEquals(2, windows.p999().median(), TOLERANCE);
    }

    @Test
    void whereNoClientTellsThereAreNoLatencies() {
        WatchedWindows windows = new WatchedWindows();
        windows.turn(window(1, 1), List.of(window(1, 1)), window(1, 1));
        assertTrue(windows.p50().isEmpty() && windows.p99().isEmpty() && windows.p999().isEmpty());
        assertEquals(1, windows.kept().count());
    }

    @Test
    void twoAreComparedTurnByTurn() {
        WatchedWindows one = new WatchedWindows();
        WatchedWindows other = new WatchedWindows();
        Window alone = window(100, 100);
        one.turn(alone, List.of(window(96, 101), window(98, 103)), alone);
        other.turn(alone, List.of(window(90, 104), window(92, 106)), alone);
        one.turn(alone, List.of(window(80, 120), window(80, 120)), alone);
        other.turn(alone, List.of(window(81, 118), window(81, 118)), alone);
        // 97 and 91, 80 and 81; 2 and 5, 20 and 18.
        assertEquals(2, one.lessKeptThan(other).count());
        assertEquals(1, one.lessKeptThan(other).most(), TOLERANCE);
        assertEquals(-2.5, one.lessKeptThan(other).mean(), TOLERANCE);
        assertEquals(2.5, other.lessKeptThan(one).mean(), TOLERANCE);
        assertEquals(2, one.dearerThan(other).most(), TOLERANCE);
        assertEquals(-0.5, one.dearerThan(other).mean(), TOLERANCE);
    }

    @Test
    void windowHasWhatItsWorkHas() {
        Wrk.Latencies latencies = new Wrk.Latencies(1, 2, 3);
        Window window = Window.of(new ApplicationHost.Work(200, 2 * SECOND_NS, 30_000_000, 0, 0, latencies), 2);
        assertEquals(new Window(100, 150, latencies), window);
    }

    @Test
    void whatTheCompilersTookWouldHaveGoneToTheWork() {
        // A quarter of two CPUs.
        Window window = Window.of(new ApplicationHost.Work(150, 2 * SECOND_NS, 30_000_000, SECOND_NS, 0), 2);
        assertEquals(new Window(100, 200, null), window);
    }
}
