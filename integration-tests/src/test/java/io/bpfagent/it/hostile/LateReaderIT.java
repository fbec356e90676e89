package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent's thread does not come to read what the kernel counts. */
class LateReaderIT {
    private static final int PINGS = 10_000;
    private static final int TIMES = 23;
    private static final String READER = "bpf-agent";
    private static final long MS = 1_000_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void ringsThatStayFullLoseANumberOfEventsAndNothingElse(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL + ",slow=off,slow.blocked_park=0,stacks=false")) {
            Report before;
            try (HeldThread held = HeldThread.of(host.pid(), READER, directory)) {
                before = new Report(host.threads());
                SceneHost.play(host, "pings " + PINGS);
                SceneHost.play(host, "dumps " + TIMES);
                SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
                // Who asks is answered, with what was read last.
                assertEquals("on", host.status().get("state").getAsString());
                assertEquals(before.wallNs(), new Report(host.threads()).wallNs(), held::toString);
            }
            SlowReport report = host.freshEvents();
            assertTrue(report.loss("lost_slow_events") > PINGS / 2, () -> report.json().toString());
            assertEquals(TIMES, host.histogramOfOperation("ThreadDump").count());
            assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "dozing-1").countFrom(18 * MS));
            assertAddsUp(new Report(host.threads()));

            // It reads again, and is told of everything. The work parks more often than there is room for.
            SceneHost.play(host, "enough");
            SlowReport caughtUp = host.freshEvents();
            SceneHost.play(host, "parks " + TIMES);
            SlowReport later = host.freshEvents();
            assertEquals(TIMES, later.of("event parker", "blocked_park").stream()
                    .filter(event -> event.durationNs() > 45 * MS).count(), () -> later.json().toString());
            assertEquals(caughtUp.loss("lost_slow_events"), later.loss("lost_slow_events"));
            // All that parked is told of, or its number is; what the JVM's own threads do between two questions is not.
            long parks = Histogram.only(host.hist("blocked_park", null, null)).count();
            long told = later.seen() + later.loss("lost_slow_events");
            assertTrue(Math.abs(parks - told) <= 20, () -> parks + " waits, " + told + " told of");
            assertEndsRight(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void countsAllWhileTheAgentHardlyGetsACpu(Jdk jdk) {
        // As many rows as threads will come: how late the agent's thread is must not matter.
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL + ",threads=32767")) {
            Report before = host.freshReport();
            HeldThread.tasks(host.pid()).filter(task -> HeldThread.comm(task).startsWith(READER)).forEach(task ->
                    Tools.run("renice", "-n", "19", "-p", task.getFileName().toString()));
            try (CpuHogs hogs = new CpuHogs(2)) {
                assertTrue(hogs.pids().count() >= 2);
                SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
                SceneHost.play(host, "churn 1000 2000");
                Report report = host.freshReport();
                assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "dozing-1").countFrom(18 * MS));
                assertEquals(1_000, report.pool("churned-#").ended());
                assertEquals(0, report.loss("threads_without_row"));
                assertAddsUp(report);
                assertTrue(report.thread("main").wallNs() > before.thread("main").wallNs());
            }
            assertEndsRight(host);
        }
    }
}
