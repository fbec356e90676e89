package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real Prometheus server makes of one JVM, against what the agent itself says of it. */
class PrometheusServerIT {
    /** Of threads that are at rest while they are looked at, and have done something else before. */
    private static final List<String> POOLS = List.of("mixed busy-#", "mixed first-#", "mixed sleeper-#");
    private static final List<String> METRICS = List.of("running", "runnable", "blocked_park", "blocked_sleep");
    /** The width of a bucket of schema 4, 4.4 %. */
    private static final double WIDTH = Math.pow(2, 1.0 / 16);
    /** Bounds are powers of two to the server and to us, each by its own arithmetic. */
    private static final double ALMOST = 1 - 1e-9;

    @TempDir
    Path directory;

    private static HostJvm mixed(Jdk jdk, int port) {
        return SceneHost.start(jdk, SceneHost.INTERVAL + ",prometheus=127.0.0.1:" + port);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void quantilesOfNativeHistogramsAreHdrHistograms(Jdk jdk) {
        int port = PromServer.freePort();
        try (HostJvm host = mixed(jdk, port); PromServer server = PromServer.in(directory).target("one", port)
                .start()) {
            SceneHost.play(host, "mixed 2000");
            host.freshReport();
            server.awaitScrape();
            int compared = 0;
            for (String pool : POOLS) {
                for (String metric : METRICS) {
                    Histogram own = host.histogramOfPool(metric, pool);
                    if (own.count() > 0) {
                        assertSame(HdrBuckets.of(own), series(metric, "", pool), server.query());
                        compared++;
                    }
                }
            }
            assertTrue(compared >= 6, "only " + compared + " histograms had anything in them");
            assertSameTimes(host.freshReport(), server.query());
        }
    }

    /** A server without native histograms scrapes text, and its buckets are twelve or so: they count what ours do. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void classicBucketsCountTheSame(Jdk jdk) {
        int port = PromServer.freePort();
        try (HostJvm host = mixed(jdk, port);
                PromServer server = PromServer.in(directory).classic().target("one", port).start()) {
            SceneHost.play(host, "mixed 2000");
            host.freshReport();
            server.awaitScrape();
            int compared = 0;
            for (String pool : POOLS) {
                for (String metric : METRICS) {
                    HdrBuckets own = HdrBuckets.of(host.histogramOfPool(metric, pool));
                    if (own.count() > 0) {
                        compared += assertSameBuckets(own, metric, pool, server.query());
                    }
                }
            }
            assertTrue(compared >= 6 * 8, "only " + compared + " buckets were compared");
        }
    }

    /** The selector of a histogram. */
    static String series(String metric, String suffix, String pool) {
        String reason = metric.startsWith("blocked_") ? metric.substring("blocked_".length()) : null;
        String name = "bpfagent_" + (reason == null ? metric : "blocked") + "_seconds" + suffix;
        return name + "{pool=\"" + pool + "\"" + (reason == null ? "" : ",reason=\"" + reason + "\"") + "}";
    }

    /** Count and sum are exact; a quantile lies in that bucket of the server's in which HdrHistogram's lies. */
    static void assertSame(HdrBuckets own, String expression, PromQuery query) {
        PromHistogram theirs = query.histogram(expression);
        assertEquals(own.count(), theirs.count(), expression);
        assertEquals(own.sumNs() / 1e9, theirs.sum(), 1e-9 * own.sumNs() / 1e9, expression);
        double factor = 1;
        for (PromHistogram.Bucket bucket : theirs.buckets()) {
            factor = bucket.lower() > 0 ? Math.max(factor, bucket.upper() / bucket.lower()) : factor;
        }
        assertTrue(factor * ALMOST <= WIDTH, expression + " has buckets as wide as " + factor);
        double width = factor;
        assertAll(HdrBuckets.QUANTILES.stream().map(quantile -> () -> {
            double ns = query.number("histogram_quantile(" + quantile + ", " + expression + ")") * 1e9;
            long upper = own.upper(quantile);
            double least = upper < HdrBuckets.UNIT_NS ? 0 : upper / width;
            assertTrue(ns >= least * ALMOST && ns * ALMOST <= upper * width, expression + " quantile " + quantile + ": "
                    + ns
                    + " ns to the server, " + upper + " to HdrHistogram, buckets as wide as " + width);
        }));
    }

    /** How many buckets there were. */
    private static int assertSameBuckets(HdrBuckets own, String metric, String pool, PromQuery query) {
        List<PromQuery.Sample> buckets = query.samples(series(metric, "_bucket", pool));
        for (PromQuery.Sample bucket : buckets) {
            String bound = bucket.labels().get("le");
            long expected = bound.equals("+Inf") ? own.count()
                    : own.countUpTo(Math.round(Double.parseDouble(bound) * 1e9));
            assertEquals(expected, bucket.value(), metric + " of " + pool + " up to " + bound + " s");
        }
        assertEquals(own.count(), query.number(series(metric, "_count", pool)), metric + " of " + pool);
        assertEquals(own.sumNs() / 1e9, query.number(series(metric, "_sum", pool)), 1e-9 * own.sumNs() / 1e9);
        return buckets.size();
    }

    /** Of pools at rest; but for the state that they are in, whose time goes on. */
    private static void assertSameTimes(Report report, PromQuery query) {
        for (String pool : POOLS) {
            Report.PoolReport own = report.pool(pool);
            assertEquals(own.threads(), query.number("bpfagent_threads{pool=\"" + pool + "\"}"), pool);
            for (String state : METRICS) {
                List<PromQuery.Sample> theirs = query.samples("bpfagent_state_seconds_total{pool=\"" + pool
                        + "\",state=\""
                        + state + "\"}");
                // What there has been nothing of is left out.
                assertEquals(own.timeNs(state) / 1e9, theirs.isEmpty() ? 0 : theirs.get(0).value(),
                        1e-9 * own.timeNs(state) / 1e9, pool + " " + state);
            }
        }
    }
}
