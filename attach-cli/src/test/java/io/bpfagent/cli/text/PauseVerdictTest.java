package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.cli.control.PausesDocument.Entry;
import io.bpfagent.cli.control.PausesDocument.PausedThread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the golden texts do not show. */
class PauseVerdictTest {

    private static final long MS = 1_000_000;

    private static PausedThread gc(String name, long ranMs) {
        return new PausedThread(7, name, PausedThread.GC, Map.of("running", ranMs * MS), 0, 0, List.of());
    }

    /** They run in a pause that does not wait for them. */
    @Test
    void g1sConcurrentThreadsAreNoWorkers() {
        Entry pause = new Entry(1, 0, "G1PauseRemark", true, 10 * MS, 0, false, Map.of("working", 10 * MS),
            List.of(gc("GC Thread#0", 4), gc("GC Thread#1", 3), gc("G1 Service", 1), gc("G1 Main Marker", 9),
                gc("G1 Conc#0", 9), gc("G1 Refine#0", 1)));
        assertEquals("2 GC workers ran 7.00 ms", PauseVerdict.clauses(pause).get(1).replace('\u00a0', ' '));
    }
}
