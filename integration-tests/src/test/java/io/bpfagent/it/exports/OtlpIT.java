package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.workload.Errand;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code extensions=bpf-agent-otlp.jar} in real JVMs, against a receiver that decodes with OpenTelemetry's own classes.
 */
class OtlpIT {
    private static final Path JAR = Path.of(System.getProperty("otlp.jar")).toAbsolutePath().normalize();
    private static final String NAME = "bpf-agent-otlp.jar";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration COLLECTED = Duration.ofSeconds(40);
    private static final int TIMES = 23;

    /** In hosts that do nothing ten exports a second would be a large part of what there is. */
    private static final String ARGUMENTS = SceneHost.INTERVAL + ",max-cost=off";

    /** A histogram is there three times in text. */
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+?)(?:_bucket|_count|_sum)?(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    @TempDir
    private Path directory;

    private static String with(Object extension) {
        return ARGUMENTS + ",extensions=" + extension;
    }

    private static JsonObject probe(HostJvm host) {
        for (JsonElement probe : host.status().getAsJsonArray("probes")) {
            if (probe.getAsJsonObject().get("name").getAsString().endsWith(".jar")) {
                return probe.getAsJsonObject();
            }
        }
        // The agent is on a moment before its exports are.
        return JsonParser.parseString("{\"status\":\"\",\"detail\":\"\"}").getAsJsonObject();
    }

    private static JsonObject set(HostJvm host, String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        return host.control().ask(request);
    }

    private static List<String> told(HostJvm host) {
        return host.stderr().stream().filter(line -> line.startsWith("bpf-agent: ")).toList();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theNumbersAreThoseOfTheOtherReports(Jdk jdk) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostJvm host = SceneHost.start(SceneHost.command(jdk, receiver.flags()), with(JAR))) {
            SceneHost.play(host, "prepare");
            SceneHost.play(host, "exact " + TIMES);
            Map<String, String> labels = Map.of("pool", "exact parker", "reason", "park");
            Await.until(SOON, () -> receiver.histogram("bpfagent.blocked", labels) + host.report(),
                    () -> receiver.histogram("bpfagent.blocked", labels).getCount() >= TIMES);
            // It has not parked since: the numbers stand still.
            Histogram reported = host.histogramOfPool("blocked_park", "exact parker");
            ExponentialHistogramDataPoint exported = receiver.histogram("bpfagent.blocked", labels);
            assertEquals(reported.count(), exported.getCount());
            assertEquals(reported.sumNs() / 1e9, exported.getSum());
            assertEquals(reported.json().get("max").getAsLong() / 1e9, exported.getMax());
            assertEquals(reported.sumNs() / 1e9, receiver.sum("bpfagent.state",
                    Map.of("pool", "exact parker", "state", "blocked_park")));
            assertEquals(reported.json().get("p50").getAsLong() / 1e9, median(exported), 0.05 * median(exported));
            assertEquals(Long.toString(host.innerPid()), receiver.resource().get("process.pid"));
            assertEquals("io.bpfagent.workload.Scenes", receiver.resource().get("service.name"));
            // What it costs is reckoned every five seconds.
            Await.until(SOON, host::report, () -> receiver.sum("bpfagent.agent.cpu", Map.of("part", "threads")) > 0);
            assertTrue(probe(host).get("detail").getAsString().endsWith(" arrived, 0 lost"), probe(host)::toString);
            assertEquals(List.of(), told(host));
        }
    }

    private static double median(ExponentialHistogramDataPoint point) {
        long left = (point.getCount() + 1) / 2;
        int at = -1;
        while (left > 0) {
            left -= point.getPositive().getBucketCounts(++at);
        }
        return Math.pow(2, (point.getPositive().getOffset() + at + 1) / (double) (1 << point.getScale()));
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void namesAndLabelsAreThoseThatPrometheusGets(Jdk jdk) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostJvm host = SceneHost.start(SceneHost.command(jdk, receiver.flags()), with(JAR)
                        + ",prometheus=127.0.0.1:0,contexts=on,metrics=all+syscall")) {
            host.addProbe("lookups", "uprobe:libc.so.6:getaddrinfo");
            SceneHost.play(host, "collect 500");
            SceneHost.play(host, "fsyncs 3 " + directory.resolve("synced"));
            Await.until(SOON, host::report, () -> prometheus(host) != null);
            URI page = URI.create(prometheus(host));
            Await.until(SOON, () -> difference(receiver, page), () -> difference(receiver, page).isEmpty());
            assertTrue(receiver.asPrometheusNamesThem().size() > 25, () -> receiver.asPrometheusNamesThem().toString());
        }
    }

    /** Where it is served. */
    private static String prometheus(HostJvm host) {
        for (JsonElement probe : host.status().getAsJsonArray("probes")) {
            String detail = probe.getAsJsonObject().get("detail").getAsString();
            if (probe.getAsJsonObject().get("name").getAsString().equals("prometheus") && detail.startsWith("http")) {
                return detail.substring(0, detail.indexOf(','));
            }
        }
        return null;
    }

    /** What one of the two has and the other has not; something new may be in one of them first. */
    private static String difference(OtlpReceiver receiver, URI page) {
        Map<String, Set<String>> scraped = new TreeMap<>();
        try (InputStream in = page.toURL().openStream()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                Matcher sample = SAMPLE.matcher(line);
                assertTrue(sample.matches(), line);
                Set<String> labels = scraped.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    labels.add(label.group(1));
                }
                labels.removeAll(Set.of("le", "quantile"));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Set<String>> exported = receiver.asPrometheusNamesThem();
        StringBuilder difference = new StringBuilder();
        exported.forEach((name, labels) -> difference.append(labels.equals(scraped.remove(name)) ? ""
                : " only by OTLP " + name + labels));
        scraped.forEach((name, labels) -> difference.append(" only by Prometheus ").append(name).append(labels));
        return difference.toString();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void itComesAndGoesWhileTheAgentIsThere(Jdk jdk) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostJvm host = HostJvm.of(jdk).jvm(receiver.flags()).agent(ARGUMENTS).main(Errand.class)
                        .start()) {
            host.await("on");
            assertEquals(0, loaded(jdk, host));
            assertEquals("ok", answer(set(host, "extensions=" + JAR)));
            Await.until(SOON, host::report, () -> receiver.exports() >= 3);
            assertTrue(loaded(jdk, host) > 100);
            assertEquals("attached", probe(host).get("status").getAsString());
            assertEquals("ok", answer(set(host, "extensions=off")));
            int exports = receiver.exports();
            Await.until(COLLECTED, () -> loaded(jdk, host) + " classes are left\n" + host.report(), () -> {
                Jcmd.run(jdk, host, "GC.run");
                return loaded(jdk, host) == 0;
            });
            assertEquals(exports, receiver.exports());
            assertEquals("", probe(host).get("status").getAsString());
            assertEquals(List.of(), Jcmd.run(jdk, host, "Thread.print").stream()
                    .filter(line -> line.contains("otlp") || line.startsWith("\"HttpClient")).toList());
            assertEquals(List.of(), told(host));
        }
    }

    private static String answer(JsonObject answer) {
        return answer.has("error") ? answer.get("error").getAsString() : "ok";
    }

    /** How many of its classes the JVM has. */
    private static long loaded(Jdk jdk, HostJvm host) {
        return Jcmd.run(jdk, host, "VM.class_hierarchy").stream().filter(line -> line.contains("io.bpfagent.otlp."))
                .count();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void detachingTakesItAlong(Jdk jdk) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostJvm host = HostJvm.of(jdk).jvm(receiver.flags()).agent(with(JAR)).main(Errand.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> receiver.exports() >= 1);
            host.detach();
            Await.until(COLLECTED, () -> loaded(jdk, host) + " classes are left\n" + host.report(), () -> {
                Jcmd.run(jdk, host, "GC.run");
                return loaded(jdk, host) == 0;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aReceiverThatIsNotThereIsOneLineAndANumber(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).jvm("-Dotel.exporter.otlp.endpoint=http://127.0.0.1:1",
                "-Dotel.metric.export.interval=100").agent(with(JAR)).main(Errand.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> probe(host).get("detail").getAsString()
                    .matches(".*, 0 arrived, ([3-9]|\\d\\d+) lost; the last: no connection"));
            assertEquals("failed", probe(host).get("status").getAsString());
            assertEquals(List.of("bpf-agent: Cannot export by OTLP: http://127.0.0.1:1/v1/metrics: no connection."
                    + " Numbers are"
                    + " cumulative: the next export that arrives has them all. Check the receiver and the OTEL_*"
                    + " variables."
                    + " See TROUBLESHOOTING.md, \"Cannot export by OTLP\"."), told(host));
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aJarThatIsNotThereKeepsNothingElseFromWorking(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent(with("/nowhere/" + NAME)).main(Errand.class).start()) {
            host.await("on");
            assertEquals(1, host.freshReport().threads("main").size());
            String line = "Cannot load an extension: /nowhere/" + NAME
                    + ": this JVM sees no such file. Give the jar's path as"
                    + " the JVM sees it, in a container that within it. All else works. See TROUBLESHOOTING.md,"
                    + " \"Cannot load an extension\".";
            assertEquals(List.of("bpf-agent: " + line), told(host));
            Await.until(SOON, host::report, () -> probe(host).get("detail").getAsString().equals(line));
            assertEquals(line, answer(set(host, "extensions=/nowhere/" + NAME + ";" + JAR)));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aJvmWithoutTheHttpClientIsTold(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).jvm("--limit-modules", "java.base,java.instrument").agent(with(JAR))
                .main(Errand.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> !told(host).isEmpty());
            assertEquals(List.of("bpf-agent: Cannot export by OTLP: this JVM runs without the module java.net.http."
                    + " Start it"
                    + " with --add-modules java.net.http, or with a Java that has that module. All else works."
                    + " See TROUBLESHOOTING.md, \"Cannot export by OTLP\"."), told(host));
        }
    }

    /** The JDK's own, whose LogManager whoever asks first settles, and which some hosts replace later. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theHostsLoggingIsNotBegun(Jdk jdk) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostJvm host = HostJvm.of(jdk).jvm(receiver.flags()).agent(with(JAR)).main(Errand.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> receiver.exports() >= 2);
            assertEquals(0, Jcmd.instancesOf(jdk, host, "java.util.logging.LogManager"));
        }
    }
}
