package io.bpfagent.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bars are as long as they should be, whatever the times. */
class StateBarTest {

    private static String bar(Map<String, Long> timesNs, int cells) {
        Line line = new Line();
        StateBar.add(line, timesNs, cells);
        assertEquals(cells, line.width());
        return line.plain();
    }

    @Test
    void aCellForEachShare() {
        assertEquals("##!!mmmmzz", bar(Map.of("running", 20L, "runnable", 20L, "blocked_monitor", 40L, "blocked_sleep",
            20L), 10));
        assertEquals("##########", bar(Map.of("running", 1L), 10));
        assertEquals("", bar(Map.of(), 10));
        assertEquals("", bar(Map.of("running", 5L), 0));
    }

    @Test
    void whatIsRoundedAddsUp() {
        assertEquals("###!!!mmpp", bar(Map.of("running", 26L, "runnable", 26L, "blocked_monitor", 24L, "blocked_park",
            24L), 10));
        assertEquals("ppppppp", bar(Map.of("running", 1L, "blocked_park", Long.MAX_VALUE / 2), 7));
    }
}
