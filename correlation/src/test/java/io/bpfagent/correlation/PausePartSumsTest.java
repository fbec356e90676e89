package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PausePartSumsTest {
    private final PausePartSums parts = new PausePartSums(4);

    private static Snapshot with(int first, int last) {
        List<Pause> pauses = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            pauses.add(new Pause(number, 0, 0, "Cleanup", false, 23, 3, false,
                    new PauseDetail(new PauseParts(3, 15, 5, PauseTimes.ZERO), List.of())));
        }
        return new Snapshot(2, 1, List.of(), List.of(), Losses.NONE).withPauses(pauses);
    }

    private Map<String, Long> collected() {
        Map<String, Long> collected = new TreeMap<>();
        parts.forEach(collected::put);
        return collected;
    }

    private static Map<String, Long> of(long pauses, long others) {
        return Map.of("reaching", 3 * pauses, "working", 15 * pauses, "no_cpu", 5 * pauses, "blocked", 0L,
                "not_looked_at", 23 * others);
    }

    @Test
    void nothingIsThereBeforeTheFirstPause() {
        parts.note(with(1, 0));
        assertEquals(Map.of(), collected());
    }

    @Test
    void eachPauseCountsOnce() {
        parts.note(with(1, 3));
        parts.note(with(1, 4));
        parts.note(with(1, 4));
        assertEquals(of(4, 0), collected());
        assertEquals(of(4, 0), collected());
        parts.note(with(4, 7));
        assertEquals(of(7, 0), collected());
    }

    @Test
    void ofThoseThatAreTooManyTheLengthIsKnown() {
        parts.note(with(1, 3));
        parts.note(with(2, 10));
        assertEquals(of(4, 6), collected());
        parts.note(with(11, 12));
        assertEquals(of(6, 6), collected());
    }
}
