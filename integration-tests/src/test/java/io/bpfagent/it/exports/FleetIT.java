package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sixteen JVMs with the agent, and one Prometheus server that scrapes them all. */
class FleetIT {
    private static final int JVMS = 16;
    private static final int AT_A_TIME = 4;
    private static final String[] SMALL = {"-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};

    @TempDir
    Path directory;

    @Test
    void theSumOverSixteenJvmsIsTheMergedHistogram() {
        int[] ports = new int[JVMS];
        List<HostJvm> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < JVMS; i++) {
                ports[i] = PromServer.freePort();
                hosts.add(SceneHost.command(Jdks.newest(), SMALL).agent("interval=500ms,prometheus=127.0.0.1:"
                        + ports[i]).start());
                // Sixteen that start at the same time keep each other from getting anywhere.
                if (hosts.size() % AT_A_TIME == 0) {
                    hosts.subList(hosts.size() - AT_A_TIME, hosts.size()).forEach(host -> host.await("on"));
                }
            }
            hosts.forEach(host -> host.awaitLine("ready"));
            try (PromServer server = PromServer.in(directory).target("fleet", ports).start()) {
                hosts.forEach(host -> host.send("mixed 500"));
                hosts.forEach(host -> SceneHost.awaitEnd(host, "mixed 500"));
                hosts.parallelStream().forEach(HostJvm::freshReport);
                server.awaitScrape();
                assertMerged("runnable", "mixed busy-#", hosts, server.query());
                assertMerged("running", "mixed busy-#", hosts, server.query());
                assertMerged("blocked_park", "mixed first-#", hosts, server.query());
                assertMerged("blocked_sleep", "mixed sleeper-#", hosts, server.query());
                assertEquals(JVMS, server.query().number("count(bpfagent_info)"));
            }
        } finally {
            hosts.forEach(HostJvm::close);
        }
    }

    private static void assertMerged(String metric, String pool, List<HostJvm> hosts, PromQuery query) {
        List<Histogram> own = new ArrayList<>();
        hosts.forEach(host -> own.add(host.histogramOfPool(metric, pool)));
        HdrBuckets merged = HdrBuckets.merged(own);
        assertTrue(merged.count() > JVMS, metric + " has " + merged.count());
        PrometheusServerIT.assertSame(merged, "sum(" + PrometheusServerIT.series(metric, "", pool) + ")", query);
        long timeNs = 0;
        for (HostJvm host : hosts) {
            timeNs += new Report(host.threads()).pool(pool).timeNs(metric);
        }
        String state = "sum(bpfagent_state_seconds_total{pool=\"" + pool + "\",state=\"" + metric + "\"})";
        assertEquals(timeNs / 1e9, query.number(state), 1e-9 * timeNs / 1e9, state);
    }
}
