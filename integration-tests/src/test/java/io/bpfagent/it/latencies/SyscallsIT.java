package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** System calls by name, exactly, and as libbpf-tools' syscount has them. */
class SyscallsIT {
    private static final int TIMES = 23;
    private static final String ASKED = SceneHost.INTERVAL + ",metrics=all+syscall";
    /** A row of its table: {@code futex   1067}. */
    private static final Pattern ROW = Pattern.compile("(?m)^([a-z0-9_]+) +(\\d+)$");
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
            assertTrue(added(before, after, "openat") > TIMES, "the agent itself opens files too");
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
            long ms = (after.get("poll").sumNs() - before.get("poll").sumNs()) / 1_000_000;
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

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void syscountCountsAsMany(Jdk jdk) throws Exception {
        try (HostJvm host = SceneHost.start(jdk, ASKED)) {
            SceneHost.play(host, "reads-in-all 100 4");
            // It wants tracefs, which not every machine has mounted; here it is for nobody else.
            Process syscount = Tools.start("unshare", "-m", "sh", "-c", "mount -t tracefs nodev /sys/kernel/tracing"
                    + " && exec " + Tools.find("syscount") + " -T 400 -p " + host.pid());
            try {
                Await.until(Duration.ofSeconds(30), () -> "syscount attached", () ->
                        !OurBpf.heldBy(syscount.pid()).links().isEmpty() || !syscount.isAlive());
                Await.sleep(500);
                Map<String, Histogram> before = calls(host);
                SceneHost.play(host, "reads-in-all 20000 4");
                Map<String, Histogram> after = calls(host);
                Tools.run("kill", "-INT", Long.toString(syscount.pid()));
                String text = new String(syscount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(syscount.waitFor(10, TimeUnit.SECONDS));
                Map<String, Long> theirs = rows(text);
                for (String call : new String[] {"read", "write"}) {
                    long ours = added(before, after, call);
                    long others = theirs.getOrDefault(call, 0L);
                    assertTrue(ours >= 80_000, () -> call + " " + ours);
                    assertTrue(Math.abs(ours - others) <= others / 20, () -> call + " " + ours + ", syscount " + text);
                }
            } finally {
                syscount.destroyForcibly();
            }
        }
    }

    private static Map<String, Long> rows(String text) {
        Map<String, Long> rows = new HashMap<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            rows.merge(row.group(1), Long.parseLong(row.group(2)), Long::sum);
        }
        return rows;
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
