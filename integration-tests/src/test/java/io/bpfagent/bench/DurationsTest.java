package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private final Durations one = new Durations();
    private final Durations other = new Durations();

    @Test
    void areOfAllThreadsSinceTheLastQuestion() {
        for (int us = 1; us <= 1_000; us++) {
            (us % 3 == 0 ? one : other).add(us * 1_000L);
        }
        assertEquals("500 990 999", Durations.percentiles(List.of(one, other)));
        assertEquals("0 0 0", Durations.percentiles(List.of(one, other)));
        one.add(7_000);
        assertEquals("7 7 7", Durations.percentiles(List.of(one, other)));
    }

    @Test
    void ofVeryManyTheLastOnesAreKept() {
        for (int i = 0; i < 1 << 18; i++) {
            one.add(i < 1 << 17 ? 9_000 : 4_000);
        }
        assertEquals("4 4 4", Durations.percentiles(List.of(one)));
    }
}
