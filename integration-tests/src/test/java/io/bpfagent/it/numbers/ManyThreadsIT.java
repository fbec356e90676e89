package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More threads than usual, and more than there is room for. */
class ManyThreadsIT {

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threeThousandThreadsHaveRowsByDefault(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "park-many 3000");
            Report report = host.freshReport();
            Set<String> names = report.threads("parked-").stream().map(ThreadReport::name).collect(Collectors.toSet());
            assertEquals(3_000, names.size());
            assertEquals(3_000, report.pool("parked-#").threads());
            assertEquals(Set.of("blocked_park"), states(report, "parked-"));
            assertEquals(0, report.loss("threads_without_row"));
            assertEquals(0, report.loss("events_without_row"));
            assertEquals(0, report.loss("threads_without_index"));
            assertEquals(0, report.loss("unidentified_threads"));
            assertTrue(report.loss("threads_sharing_pages") > 0, "there is not a page for each of their states");
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadsBeyondTheRowsAreCountedAsLostAndDoNotDisturbTheOthers(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "threads=64," + SceneHost.INTERVAL)) {
            SceneHost.play(host, "timed early");
            SceneHost.play(host, "park-many 200");
            Report report = host.freshReport();
            // Some of the rows were those of scenes that are over.
            int parked = report.threads("parked-").size();
            assertTrue(parked > 0 && report.threads().size() <= 64, () -> report.threads().size() + " threads");
            // Who was without at its start may have got one at a later event.
            long lost = report.loss("threads_without_row");
            assertTrue(lost >= 200 - parked && lost <= 201, () -> lost + " lost, " + parked + " have a row");
            assertTrue(report.loss("events_without_row") > 0);
            assertEquals("blocked_wait", report.thread("timed early").state());
            report.threads().forEach(thread -> assertEquals(thread.wallNs(), Report.sum(thread.timesNs())));
            assertEquals("on", host.status().get("state").getAsString());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadsThatSharePagesAreCountedInThemWithNothingMissing(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "histograms=192," + SceneHost.INTERVAL)) {
            SceneHost.play(host, "sleep-many 60 23 50");
            Report report = host.freshReport();
            assertTrue(report.loss("threads_sharing_pages") >= 60, () -> report.losses().toString());
            // All that the threads did is in some histogram: here for every thread of every name.
            Histogram sleeps = Histogram.only(host.hist("blocked_sleep", null, null));
            assertEquals(60 * 23, sleeps.countFrom(40_000_000));
            assertEquals(sleeps.sumNs(), report.pools().values().stream()
                    .mapToLong(pool -> pool.timeNs("blocked_sleep")).sum(), 60_000_000);
            assertEquals(60 * 23, host.histogramOfPool("blocked_sleep", "dozing-#").countFrom(40_000_000)
                    + countFrom(host, "other"));
            assertEquals(60, report.pool("dozing-#").threads());
        }
    }

    private static long countFrom(HostJvm host, String pool) {
        Set<String> pools = host.freshReport().pools().keySet();
        return pools.contains(pool) ? host.histogramOfPool("blocked_sleep", pool).countFrom(40_000_000) : 0;
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThousandThreadsThatComeAndGoAreAllCounted(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "interval=1s")) {
            SceneHost.play(host, "churn 20000 2000");
            Report report = host.freshReport();
            assertEquals(20_000, report.pool("churned-#").ended());
            assertEquals(0, report.pool("churned-#").threads());
            assertTrue(report.pool("churned-#").timeNs("running") > 0);
            Histogram running = host.histogramOfPool("running", "churned-#");
            assertTrue(running.count() >= 20_000, () -> "each has run once at least: " + running.count());
            // While so many come, the spare pages are for their states: a file that another thread opens has none.
            SceneHost.assertNothingLost(host, report, "events_without_page");
        }
    }

    private static Set<String> states(Report report, String begin) {
        return report.threads(begin).stream().map(ThreadReport::state).collect(Collectors.toSet());
    }
}
