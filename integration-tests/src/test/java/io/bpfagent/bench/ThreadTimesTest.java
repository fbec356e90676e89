package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.bench.ThreadTimes.Time;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {
    @Test
    void threadsThatCameAreWholeAndThoseThatEndedAreLeftOut() {
        ThreadTimes before = new ThreadTimes(Map.of(1, new Time("worker", 1_000), 2, new Time("worker", 500)));
        ThreadTimes after = new ThreadTimes(Map.of(1, new Time("worker", 1_023), 3, new Time("worker", 100)));
        assertEquals(123, after.since(before, name -> true));
    }

    @Test
    void onlyThoseOfTheNameCount() {
        ThreadTimes before = new ThreadTimes(Map.of());
        ThreadTimes after = new ThreadTimes(Map.of(1, new Time("C1 CompilerThre", 3),
                2, new Time("C2 CompilerThre", 20), 3, new Time("bpf-agent", 100), 4, new Time("main", 4_000)));
        assertEquals(23, after.since(before, ThreadTimes::isCompiler));
        assertEquals(100, after.since(before, ThreadTimes::isAgent));
    }

    @Test
    void ownTimeGrows() {
        ThreadTimes before = ThreadTimes.of(ProcessHandle.current().pid());
        long endNs = System.nanoTime() + 30_000_000;
        long turns = 0;
        while (System.nanoTime() < endNs) {
            turns++;
        }
        long ns = ThreadTimes.of(ProcessHandle.current().pid()).since(before, name -> true);
        assertTrue(ns > 0, ns + " ns after " + turns + " turns");
    }
}
