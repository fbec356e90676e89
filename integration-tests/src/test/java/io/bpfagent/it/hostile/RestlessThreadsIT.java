package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that come, go and change their names faster than anybody reads, and more of them than there is room for. */
class RestlessThreadsIT {
    private static final int TIMES = 23;
    private static final int MANY = 200;
    private static final int REBORN = 10_000;
    private static final int AT_ONCE = 200;
    private static final long REBORN_MS = 5;
    private static final long MS = 1_000_000;
    /** The PID namespace is the host's own: nobody else takes the numbers of its threads. */
    private static final String[] OWN_PIDS = {"unshare", "-p", "-f", "--mount-proc"};

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void tenThousandThreadsWithAFewHundredTidsAreAllCounted(Jdk jdk) {
        // As many rows as threads: how late the agent's thread is must not matter.
        try (HostJvm host = WorkingHost.start(SceneHost.command(jdk).prefix(OWN_PIDS),
                SceneHost.INTERVAL + ",threads=16384")) {
            SceneHost.play(host, "reborn " + REBORN + " " + AT_ONCE + " " + REBORN_MS);
            String[] told = host.awaitLine("reborn ").split(" ");
            long tookNs = Long.parseLong(told[1]) * MS;
            int tids = Integer.parseInt(told[3]);
            assertTrue(tids <= REBORN / 10, () -> host.awaitLine("reborn "));

            Report report = host.freshReport();
            PoolReport pool = report.pool("reborn-#");
            assertEquals(REBORN, pool.ended(), () -> report.losses().toString());
            assertEquals(0, pool.threads());
            assertEquals(0, report.loss("threads_without_row"));
            assertEquals(0, report.loss("threads_without_index"));
            assertEquals(0, report.loss("negative_times"));
            // Each has parked for that long, and none was there for longer than all of its turn.
            assertTrue(pool.timeNs("blocked_park") >= REBORN * REBORN_MS * MS * 9 / 10, pool::toString);
            assertTrue(pool.wallNs() <= AT_ONCE * tookNs, () -> pool + " in " + tookNs);
            // Whoever was born without a page left is counted in "other", where the host's own threads park too. Of a
            // hundred events the machine may hide one, as SceneHost.assertNothingLost says.
            long parks = host.histogramOfPool("blocked_park", "reborn-#").countFrom(4 * MS);
            long others = host.histogramOfPool("blocked_park", "other").countFrom(4 * MS);
            assertTrue(parks <= REBORN && parks + others >= REBORN * 99 / 100, () -> parks + " and in other " + others);
            assertAddsUp(report);
            assertEndsRight(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadsThatChangeTheirNamesAllTheTimeStayOneThreadEach(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL)) {
            host.send("turncoats 230000 " + TIMES);
            long[] ids = null;
            while (!host.stdout().contains("done turncoats 230000 " + TIMES)) {
                Report report = host.freshReport();
                List<ThreadReport> threads = report.threads().stream()
                        .filter(thread -> thread.name().matches("turncoat( [a-z])?|renamed")).toList();
                long[] now = threads.stream().mapToLong(ThreadReport::javaId).sorted().toArray();
                assertTrue(now.length == 2 && (ids == null || ids[0] == now[0] && ids[1] == now[1]), threads::toString);
                ids = now;
                assertAddsUp(report);
            }
            Report report = host.freshReport();
            assertEquals(0, report.loss("unidentified_threads"));
            assertEquals("blocked_wait", report.thread("renamed").state());
            assertEquals("blocked_wait", report.thread("turncoat").state());
            assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "turncoat").countFrom(18 * MS));
            assertEndsRight(host);
        }
    }

    /** The least of everything that can be asked for. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void withoutRowsAndPagesTheRestIsRight(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk,
                SceneHost.INTERVAL + ",threads=64,histograms=192,metrics=all+park")) {
            SceneHost.play(host, "timed early");
            SceneHost.play(host, "sleep-many " + MANY + " " + TIMES + " 20");
            Report crowded = host.freshReport();
            assertTrue(crowded.loss("threads_without_row") > 0 && crowded.loss("events_without_row") > 0
                    && crowded.loss("threads_sharing_pages") > 0, () -> crowded.losses().toString());
            assertTrue(crowded.threads().size() <= 64);
            assertEquals("blocked_wait", crowded.thread("timed early").state());
            List<ThreadReport> dozing = crowded.threads("dozing-");
            assertTrue(!dozing.isEmpty() && dozing.size() + crowded.loss("threads_without_row") >= MANY,
                    dozing::toString);
            assertAddsUp(crowded);
            // What the threads with a row did is in some histogram, and nothing else. The work sleeps between two
            // questions.
            SceneHost.play(host, "enough");
            Report report = host.freshReport();
            Histogram sleeps = Histogram.only(host.hist("blocked_sleep", null, null));
            assertTrue(sleeps.countFrom(18 * MS) <= 64 * TIMES, () -> sleeps.countFrom(18 * MS) + " sleeps");
            assertEquals(sleeps.sumNs(), report.pools().values().stream()
                    .mapToLong(pool -> pool.timeNs("blocked_sleep")).sum(), 60 * MS);
            assertEndsRight(host);
        }
    }
}
