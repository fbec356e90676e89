package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread that does 23 calls of one kind has 23 of that kind, and none of another. */
class ExactCallsIT {
    private static final int TIMES = 23;
    private static final int BRIEF_THREADS = 200;
    /** From this JDK on (JDK-8339285) no exported function is called by {@code MappedByteBuffer.force}. */
    private static final int MAPPED_FORCE_IS_HIDDEN = 24;
    private static final Map<String, Map<String, Long>> CALLS = Map.of(
            "exact forcer", times("file_sync"),
            "exact syncer", times("file_sync"),
            "exact finder", times("file_open"),
            "exact stream misser", times("file_open", "file_open_failed"),
            "exact channel misser", times("file_open", "file_open_failed"),
            "exact refused", times("socket_connect", "tcp_connect_failed"),
            "exact connector", times("socket_connect", "tcp_connect"),
            "exact patient", times("socket_connect", "tcp_connect"),
            "exact acceptor", times("socket_accept"),
            "exact looker", times("dns"));
    @TempDir
    private Path directory;

    private static Map<String, Long> times(String... metrics) {
        return metrics.length == 1 ? Map.of(metrics[0], (long) TIMES)
                : Map.of(metrics[0], (long) TIMES, metrics[1], (long) TIMES);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeCallsOfEachKindAreTwentyThreeFromTheStart(Jdk jdk) throws IOException {
        try (HostJvm host = quickToGiveUpNames(jdk).agent(SceneHost.INTERVAL).start()) {
            host.awaitLine("ready");
            host.await("on");
            assertTwentyThreeOfEach(jdk, host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeCallsOfEachKindAreTwentyThreeAfterAttaching(Jdk jdk) throws IOException {
        try (HostJvm host = quickToGiveUpNames(jdk).start()) {
            host.awaitLine("ready");
            // Twice: what the first agent has counted is gone with it.
            for (int attach = 1; attach <= 2; attach++) {
                host.attach(SceneHost.INTERVAL);
                host.await("on");
                assertTwentyThreeOfEach(jdk, host);
                host.detach();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void openingsOfThreadsThatLiveForAMillisecondAreCountedInTheirPool(Jdk jdk) {
        // All of them in one interval: a page for each state and metric of each.
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",histograms=4096")) {
            SceneHost.play(host, "brief-opens " + BRIEF_THREADS + " " + directory);
            Lost.assertNothing(host.freshReport());
            assertEquals(Map.of("file_open", (long) BRIEF_THREADS, "file_open_failed", (long) BRIEF_THREADS),
                    CallCounts.ofPool(host, "brief-opener-#"));
            assertEquals(BRIEF_THREADS, host.freshReport().pool("brief-opener-#").ended());
        }
    }

    /** Where no server of names answers, it gives up after a second rather than ten. */
    private static HostCommand quickToGiveUpNames(Jdk jdk) {
        return SceneHost.command(jdk).environment("RES_OPTIONS", "timeout:1 attempts:1");
    }

    private void assertTwentyThreeOfEach(Jdk jdk, HostJvm host) throws IOException {
        // A directory of its own: a scene is over when its line comes back, and the one before had such a line too.
        SceneHost.play(host, "calls " + TIMES + " " + Files.createTempDirectory(directory, "calls"));
        Lost.assertNothing(host.freshReport());
        Map<String, Map<String, Long>> expected = new HashMap<>(CALLS);
        expected.put("exact mapper", jdk.release() < MAPPED_FORCE_IS_HIDDEN ? times("file_sync") : Map.of());
        List<Executable> checks = new ArrayList<>();
        expected.forEach((thread, counts) -> {
            checks.add(() -> assertEquals(counts, CallCounts.ofThread(host, thread), "thread " + thread));
            checks.add(() -> assertEquals(counts, CallCounts.ofPool(host, thread), "pool " + thread));
        });
        assertAll(checks);
    }
}
