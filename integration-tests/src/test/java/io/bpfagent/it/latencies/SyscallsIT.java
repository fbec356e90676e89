package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** System calls by name, exactly. */
class SyscallsIT {
    private static final int TIMES = 23;
    private static final String ASKED = SceneHost.INTERVAL + ",metrics=all+syscall";
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeCallsOfAKindAreTwentyThree(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ASKED)) {
            SceneHost.play(host, "file-calls 1 " + directory); // so that classes are loaded
            Map<String, Histogram> before = calls(host);
            SceneHost.play(host, "file-calls " + TIMES + " " + directory);
            Map<String, Histogram> after = calls(host);
            Lost.assertNothing(host.freshReport());
            // Nobody else in the host makes these.
            for (String call : new String[] {"fsync", "fdatasync", "mkdir"}) {
                assertEquals(TIMES, added(before, after, call), call);
            }
            assertEquals(TIMES, Math.max(added(before, after, "rmdir"), added(before, after, "unlink")), "deleted");
            assertTrue(added(before, after, "openat") >= TIMES, "those that find the calls' files too");
            // The agent's own thread makes some for each snapshot, of the programs' statistics for example.
            assertTrue(!after.containsKey("bpf"), "the agent's own are left out");
            long all = after.values().stream().mapToLong(Histogram::count).sum();
            assertTrue(all <= host.histogram("syscall").count(), "all of them together");
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aCallThatWaitsTakesAsLongAsItWaits(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ASKED)) {
            SceneHost.play(host, "late-byte 1"); // so that classes are loaded
            Map<String, Histogram> before = calls(host);
            SceneHost.play(host, "late-byte 200");
            Map<String, Histogram> after = calls(host);
            // Only a read with a timeout waits in poll.
            assertEquals(1, added(before, after, "poll"));
            // The byte of the first scene may have been there already: then nothing waited.
            long beforeNs = before.containsKey("poll") ? before.get("poll").sumNs() : 0;
            long ms = (after.get("poll").sumNs() - beforeNs) / 1_000_000;
            assertTrue(ms > 180 && ms < 600, () -> "took " + ms + " ms");
        }
    }

    /** Threads that end within a call (exit), their rows' next threads, and children of the host. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatEndsThreadsIsNotCountedAndLosesNothing(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ASKED + ",threads=112")) {
            for (int i = 0; i < 5; i++) {
                SceneHost.play(host, "brief-opens 20 " + directory);
                host.freshReport();
            }
            Map<String, Histogram> calls = calls(host);
            Lost.assertNothing(host.freshReport());
            assertTrue(!calls.containsKey("exit"), calls::toString);
            assertTrue(calls.get("set_robust_list").count() >= 100, "each thread makes that call once");
        }
    }

    /** By name, as of now. */
    private static Map<String, Histogram> calls(HostJvm host) {
        host.freshReport();
        Map<String, Histogram> calls = new HashMap<>();
        Histogram.all(host.histOfOperation("syscall", "all")).forEach(call -> calls.put(call.operation(), call));
        return calls;
    }

    private static long added(Map<String, Histogram> before, Map<String, Histogram> after, String call) {
        long now = after.containsKey(call) ? after.get(call).count() : 0;
        return now - (before.containsKey(call) ? before.get(call).count() : 0);
    }
}
