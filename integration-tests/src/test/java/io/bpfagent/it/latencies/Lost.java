package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.util.List;
import java.util.Map;

/** What must not be lost where calls and requests are counted. */
public final class Lost {
    private Lost() {}

    /**
     * Takes it that nothing was lost but switches, wake-ups and ends of disk requests, of which the kernel of a sandbox
     * hides some ({@link SceneHost#assertNothingLost}). Of those any number may be: the hosts here wait little, and every
     * process of the machine sends requests. Where requests are counted, they are compared with what the disk says.
     */
    public static void assertNothing(Report report) {
        Map<String, Long> losses = report.losses();
        losses.keySet().removeAll(List.of("missed_wakeups", "missed_switches", "lost_block_requests"));
        assertEquals(Map.of(), losses);
    }
}
