package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.tools.attach.VirtualMachine;
import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.guest.Cli;
import io.bpfagent.it.guest.RunningCli;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.jfr.consumer.RecordedEvent;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same work gives the same numbers on the command line, by JMX, on the page, to Prometheus, in JFR and in
 * HdrHistogram's log. It is that of threads that all begin while everybody watches, and have ended before anybody is
 * asked: so every one of the six has all of it, and nothing more.
 */
class SixWaysIT {
    private static final int TIMES = 23;
    private static final List<String> POOLS = List.of("waiter", "holder");
    /** Of a log's values only their buckets are known, 6.25 % wide. */
    private static final double BUCKET = 0.0625;
    /** Of seconds as a floating-point number. */
    private static final double ONE_NS = 1e-9;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern DATA = Pattern.compile("id=\"data\"[^>]*>\\s*([A-Za-z0-9+/=]+)\\s*<");

    /** When a line of each recording begins: of the log in seconds after its start. */
    private static final Pattern FROM_MS = Pattern.compile("^\\{.*?\"record\":\"interval\".*?\"fromMs\":([0-9]+)");
    private static final Pattern TAGGED = Pattern.compile("^Tag=[^,]*,([0-9.]+),");
    private static final Pattern START = Pattern.compile("^#\\[StartTime: ([0-9.]+) ");

    @TempDir
    Path directory;

    /** What one pool did, as the command line says it. */
    private record Truth(PoolReport times, Map<String, Histogram> stays) {}

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void allSixAgree(Jdk jdk) throws Exception {
        int port = freePort();
        Path json = directory.resolve("x.json");
        Path log = directory.resolve("x.hlog");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",max-cost=off,prometheus=127.0.0.1:" + port)) {
            JfrFile.start(jdk, host, "+io.bpfagent.PoolStates#period=100ms");
            try (RunningCli first = record(host, json); RunningCli second = record(host, log)) {
                // Whose first line is there may not have begun to count.
                Await.until(SOON, () -> "a first interval", () -> beganAfter(0, json, FROM_MS, 1)
                        && beganAfter(0, log, TAGGED, 1_000));
                SceneHost.play(host, "held " + TIMES + " 40");
                awaitTheEnd(host);
                long endMs = System.currentTimeMillis();
                Await.until(SOON, () -> "an interval after the end", () -> beganAfter(endMs, json, FROM_MS, 1)
                        && beganAfter(endMs, log, TAGGED, 1_000));
                assertEquals(RunningCli.INTERRUPTED, first.interrupt(), first::printed);
                assertEquals(RunningCli.INTERRUPTED, second.interrupt(), second::printed);
            }
            Map<String, Truth> truths = new TreeMap<>();
            for (String pool : POOLS) {
                truths.put(pool, truth(host, pool));
            }
            assertEquals(TIMES, truths.get("holder").stays().get("blocked_sleep").count());
            assertJmx(host, truths);
            assertPrometheus(port, truths);
            assertJfr(jdk, host, truths);
            assertPage(json, truths);
            assertLog(log, truths);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private RunningCli record(HostJvm host, Path file) {
        return RunningCli.start(directory.resolve(file.getFileName() + ".out"), "record", host.pid(), "--interval",
                "200ms", "-o", file);
    }

    /** Whether an interval is in it that has begun after that: what was over before stands in those before it. */
    private static boolean beganAfter(long ms, Path file, Pattern begin, double unitMs) {
        double startMs = 0;
        if (!Files.exists(file)) {
            return false;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                Matcher start = START.matcher(line);
                startMs = start.find() ? Double.parseDouble(start.group(1)) * 1_000 : startMs;
                Matcher matcher = begin.matcher(line);
                if (matcher.find() && startMs + Double.parseDouble(matcher.group(1)) * unitMs > ms) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitTheEnd(HostJvm host) {
        for (String pool : POOLS) {
            Await.until(SOON, () -> pool + " has ended\n" + host.report(), () -> {
                PoolReport now = host.freshReport().pools().get(pool);
                return now != null && now.threads() == 0 && now.ended() == TIMES;
            });
        }
    }

    /** The first way: the command line. */
    private static Truth truth(HostJvm host, String pool) {
        Map<String, Histogram> stays = new TreeMap<>();
        for (JsonObject histogram : histograms(cli("hist", host.pid(), "--pool", pool, "--format", "json"))) {
            if (histogram.get("count").getAsLong() > 0) {
                Histogram one = new Histogram(histogram);
                stays.put(one.metric(), one);
            }
        }
        return new Truth(new Report(cli("threads", host.pid(), "--format", "json")).pool(pool), stays);
    }

    private static JsonObject cli(Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertEquals(0, cli.exitCode(), cli::toString);
        return JsonParser.parseString(String.join("\n", cli.stdout())).getAsJsonObject();
    }

    private static List<JsonObject> histograms(JsonObject document) {
        List<JsonObject> histograms = new ArrayList<>();
        document.getAsJsonArray("histograms").forEach(element -> histograms.add(element.getAsJsonObject()));
        return histograms;
    }

    /** The second: exactly. */
    @SuppressWarnings("BanJNDI") // what a JMX client does; the server is this test's
    private static void assertJmx(HostJvm host, Map<String, Truth> truths) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(host.pid()));
        String address = machine.startLocalManagementAgent();
        machine.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            ObjectName threads = new ObjectName("io.bpfagent:type=Threads");
            ObjectName last = new ObjectName("io.bpfagent:type=Latency,metric=blocked_monitor,pool=waiter");
            Await.until(SOON, () -> "beans\n" + host.report(), () -> isThere(server, last));
            TabularData pools = (TabularData) server.getAttribute(threads, "Pools");
            for (Map.Entry<String, Truth> entry : truths.entrySet()) {
                CompositeData pool = pools.get(new Object[] {entry.getKey()});
                entry.getValue().times().timesNs().forEach((state, ns) ->
                        assertEquals(ns, pool.get(state), entry.getKey() + " " + state));
                for (Histogram stays : entry.getValue().stays().values()) {
                    ObjectName bean = new ObjectName("io.bpfagent:type=Latency,metric=" + stays.metric() + ",pool="
                            + entry.getKey());
                    for (String number : List.of("count", "sum", "max", "p50", "p90", "p99")) {
                        String attribute = number.substring(0, 1).toUpperCase(Locale.ROOT) + number.substring(1);
                        assertEquals(stays.json().get(number).getAsLong(), server.getAttribute(bean, attribute),
                                bean + " " + number);
                    }
                }
            }
        }
    }

    private static boolean isThere(MBeanServerConnection server, ObjectName name) {
        try {
            return server.isRegistered(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The third: exactly, but that seconds are floating-point numbers; the buckets are compared in Prometheus' own
     * test.
     */
    private static void assertPrometheus(int port, Map<String, Truth> truths) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                + port + "/metrics")).header("Accept", "application/openmetrics-text").build(),
                HttpResponse.BodyHandlers.ofString());
        Map<String, Double> lines = new TreeMap<>();
        answer.body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] words = line.replaceFirst(" # .*", "").split(" (?=[^ ]*$)");
            lines.put(words[0], Double.valueOf(words[1]));
        });
        for (Map.Entry<String, Truth> entry : truths.entrySet()) {
            String pool = "pool=\"" + entry.getKey() + "\"";
            entry.getValue().times().timesNs().forEach((state, ns) -> assertEquals(ns / 1e9,
                    lines.getOrDefault("bpfagent_state_seconds_total{" + pool + ",state=\"" + state + "\"}", 0.0),
                    ONE_NS,
                    pool + " " + state));
            for (Histogram stays : entry.getValue().stays().values()) {
                boolean blocked = stays.metric().startsWith("blocked_");
                String name = blocked ? "bpfagent_blocked_seconds" : "bpfagent_" + stays.metric() + "_seconds";
                String labels = "{" + pool + (blocked ? ",reason=\"" + stays.metric().substring("blocked_".length())
                        + "\""
                        : "") + "}";
                assertEquals(stays.count(), lines.getOrDefault(name + "_count" + labels, -1.0), name + labels);
                assertEquals(stays.sumNs() / 1e9, lines.get(name + "_sum" + labels), ONE_NS, name + labels);
            }
        }
    }

    /** The fourth: exactly. It has times and single waits, no histograms. */
    private void assertJfr(Jdk jdk, HostJvm host, Map<String, Truth> truths) {
        JfrFile file = JfrFile.dump(jdk, host, directory.resolve("x.jfr"));
        for (Map.Entry<String, Truth> entry : truths.entrySet()) {
            List<RecordedEvent> all = file.of(JfrFile.POOLS).stream()
                    .filter(event -> event.getString("pool").equals(entry.getKey())).toList();
            RecordedEvent last = all.get(all.size() - 1);
            entry.getValue().times().timesNs().forEach((state, ns) ->
                    assertEquals(ns, last.getDuration(field(state)).toNanos(), entry.getKey() + " " + state));
            assertEquals(TIMES, last.getLong("ended"));
        }
        // All of them that were over the threshold, and no others.
        Histogram waits = truths.get("waiter").stays().get("blocked_monitor");
        long sumNs = file.of(JfrFile.SLOW).stream().filter(event -> event.getString("pool").equals("waiter")
                && event.getString("metric").equals("blocked_monitor"))
                .mapToLong(event -> event.getDuration("exactDuration").toNanos()).sum();
        long shortOnes = waits.count() - waits.countFrom(10_000_000);
        assertTrue(sumNs <= waits.sumNs() && sumNs >= waits.sumNs() - shortOnes * 10_000_000, sumNs + " of "
                + waits.json());
    }

    /** {@code blockedDisk} of {@code blocked_disk}. */
    private static String field(String state) {
        int at = state.indexOf('_');
        return at < 0 ? state : state.substring(0, at) + Character.toUpperCase(state.charAt(at + 1))
                + state.substring(at + 2);
    }

    /** The fifth, made of the recording: exactly. */
    private void assertPage(Path json, Map<String, Truth> truths) throws IOException {
        Path page = directory.resolve("x.html");
        Cli cli = Cli.run("report", json, "-o", page);
        assertEquals(0, cli.exitCode(), cli::toString);
        Matcher data = DATA.matcher(Files.readString(page));
        assertTrue(data.find(), "no data in the page");
        JsonObject report;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder()
                .decode(data.group(1))))) {
            report = JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
        }
        JsonArray states = report.getAsJsonArray("states");
        for (Map.Entry<String, Truth> entry : truths.entrySet()) {
            JsonObject pool = null;
            for (var element : report.getAsJsonArray("pools")) {
                pool = element.getAsJsonObject().get("name").getAsString().equals(entry.getKey())
                        ? element.getAsJsonObject() : pool;
            }
            assertEquals(TIMES, pool.get("ended").getAsLong());
            for (int s = 0; s < states.size(); s++) {
                assertEquals(entry.getValue().times().timeNs(states.get(s).getAsString()),
                        pool.getAsJsonArray("totalNs").get(s).getAsLong(), entry.getKey() + " " + states.get(s));
            }
            for (Histogram stays : entry.getValue().stays().values()) {
                JsonObject histogram = histograms(report).stream().filter(one -> !one.get("pool").isJsonNull()
                        && one.get("pool").getAsString().equals(entry.getKey())
                        && one.get("metric").getAsString().equals(stays.metric())).findFirst().orElseThrow();
                assertEquals(stays.count(), histogram.get("count").getAsLong(), stays.metric());
                assertEquals(stays.sumNs(), histogram.get("sum").getAsLong(), stays.metric());
                Map<Long, Long> buckets = new TreeMap<>();
                for (int i = 0; i < histogram.getAsJsonArray("bounds").size(); i++) {
                    buckets.put(histogram.getAsJsonArray("bounds").get(i).getAsLong(),
                            histogram.getAsJsonArray("counts").get(i).getAsLong());
                }
                assertEquals(stays.buckets(), buckets, stays.metric());
            }
        }
    }

    /** The sixth, recorded beside it: counts and percentiles exactly, sums within their buckets. */
    private static void assertLog(Path log, Map<String, Truth> truths) throws IOException {
        Map<String, org.HdrHistogram.Histogram> sums = new TreeMap<>();
        HistogramLogReader reader = new HistogramLogReader(log.toFile());
        for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null; next =
                reader.nextIntervalHistogram()) {
            sums.computeIfAbsent(next.getTag(), tag -> new org.HdrHistogram.Histogram(64, 1L << 30, 1))
                    .setAutoResize(true);
            sums.get(next.getTag()).add((org.HdrHistogram.Histogram) next);
        }
        for (Map.Entry<String, Truth> entry : truths.entrySet()) {
            for (Histogram stays : entry.getValue().stays().values()) {
                String tag = stays.metric() + "/" + entry.getKey();
                org.HdrHistogram.Histogram sum = sums.get(tag);
                assertEquals(stays.count(), sum.getTotalCount(), tag);
                for (int percentile : new int[] {50, 90, 99}) {
                    // The agent's are never above the longest stay, which it knows exactly.
                    long exact = stays.json().get("p" + percentile).getAsLong();
                    assertEquals(sum.highestEquivalentValue(exact), sum.getValueAtPercentile(percentile), tag);
                }
                double mean = (double) stays.sumNs() / stays.count();
                assertEquals(mean, sum.getMean(), BUCKET * mean + 64, tag);
            }
        }
    }
}
