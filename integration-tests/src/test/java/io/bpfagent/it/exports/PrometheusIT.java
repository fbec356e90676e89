package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code prometheus=} in real JVMs: when it is there and when it is not. What a real server makes of it is elsewhere.
 */
class PrometheusIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration COLLECTED = Duration.ofSeconds(40);
    private static final int TIMES = 23;
    private static final String CLASSES = "io.bpfagent.client";

    private final HttpClient client = HttpClient.newHttpClient();

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String scrape(int port) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .header("Accept", "application/openmetrics-text").build(), BodyHandlers.ofString()).body();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static JsonObject probe(HostJvm host) {
        for (JsonElement probe : host.status().getAsJsonArray("probes")) {
            if (probe.getAsJsonObject().get("name").getAsString().equals("prometheus")) {
                return probe.getAsJsonObject();
            }
        }
        return new JsonObject();
    }

    private static String set(HostJvm host, String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        JsonObject answer = host.control().ask(request);
        return answer.has("error") ? answer.get("error").getAsString() : "ok";
    }

    private static List<String> told(HostJvm host) {
        return host.stderr().stream().filter(line -> line.startsWith("bpf-agent: ")).toList();
    }

    private static double value(String text, String series) {
        return text.lines().filter(line -> line.startsWith(series + " ")).findFirst()
                .map(line -> Double.parseDouble(line.substring(series.length() + 1).split(" ")[0])).orElse(-1.0);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theNumbersAreThoseOfTheOtherReports(Jdk jdk) throws Exception {
        int port = freePort();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",prometheus=" + port)) {
            Await.until(SOON, host::report, () -> listens(port));
            SceneHost.play(host, "prepare");
            SceneHost.play(host, "exact " + TIMES);
            host.freshReport();
            // It has not parked since: the numbers stand still.
            Histogram reported = host.histogramOfPool("blocked_park", "exact parker");
            String text = scrape(port);
            String labels = "{pool=\"exact parker\",reason=\"park\"}";
            assertEquals(reported.count(), value(text, "bpfagent_blocked_seconds_count" + labels));
            assertEquals(reported.sumNs() / 1e9, value(text, "bpfagent_blocked_seconds_sum" + labels));
            assertEquals(reported.sumNs() / 1e9, value(text,
                    "bpfagent_state_seconds_total{pool=\"exact parker\",state=\"blocked_park\"}"));
            String version = host.status().get("version").getAsString();
            assertEquals(1, value(text, "bpfagent_info{version=\"" + version + "\"}"));
            assertTellsItsCost(host, port);
            assertTrue(probe(host).get("detail").getAsString()
                    .startsWith("http://127.0.0.1:" + port + "/metrics, "), probe(host)::toString);
            List<String> threads = Jcmd.run(jdk, host, "Thread.print").stream()
                    .filter(line -> line.contains("HTTP-") || line.contains("idle-timeout")).toList();
            assertEquals(List.of(), threads);
            assertEquals(List.of(), told(host));
        }
    }

    /** What the agent itself took: as much as {@code status} said before, and no more than it says afterwards. */
    private void assertTellsItsCost(HostJvm host, int port) throws IOException, InterruptedException {
        // It is not known before the agent's first second is over.
        Await.until(SOON, host::report, () -> host.status().get("cost").isJsonObject());
        JsonObject before = totalCost(host);
        String text = scrape(port);
        JsonObject after = totalCost(host);
        for (String part : List.of("threads", "programs")) {
            String key = part.equals("threads") ? "threadCpuNs" : "programNs";
            double told = value(text, "bpfagent_agent_cpu_seconds_total{part=\"" + part + "\"}");
            assertTrue(told > 0 && told >= before.get(key).getAsLong() / 1e9
                    && told <= after.get(key).getAsLong() / 1e9, () -> part + " " + told + ", " + before + after);
        }
        assertEquals(host.status().get("kernelMemoryBytes").getAsLong(),
                value(text, "bpfagent_agent_kernel_memory_bytes"));
    }

    private static JsonObject totalCost(HostJvm host) {
        return host.status().getAsJsonObject("cost").getAsJsonObject("total");
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void itComesAndGoesWhileTheAgentIsThere(Jdk jdk) throws Exception {
        int port = freePort();
        try (HostJvm host = HostJvm.of(jdk).agent(SceneHost.INTERVAL).main(Errand.class).start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            host.await("on");
            assertEquals(List.of(), Jcmd.classesOf(jdk, host, CLASSES));
            Await.until(SOON, host::report, () -> set(host, "prometheus=" + port).equals("ok"));
            assertTrue(scrape(port).endsWith("# EOF\n"));
            assertFalse(Jcmd.classesOf(jdk, host, CLASSES).isEmpty());

            String refused = set(host, "prometheus=" + taken.getLocalPort());
            assertTrue(refused.startsWith("Cannot serve Prometheus at 127.0.0.1:" + taken.getLocalPort()
                    + ": something else listens there."), refused);
            assertTrue(scrape(port).endsWith("# EOF\n"), "the old address answers on");
            assertEquals("ok", set(host, "prometheus=0.0.0.0:" + port), "the same port, everywhere");
            assertTrue(scrape(port).endsWith("# EOF\n"));

            assertEquals("ok", set(host, "prometheus=off"));
            assertFalse(listens(port));
            assertEquals(new JsonObject(), probe(host));
            Await.until(COLLECTED, () -> Jcmd.classesOf(jdk, host, CLASSES) + "\n" + host.report(), () -> {
                Jcmd.run(jdk, host, "GC.run");
                return Jcmd.classesOf(jdk, host, CLASSES).isEmpty();
            });
            assertEquals(List.of(), Jcmd.run(jdk, host, "Thread.print").stream()
                    .filter(line -> line.contains("bpf-agent-prometheus")).toList());
            assertEquals(List.of(), told(host));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aBusyPortIsOneLineAndTheAgentGoesOn(Jdk jdk) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",prometheus=" + taken.getLocalPort())) {
            Await.until(SOON, host::report, () -> !told(host).isEmpty());
            assertEquals(1, told(host).size(), told(host)::toString);
            assertTrue(told(host).get(0).startsWith("bpf-agent: Cannot serve Prometheus at 127.0.0.1:"
                    + taken.getLocalPort() + ": something else listens there. Choose another port"), told(host).get(0));
            assertEquals("failed", probe(host).get("status").getAsString());
            int port = freePort();
            assertEquals("ok", set(host, "prometheus=" + port));
            assertEquals("attached", probe(host).get("status").getAsString());
            host.detach();
            assertFalse(listens(port));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aJvmWithoutTheJdksServerSaysWhatItNeeds(Jdk jdk) throws Exception {
        try (HostJvm host = HostJvm.of(jdk).jvm("--limit-modules",
                "java.base,java.instrument,java.management,jdk.unsupported,jdk.attach")
                .agent(SceneHost.INTERVAL + ",prometheus=" + freePort()).main(Errand.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> !told(host).isEmpty());
            assertEquals(1, told(host).size(), told(host)::toString);
            assertTrue(told(host).get(0).contains("this JVM has no module jdk.httpserver. Start it with --add-modules"
                    + " jdk.httpserver"), told(host).get(0));
            assertEquals("failed", probe(host).get("status").getAsString());
        }
    }
}
