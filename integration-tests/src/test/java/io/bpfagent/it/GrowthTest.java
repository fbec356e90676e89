package io.bpfagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static List<String> beyond(IntFunction<Footprint> afterCycle) {
        Growth growth = new Growth();
        for (int cycle = 50; cycle <= 1050; cycle += 200) {
            growth.add(cycle, afterCycle.apply(cycle));
        }
        return growth.beyond();
    }

    private static Footprint footprint(long descriptors, long threads, long bpfObjects, long metaspaceKib) {
        return new Footprint(descriptors, threads, bpfObjects, 5_000, metaspaceKib, 4_000, 90_000);
    }

    @Test
    void whatStaysAsItIsHasNotGrown() {
        assertEquals(List.of(), beyond(cycle -> footprint(20, 25, 0, 9_000)));
        assertEquals(List.of(), beyond(cycle -> footprint(20, 25, 0, 20_000 - cycle)));
    }

    @Test
    void whatComesAndGoesHasNotGrown() {
        assertEquals(List.of(), beyond(cycle -> footprint(cycle % 3 + 20, cycle % 400 == 50 ? 25 : 28, 0,
                9_000 + cycle % 7 * 300)));
    }

    @Test
    void oneForEachTenCyclesIsSaidOfEachKind() {
        assertEquals(List.of("file descriptors: 25 have become 85 in 600 cycles (at most 12 more)"),
                beyond(cycle -> footprint(20 + cycle / 10, 25, 0, 9_000)));
        assertEquals(List.of("threads: 30 have become 90 in 600 cycles (at most 12 more)"),
                beyond(cycle -> footprint(20, 25 + cycle / 10, 0, 9_000)));
        assertEquals(List.of("BPF objects: 5 have become 65 in 600 cycles (at most 12 more)"),
                beyond(cycle -> footprint(20, 25, cycle / 10, 9_000)));
        assertEquals(List.of("KiB of metaspace: 9250 have become 12250 in 600 cycles (at most 2700 more)"),
                beyond(cycle -> footprint(20, 25, 0, 9_000 + 5L * cycle)));
    }

    @Test
    void fewCyclesShowTheJvmsOwnComingAndGoing() {
        Growth growth = new Growth();
        for (int cycle = 0; cycle <= 20; cycle += 5) {
            growth.add(cycle, footprint(20, 25, 0, cycle == 0 ? 6_576 : 6_763));
        }
        assertEquals(List.of(), growth.beyond());
    }

    @Test
    void twoLooksAreNoHalves() {
        Growth growth = new Growth();
        growth.add(1, footprint(20, 25, 0, 9_000));
        growth.add(2, footprint(20, 25, 0, 9_000));
        assertThrows(IllegalStateException.class, growth::beyond);
    }
}
