package io.bpfagent.export;

import static io.bpfagent.correlation.Snapshots.activity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.TraceSpan;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.prometheus.ScrapeServer;
import io.bpfagent.prometheus.ScrapeServerOpener;
import io.bpfagent.report.FakeAgent;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server of Prometheus' tier, asked over a real connection. -DwriteGolden=DIR writes what there would be. */
class ScrapeTest {
    private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final FakeAgent agent = new FakeAgent();
    private final HttpClient client = HttpClient.newHttpClient();
    private ScrapeServer server;

    @BeforeEach
    void open() throws Exception {
        server = open("127.0.0.1", 0);
    }

    private ScrapeServer open(String host, int port) throws Exception {
        ScrapeServerOpener opener = (ScrapeServerOpener) Class.forName(ScrapeServerOpener.CLASS).getConstructor()
                .newInstance();
        return opener.open(host, port, new PrometheusExport.Source(agent));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path, String accept) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, BodyPublishers.noBody()).header("Accept", accept).build(), BodyHandlers.ofString());
    }

    private String scrape() throws Exception {
        HttpResponse<String> response = ask("GET", "/metrics", OPEN_METRICS);
        assertEquals(200, response.statusCode(), response::body);
        return response.body();
    }

    @Test
    void everythingHasTheNameThatItIsToKeep() throws Exception {
        Snapshot pauses = FakeAgent.sampleWithPauses();
        Snapshot disks = FakeAgent.sampleWithDisks();
        comes(new Snapshot(pauses.atNs(), pauses.beganNs(), pauses.threads(), pauses.pools(), pauses.events(),
                disks.disks(), pauses.pauses(), List.of(), pauses.losses()));
        agent.cost = FakeAgent.sampleCost();
        assertGolden("scrape.txt", scrape());
    }

    private static void assertGolden(String name, String text) throws IOException {
        String write = System.getProperty("writeGolden");
        if (write != null) {
            Files.writeString(Path.of(write, name), text);
            return;
        }
        try (InputStream golden = ScrapeTest.class.getResourceAsStream("/golden/" + name)) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), text);
        }
    }

    @Test
    void beforeTheFirstSnapshotThereIsTheVersionAlone() throws Exception {
        assertEquals(List.of("bpfagent_info{version=\"0.1.0\"} 1"),
                scrape().lines().filter(line -> !line.startsWith("#")).toList());
    }

    @Test
    void slowEventsOfTracesAreExemplars() throws Exception {
        SlowEvent slow = FakeAgent.worker(7, ThreadState.BLOCKED_DISK, 2_500_000, WaitedOn.UNKNOWN, null);
        agent.latest = FakeAgent.sample().withSlow(List.of(new SlowEvent(slow.number(), slow.atMs(), slow.metric(),
                slow.durationNs(), slow.tid(), slow.hostTid(), slow.thread(), slow.pool(), slow.cpu(), slow.on(), null,
                List.of(), List.of(), new TraceSpan(TRACE, "b7ad6b7169203331"), null)));
        List<String> lines = scrape().lines().filter(line -> line.contains(TRACE)).toList();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith(
                "bpfagent_blocked_seconds_bucket{pool=\"worker-#\",reason=\"disk\",le=\"0.005\"}"
                + " 2 # {"), lines.get(0));
        assertTrue(lines.get(0).contains("} 0.0025 "), lines.get(0));
    }

    @Test
    void probesByNameAreNoFamiliesOfTheirOwn() throws Exception {
        UserMetric times = new UserMetric(25, "any name", UserMetric.Values.TIMES, 1, 1_700_000_000_000L);
        UserMetric hits = new UserMetric(26, "hits", UserMetric.Values.COUNTS, 2, 1_700_000_000_000L);
        agent.metrics = List.of(times, hits);
        agent.latest = new Snapshots().pool("main", ThreadKind.JAVA, 1, 0, activity().counts(times, 5_000_000)
                .counts(hits, 1, 1, 1)).at(2, 1);
        String text = scrape();
        assertTrue(text.contains("bpfagent_probe_seconds_count{pool=\"main\",probe=\"any name\"} 1\n"), text);
        assertTrue(text.contains("bpfagent_probe_hits_total{pool=\"main\",probe=\"hits\"} 3.0\n"), text);
    }

    @Test
    void partsOfPausesAreAddedUpFromScrapeToScrape() throws Exception {
        comes(FakeAgent.sampleWithPauses());
        assertTrue(scrape().contains("bpfagent_pause_part_seconds_total{part=\"no_cpu\"} 0.145\n"));
        assertTrue(scrape().contains("bpfagent_pause_part_seconds_total{part=\"no_cpu\"} 0.145\n"));
        comes(FakeAgent.sample().withPauses(List.of(FakeAgent.pause(18, 5), FakeAgent.pause(20, 1_000_000))));
        assertTrue(scrape().contains("bpfagent_pause_part_seconds_total{part=\"reaching\"} 0.0041\n"),
                this::scrapeAgain);
    }

    /** A snapshot has the last 256. */
    @Test
    void pausesThatNoSnapshotHasAnyMoreAreCounted() throws Exception {
        for (int first = 1; first < 1_000; first += 100) {
            List<Pause> some = new ArrayList<>();
            for (int number = first; number < first + 100; number++) {
                some.add(FakeAgent.pause(number, 1_000_000));
            }
            comes(FakeAgent.sample().withPauses(some));
        }
        String text = scrape();
        assertTrue(text.contains("bpfagent_pause_part_seconds_total{part=\"reaching\"} 0.032\n"), text);
        assertTrue(text.contains("bpfagent_pause_part_seconds_total{part=\"not_looked_at\"} 0.968\n"), text);
    }

    private void comes(Snapshot snapshot) {
        agent.latest = snapshot;
        server.note(snapshot);
    }

    private String scrapeAgain() {
        try {
            return scrape();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void answersInTheFormatThatIsAskedFor() throws Exception {
        agent.latest = FakeAgent.sample();
        assertEquals("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                type("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
                        + OPEN_METRICS + ";q=0.5"));
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", type(OPEN_METRICS));
        assertEquals("text/plain; version=0.0.4; charset=utf-8", type("*/*"));
    }

    private String type(String accept) throws Exception {
        return ask("GET", "/metrics", accept).headers().firstValue("Content-Type").orElseThrow();
    }

    @Test
    void answersNothingElse() throws Exception {
        assertEquals(405, ask("POST", "/metrics", "*/*").statusCode());
        assertEquals(404, ask("GET", "/metrics/../etc/passwd", "*/*").statusCode());
        assertEquals("This is bpf-agent. Its metrics are at /metrics\n", ask("GET", "/", "*/*").body());
        HttpResponse<String> head = ask("HEAD", "/metrics", "*/*");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    @Test
    void failsInWordsWhenAScrapeDoes() throws Exception {
        agent.latest = FakeAgent.sample();
        agent.metrics = null;
        HttpResponse<String> response = ask("GET", "/metrics", OPEN_METRICS);
        assertEquals(500, response.statusCode());
        assertTrue(response.body().startsWith("Cannot make the metrics: java.lang.NullPointerException"),
                response::body);
    }

    @Test
    void itsThreadsAreDaemonsWithTheAgentsNameAndGo() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            scrape();
            threads.addAll(server.threads());
        }
        for (Thread thread : threads) {
            assertTrue(thread.isDaemon() && thread.getName().equals("bpf-agent-prometheus"), thread::toString);
        }
        long own = Thread.getAllStackTraces().keySet().stream().filter(threads::contains).count();
        assertTrue(own <= 5, "threads: " + own);
        assertEquals(20, server.scrapes());
        server.close();
        server.close();
        for (Thread thread : threads) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), thread::toString);
        }
    }

    @Test
    void whoTakesNothingKeepsOthersWaitingAndNoLonger() throws Exception {
        try (Socket silent = new Socket("127.0.0.1", server.port())) {
            silent.getOutputStream().write("GET /metrics HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            // Half a request takes one of two threads at most.
            assertEquals(200, ask("GET", "/metrics", "*/*").statusCode());
        }
    }

    @Test
    void saysWhyItCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertEquals("Address already in use", assertThrows(BindException.class,
                    () -> open("127.0.0.1", taken.getLocalPort())).getMessage());
        }
        assertTrue(assertThrows(BindException.class, () -> open("192.0.2.1", 0)).getMessage()
                .startsWith("Cannot assign requested address"));
        assertThrows(IOException.class, () -> open("no-such-host.invalid", 0));
    }
}
