package io.bpfagent.it.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.exports.PromQuery;
import io.bpfagent.it.exports.PromServer;
import io.bpfagent.workload.OrderServer;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 23 requests of each kind to real servers: exact counts, by the name of the route. */
class RequestsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int TIMES = 23;
    private static final long MS = 1_000_000;
    private static final String AGENT = "interval=100ms,requests=true,slow.blocked_sleep=40ms,metrics=all+syscall";
    private static final Set<String> NANOSLEEPS = Set.of("nanosleep", "clock_nanosleep");
    private static final String LIBRARIES = "(h2|jetty-.*|slf4j-api|tomcat-.*|netty-.*|opentelemetry-.*)-[0-9].*\\.jar";

    @TempDir
    Path directory;

    static Stream<Arguments> serversOnAllJdks() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of("jdk", "jetty", "tomcat", "netty")
                .map(server -> Arguments.of(jdk, server)));
    }

    private static Path[] libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(path -> path.getFileName().toString().matches(LIBRARIES)).toArray(Path[]::new);
    }

    private static int ready(HostJvm host) {
        return Integer.parseInt(host.awaitLine("ready ").substring("ready ".length()));
    }

    private static void get(int port, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        assertEquals(204, connection.getResponseCode());
    }

    private static void getAll(int port, String path) throws IOException {
        for (int i = 0; i < TIMES; i++) {
            get(port, path + i + "?x=" + i);
        }
    }

    /** Until all hooks are woven in: the agent is on before. */
    private static void awaitHooks(HostJvm host) {
        Await.until(SOON, () -> "all hooks\n" + host.status(), () -> {
            boolean woven = false;
            for (JsonElement element : host.status().getAsJsonArray("probes")) {
                JsonObject probe = element.getAsJsonObject();
                String name = probe.get("name").getAsString();
                if (name.equals("hooks")) {
                    return false;
                }
                woven |= name.equals("executor");
            }
            return woven;
        });
    }

    private static JsonObject freshContexts(HostJvm host) {
        host.freshReport();
        return host.control().get(ControlClient.request("contexts"));
    }

    private static JsonObject context(JsonObject contexts, String kind, String name) {
        for (JsonElement element : contexts.getAsJsonArray("contexts")) {
            JsonObject context = element.getAsJsonObject();
            if (context.get("name").getAsString().equals(name) && context.get("kind").getAsString().equals(kind)) {
                return context;
            }
        }
        throw new AssertionError("no " + kind + " " + name + " in " + contexts);
    }

    private static JsonObject exclusive(JsonObject context, String state) {
        return context.getAsJsonObject("exclusive").getAsJsonObject(state);
    }

    /** How often the kernel made the server wait as it slept, or as its JVM did on its own account, up to here. */
    private static long waits(HostJvm host, String where) {
        host.send(where);
        String begin = "waits " + where + " ";
        long waits = Long.parseLong(host.awaitLine(begin).substring(begin.length()));
        host.freshReport();
        return waits + Histogram.all(host.histOfOperation("syscall", "all")).stream()
                .filter(call -> NANOSLEEPS.contains(call.operation())).mapToLong(Histogram::count).sum();
    }

    /** @param waits at most how often the kernel made the server wait as it slept there */
    private static void assertSlept(JsonObject contexts, String name, long waits) {
        JsonObject context = context(contexts, "request", name);
        JsonObject sleep = exclusive(context, "blocked_sleep");
        assertEquals(TIMES, context.get("count").getAsInt(), context::toString);
        int sleeps = sleep.get("count").getAsInt();
        assertTrue(sleeps >= TIMES && sleeps <= waits, () -> waits + " " + contexts.get("losses") + " " + context);
        long ns = sleep.get("ns").getAsLong();
        assertTrue(ns >= TIMES * 49 * MS && ns < TIMES * 70 * MS, context::toString);
    }

    @ParameterizedTest
    @MethodSource("serversOnAllJdks")
    void countsExactly(Jdk jdk, String server) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).classPath(libraries()).agent(AGENT)
                .main(OrderServer.class, server, directory.toString()).start()) {
            host.await("on");
            int port = ready(host);
            awaitHooks(host);
            getAll(port, "/orders/");
            long ordersWaits = waits(host, "orders");
            getAll(port, "/tasks/");
            long tasksWaits = waits(host, "tasks") - ordersWaits;
            JsonObject contexts = freshContexts(host);
            JsonObject orders = context(contexts, "request", "GET /orders/*");
            assertSlept(contexts, "GET /orders/*", ordersWaits);
            // An fsync may wait for more than one thing.
            assertTrue(exclusive(orders, "blocked_disk").get("count").getAsInt() >= TIMES, orders::toString);
            JsonObject insert = context(contexts, "statement", "insert orders");
            assertEquals(TIMES, insert.get("count").getAsInt(), insert::toString);
            assertEquals(0, exclusive(insert, "blocked_sleep").get("count").getAsInt(), insert::toString);
            assertSlept(contexts, "GET /tasks/*", tasksWaits);
            assertEnds(host);
        }
    }

    /** What runs already when the agent comes, and goes on when it has gone. */
    @ParameterizedTest
    @MethodSource("serversOnAllJdks")
    void comesAndGoesWhileItRuns(Jdk jdk, String server) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).classPath(libraries())
                .main(OrderServer.class, server, directory.toString()).start()) {
            int port = ready(host);
            getAll(port, "/tasks/");
            for (int time = 0; time < 2; time++) {
                host.attach(AGENT);
                host.await("on");
                awaitHooks(host);
                long before = waits(host, "before " + time);
                getAll(port, "/tasks/");
                assertSlept(freshContexts(host), "GET /tasks/*", waits(host, "after " + time) - before);
                host.detach();
                get(port, "/tasks/1");
            }
            assertEnds(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void slowEventsCarryTheSpan(Jdk jdk) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).classPath(libraries()).agent(AGENT)
                .main(OrderServer.class, "jdk", directory.toString()).start()) {
            host.await("on");
            int port = ready(host);
            awaitHooks(host);
            // More than once: HotSpot's timed waits are cut in two now and then, and then none of the parts is slow.
            for (int i = 0; i < 5; i++) {
                get(port, "/spans/" + i);
                get(port, "/orders/" + i);
            }
            Await.until(SOON, () -> "two slow sleeps\n" + host.control().get(ControlClient.request("events")),
                    () -> event(host, OrderServer.TRACE) != null && event(host, null) != null);
            JsonObject traced = event(host, OrderServer.TRACE);
            assertEquals(OrderServer.SPAN, traced.getAsJsonObject("trace").get("spanId").getAsString(),
                    traced::toString);
            assertEquals("GET /spans/*", traced.get("context").getAsString(), traced::toString);
            assertEquals("GET /orders/*", event(host, null).get("context").getAsString());
            assertEnds(host);
        }
    }

    /** From a histogram to the trace of what took so long; a server that keeps native histograms gets protobuf. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void exemplarsOfPrometheusLeadToTheTrace(boolean nativeHistograms) throws IOException {
        int scraped = PromServer.freePort();
        PromServer.Command command = PromServer.in(directory).target("shop", scraped);
        try (HostJvm host = HostJvm.of(Jdks.newest()).classPath(libraries()).agent(AGENT + ",prometheus=" + scraped)
                .main(OrderServer.class, "jdk", directory.toString()).start();
                PromServer server = (nativeHistograms ? command : command.classic()).start()) {
            host.await("on");
            int port = ready(host);
            awaitHooks(host);
            for (int i = 0; i < 5; i++) {
                get(port, "/spans/" + i);
            }
            String series = "bpfagent_blocked_seconds" + (nativeHistograms ? "" : "_bucket");
            String selector = series + "{reason=\"sleep\"}";
            Await.until(SOON, () -> "an exemplar\n" + host.control().get(ControlClient.request("events")),
                    () -> !server.query().exemplars(selector).isEmpty());
            for (PromQuery.Exemplar exemplar : server.query().exemplars(selector)) {
                assertEquals(series, exemplar.series().get("__name__"));
                assertEquals(Map.of("trace_id", OrderServer.TRACE, "span_id", OrderServer.SPAN), exemplar.labels());
                assertTrue(exemplar.value() >= 0.04 && exemplar.value() < SOON.toSeconds(), exemplar::toString);
            }
            assertEnds(host);
        }
    }

    /** The slow sleep within a request, in that trace or in none; null if there is none yet. */
    private static JsonObject event(HostJvm host, String trace) {
        for (JsonElement element : host.control().get(ControlClient.request("events")).getAsJsonArray("events")) {
            JsonObject event = element.getAsJsonObject();
            JsonObject its = event.getAsJsonObject("trace");
            if (event.get("metric").getAsString().equals("blocked_sleep") && event.has("context")
                    && !event.get("context").isJsonNull()
                    && (trace == null ? its == null : its != null && its.get("traceId").getAsString().equals(trace))) {
                return event;
            }
        }
        return null;
    }

    private static void assertEnds(HostJvm host) {
        assertTrue(host.isAlive(), host::report);
        assertTrue(host.stdout().stream().allMatch(line -> line.matches("(ready|waits) .*")), host::report);
    }
}
