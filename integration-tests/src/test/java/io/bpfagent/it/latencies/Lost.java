package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.util.List;
import java.util.Map;

/** What must not be lost where calls and requests are counted. */
final class Lost {
    private Lost() {}

    /**
     * Takes it that nothing was lost but switches and wake-ups. Of those any number may be: the hosts here wait little,
     * for disks above all, and {@link SceneHost#assertNothingLost}, which says why, allows one of a hundred waits.
     */
    static void assertNothing(Report report) {
        Map<String, Long> losses = report.losses();
        losses.keySet().removeAll(List.of("missed_wakeups", "missed_switches"));
        assertEquals(Map.of(), losses);
    }
}
