package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.ByteWatch;
import io.bpfagent.workload.Woven;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What hooks do to a host's classes: contexts begin and end, and when the agent has gone all is as before. */
class HooksIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String CLASS = Woven.class.getName();
    private static final String TRACE = "interval=100ms,max-cost=off,trace=" + CLASS + ".place*," + CLASS + ".save,"
            + CLASS + ".fail,"
            + CLASS + "$*.*";

    @TempDir
    Path directory;
    private int asked;
    private int watched;

    private static Path library(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(":")).map(Path::of)
                .filter(path -> path.getFileName().toString().matches(name + "(-[0-9.]+)?\\.jar")).findFirst()
                .orElseThrow();
    }

    private static HostCommand host(Jdk jdk) {
        return HostJvm.of(jdk).classPath(library("bpf-agent-api")).main(Woven.class);
    }

    private String ask(HostJvm host, String what) {
        asked++;
        host.send(what);
        String begin = what + " " + asked + " ";
        return host.awaitLine(begin).substring(begin.length());
    }

    /** Of a hook, once it is done; what the status says of it. */
    private static String awaitHook(HostJvm host, String name, String detail) {
        String[] last = {null};
        Await.until(SOON, () -> name + " " + detail + ", not " + last[0] + "\n" + host.report() + host.status(), () -> {
            last[0] = null;
            boolean busy = false;
            for (JsonElement element : host.status().getAsJsonArray("probes")) {
                JsonObject probe = element.getAsJsonObject();
                String is = probe.get("name").getAsString();
                // What is said while there is something to weave.
                busy |= is.equals("hooks");
                if (is.equals(name)) {
                    last[0] = probe.get("detail").getAsString();
                }
            }
            return !busy && last[0] != null && last[0].startsWith(detail);
        });
        return last[0];
    }

    private static void set(HostJvm host, String text) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", text);
        host.control().get(request);
    }

    private static void assertEnds(HostJvm host) {
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertEquals("end", host.stdout().get(host.stdout().size() - 1), host::report);
    }

    private void assertTraces(HostJvm host) {
        assertEquals(CLASS + ".placeOrder>" + CLASS + ".save", ask(host, "place"));
        assertEquals(CLASS + ".fail then -", ask(host, "throw"));
        assertEquals("basket", ask(host, "open"));
        assertEquals("checkout", ask(host, "named"));
        assertEquals("-", ask(host, "nothing"));
    }

    /**
     * The class that does so is loaded then, all agents are asked about it, and one that opens such a URL to answer has
     * the JVM refuse them to the host for good.
     */
    private static void assertOpensNoJdkUrl(Jdk jdk, HostJvm host) {
        List<String> loaded = Jcmd.run(jdk, host, "VM.class_hierarchy");
        assertTrue(loaded.stream().anyMatch(line -> line.contains("io.bpfagent.hooks.weave.HostWeaver")));
        assertFalse(loaded.stream().anyMatch(line -> line.contains("jrt.JavaRuntimeURLConnection$1")));
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void methodsAndTheApplicationsOwnContextsFromTheStart(Jdk jdk) {
        try (HostJvm host = host(jdk).agent(TRACE).start()) {
            host.await("on");
            awaitHook(host, "trace", "in ");
            awaitHook(host, "api annotation", "in ");
            assertOpensNoJdkUrl(jdk, host);
            assertTraces(host);
            assertEquals(CLASS + "$Later.name", ask(host, "later"));
            assertEquals(CLASS + "$Apart.run collected", ask(host, "loader"));
            assertEnds(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatIsSetWhileTheAgentIsThere(Jdk jdk) {
        try (HostJvm host = host(jdk).agent("interval=100ms,max-cost=off,contexts=on").start()) {
            host.await("on");
            awaitHook(host, "api annotation", "in 1 class");
            assertEquals("-", ask(host, "place"));
            set(host, "trace=" + CLASS + ".save");
            awaitHook(host, "trace", "in 1 class");
            assertEquals(CLASS + ".save", ask(host, "place"));
            set(host, "trace=" + CLASS + ".placeOrder," + CLASS + ".none");
            Await.until(SOON, host::report, () -> ask(host, "place").equals(CLASS + ".placeOrder"));
            set(host, "trace=off");
            Await.until(SOON, host::report, () -> ask(host, "place").equals("-"));
            assertEquals("basket", ask(host, "open"));
            assertEnds(host);
            assertSilent(host);
        }
    }

    /** As an agent beside sees them: on 17 as they are, on later ones without constants that nothing uses. */
    private String bytes(Jdk jdk, HostJvm host, Path watch) {
        watched++;
        host.attach(watch, "");
        return host.awaitLine("bytes " + watched + " ").split(" ")[jdk.release() == 17 ? 2 : 3];
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyClassHasItsOwnBytesAfterDetach(Jdk jdk) throws IOException {
        Path watch = byteWatch();
        try (HostJvm host = host(jdk).classPath(library("byte-buddy")).classPath(library("h2")).start()) {
            host.awaitLine("begin");
            String before = bytes(jdk, host, watch);
            for (int time = 0; time < 2; time++) {
                host.attach(TRACE + ",requests=true");
                host.await("on");
                awaitHook(host, "trace", "in ");
                awaitHook(host, "executor", "in ");
                awaitHook(host, "jdbc", "in ");
                assertTraces(host);
                assertNotEquals(before, bytes(jdk, host, watch));
                host.detach();
                assertNothingInKernel(host);
                assertEquals(before, bytes(jdk, host, watch));
                assertEquals("-", ask(host, "place"));
                assertEquals("-", ask(host, "open"));
            }
            // Of what weaves nothing is left, but a moment later: its thread has to end.
            Await.until(SOON, host::report, () -> Jcmd.classesOf(jdk, host, "io.bpfagent.hooks").isEmpty()
                    && Jcmd.classesOf(jdk, host, "io.bpfagent.bytebuddy").isEmpty());
            assertEnds(host);
            assertSilent(host);
        }
    }

    /** Its spans of the same methods, which it tells on stderr. */
    private static HostCommand withOpenTelemetry(HostCommand host) {
        return host.jvm("-javaagent:" + library("opentelemetry-javaagent"), "-Dotel.traces.exporter=logging",
                "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none",
                "-Dotel.instrumentation.methods.include=" + CLASS + "[placeOrder,save]");
    }

    private static long spans(HostJvm host) {
        return host.stderr().stream().filter(line -> line.contains("'Woven.save'")).count();
    }

    private void assertBothWork(HostJvm host, boolean traced) {
        assertEquals(traced ? CLASS + ".placeOrder>" + CLASS + ".save" : "-", ask(host, "place"), host::report);
        long calls = host.stdout().stream().filter(line -> line.startsWith("place ")).count();
        Await.until(SOON, host::report, () -> spans(host) == calls);
    }

    private void assertBothGoOn(HostJvm host) {
        // It takes its time to begin.
        host.awaitLine("begin", Duration.ofMinutes(5));
        host.await("on");
        awaitHook(host, "trace", "in ");
        assertBothWork(host, true);
        set(host, "trace=off");
        Await.until(SOON, host::report, () -> ask(host, "place").equals("-"));
        assertBothWork(host, false);
        set(host, TRACE);
        awaitHook(host, "trace", "in ");
        assertBothWork(host, true);
        host.detach();
        assertNothingInKernel(host);
        assertBothWork(host, false);
        host.attach(TRACE);
        host.await("on");
        awaitHook(host, "trace", "in ");
        assertBothWork(host, true);
        assertEnds(host);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideOpenTelemetryThatCameFirst(Jdk jdk) {
        try (HostJvm host = withOpenTelemetry(host(jdk)).agent(TRACE).start()) {
            assertBothGoOn(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideOpenTelemetryThatComesLater(Jdk jdk) {
        try (HostJvm host = withOpenTelemetry(host(jdk).agent(TRACE)).start()) {
            assertBothGoOn(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void withoutContextsNothingOfHooksIsLoaded(Jdk jdk) {
        try (HostJvm host = host(jdk).agent("interval=100ms").start()) {
            host.await("on");
            assertEquals("-", ask(host, "open"));
            assertTrue(Jcmd.run(jdk, host, "VM.class_hierarchy").size() > 100);
            for (String line : Jcmd.run(jdk, host, "VM.class_hierarchy")) {
                assertFalse(line.contains("io.bpfagent.bytebuddy") || line.contains("io.bpfagent.boot")
                        || line.contains("io.bpfagent.hooks.weave"), line);
            }
            JsonObject request = ControlClient.request("set");
            request.addProperty("arguments", "trace=" + CLASS + ".save");
            String refusal = host.control().ask(request).toString();
            assertTrue(refusal.contains("trace needs an agent that began with contexts"), refusal);
            assertEnds(host);
        }
    }

    private Path byteWatch() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Agent-Class", ByteWatch.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        Path jar = directory.resolve("byte-watch.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream written =
                new JarOutputStream(out, manifest)) {
            written.flush();
        }
        return jar;
    }
}
