package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The host is stopped as a whole, by SIGSTOP, and goes on. */
class StoppedHostIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long STOP_MS = 1_000;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void wallTimeGoesOnAndEveryThreadIsInOneState(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL)) {
            Report before = host.freshReport();
            long beganNs = stop(host);
            Await.sleep(STOP_MS);
            long stoppedNs = System.nanoTime() - beganNs;
            Tools.run("kill", "-CONT", Long.toString(host.pid()));
            Report after = host.freshReport();

            assertAddsUp(after);
            assertTrue(after.wallNs() - before.wallNs() >= stoppedNs, () -> "stopped for " + stoppedNs);
            for (ThreadReport then : before.threads()) {
                after.threads().stream().filter(now -> now.tid() == then.tid() && now.javaId() == then.javaId())
                        .forEach(now -> assertStoodStill(then, now, stoppedNs));
            }
            long told = after.thread("work checker").timeNs("blocked_process")
                    - before.thread("work checker").timeNs("blocked_process");
            assertTrue(told >= stoppedNs, () -> "stopped for " + stoppedNs + ", told " + told);
            assertEquals(0, after.loss("negative_times"));
            assertEndsRight(host);
        }
    }

    /** It has grown older by that time, and neither ran in it nor wanted to. */
    private static void assertStoodStill(ThreadReport then, ThreadReport now, long stoppedNs) {
        long passedNs = now.wallNs() - then.wallNs();
        long blockedNs = passedNs - (ran(now) - ran(then));
        assertTrue(passedNs >= stoppedNs && blockedNs >= stoppedNs, () -> "stopped for " + stoppedNs + ": " + then + " "
                + now);
    }

    private static long ran(ThreadReport thread) {
        return thread.timeNs("running") + thread.timeNs("runnable");
    }

    /** Returns when all its threads have stopped; that moment, ns. */
    private static long stop(HostJvm host) {
        Tools.run("kill", "-STOP", Long.toString(host.pid()));
        Await.until(SOON, () -> "stopped", () -> HeldThread.tasks(host.pid()).allMatch(StoppedHostIT::isStopped));
        return System.nanoTime();
    }

    private static boolean isStopped(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // it has ended before
        }
    }
}
