package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that blocked before the agent came, and make no event for it. */
class BlockedBeforeAttachIT {
    private static final Map<String, String> REASONS = new TreeMap<>(Map.ofEntries(
            Map.entry("stays in monitor", "blocked_monitor"),
            Map.entry("stays in park", "blocked_park"),
            Map.entry("stays in park of lock", "blocked_park"),
            Map.entry("stays in park timed", "blocked_park"),
            Map.entry("stays in park until", "blocked_park"),
            Map.entry("stays in poll", "blocked_poll"),
            Map.entry("stays in sleep", "blocked_sleep"),
            Map.entry("stays in socket accept", "blocked_socket"),
            Map.entry("stays in socket read", "blocked_socket"),
            Map.entry("stays in wait", "blocked_wait"),
            Map.entry("stays in wait of join", "blocked_wait")));
    private static final long MARGIN_NS = 100_000_000;

    static Stream<Arguments> hosts() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of("Serial",
                "Z").map(collector -> Arguments.of(jdk, collector)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void showTheirReasonAndItsTimeGrows(Jdk jdk, String collector) {
        try (HostJvm host = SceneHost.command(jdk, "-XX:+Use" + collector + "GC").start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "block");
            // Twice: what the first agent has learnt is gone with it.
            for (int attach = 1; attach <= 2; attach++) {
                host.attach(SceneHost.INTERVAL);
                host.await("on");
                OurBpf ours = OurBpf.heldBy(host.pid());
                assertReasons(host);
                host.detach();
                ours.awaitGone();
            }
        }
    }

    private static void assertReasons(HostJvm host) {
        Report first = host.freshReport();
        assertEquals(REASONS, states(first));
        Await.sleep(500);
        Report second = host.freshReport();
        assertEquals(REASONS, states(second));
        List<Executable> checks = new ArrayList<>();
        long passedNs = second.wallNs() - first.wallNs();
        for (ThreadReport thread : second.threads("stays in ")) {
            // HotSpot 17 lets the first in the queue of a monitor look again every second.
            boolean looks = thread.state().equals("blocked_monitor");
            long grownNs = thread.timeNs(thread.state()) - first.thread(thread.name()).timeNs(thread.state());
            checks.add(() -> assertTrue(looks || thread.timeNs(thread.state()) == thread.wallNs(), thread.toString()));
            checks.add(() -> assertTrue(looks ? grownNs > 0 : Math.abs(grownNs - passedNs) < MARGIN_NS,
                    thread.name() + " " + grownNs + " ns of " + passedNs));
        }
        ThreadReport reaper = second.threads("process reaper").get(0);
        checks.add(() -> assertEquals("blocked_process", reaper.state()));
        checks.add(() -> SceneHost.assertNothingLost(host, second));
        assertAll(checks);
    }

    private static Map<String, String> states(Report report) {
        Map<String, String> states = new TreeMap<>();
        report.threads("stays in ").forEach(thread -> states.put(thread.name(), thread.state()));
        return states;
    }
}
