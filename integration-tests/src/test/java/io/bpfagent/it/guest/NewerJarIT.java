package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertOnlyLine;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.NewerJar;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that had an older agent gets a newer one without a restart. */
class NewerJarIT {
    private static final String JMX_START = "META-INF/bpf-agent/agent/io/bpfagent/report/JmxStart.class";
    private static final String NATIVE_TIER = "META-INF/bpf-agent/natives/io/bpfagent/natives/NativeTier.class";
    private static final String OLDER = "Waits for the host or a client to start JMX";
    private static final String NEWER = "Waits for the host or a client to START JMX";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static NewerJar newer() {
        return NewerJar.of(HostJvm.agentJar()).version("9.9.9").text(JMX_START, OLDER, NEWER);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theNewerCodeRunsAndTheOlderIsUnloaded(Jdk jdk) throws IOException {
        Path newerCli = NewerJar.of(HostJvm.cliJar())
                .put("bpf-agent.jar", Files.readAllBytes(newer().write(directory.resolve("newer.jar"))))
                .write(directory.resolve("newer-cli.jar"));
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms").main(Errand.class).start()) {
            assertRuns(OLDER, host.await("on"));
            assertLoaders(jdk, host, 2);
            Cli.run("detach", host.pid()).assertDone();
            // What was the older agent's is collected before there is any newer one: only the libraries' loader stays.
            assertLoaders(jdk, host, 1);
            String line = Cli.run(List.of(), newerCli, host.pid(), "interval=100ms").assertDone();
            assertTrue(line.startsWith("attached to " + host.pid() + ": agent 9.9.9 is on"), line);
            assertRuns(NEWER, host.status());
            assertInKernel(host);
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            assertLoaders(jdk, host, 2);
            // And back again, with the older command line.
            Cli.run("detach", host.pid()).assertDone();
            Cli.run(host.pid()).assertDone();
            assertRuns(OLDER, host.status());
            host.detach();
            assertLoaders(jdk, host, 1);
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void newerNativeLibrariesAreLoadedBesideTheOlder(Jdk jdk) {
        Path newer = newer().text(NATIVE_TIER, "or name an existing one", "or NAME an existing one")
                .put("META-INF/bpf-agent/natives.checksum", "another".getBytes(StandardCharsets.US_ASCII))
                .write(directory.resolve("newer.jar"));
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms").main(Errand.class).start()) {
            host.await("on");
            host.detach();
            host.attach("interval=100ms,jar=" + newer);
            assertRuns(NEWER, host.await("on"));
            assertInKernel(host);
            host.detach();
            // The loader of libraries that were bound cannot be collected: one for each build of them.
            assertLoaders(jdk, host, 2);
            host.attach("libbpf=/nonexistent,jar=" + newer);
            String error = host.await("failed").get("error").getAsString();
            assertTrue(error.contains("or NAME an existing one"), error);
            host.detach();
            assertEndsAsEver(host, jdk);
            assertOnlyLine(error, host);
        }
    }

    private static void assertRuns(String text, JsonObject status) {
        assertTrue(status.toString().contains(text), status::toString);
        assertEquals(text.equals(NEWER), status.get("version").getAsString().equals("9.9.9"), status::toString);
    }

    /** After a collection of garbage there are so many of our class loaders. */
    private static void assertLoaders(Jdk jdk, HostJvm host, int count) {
        Await.until(SOON, () -> Jcmd.run(jdk, host, "GC.class_histogram").stream()
                .filter(line -> line.contains("io.bpfagent.")).toList().toString(),
                () -> Jcmd.instancesOf(jdk, host, "io.bpfagent.TierLoader") == count);
    }
}
