package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.LongLife;
import io.bpfagent.workload.OtherAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside other agents and profilers, whoever came first: each works, and goes without taking the other along. */
class OtherAgentsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String OURS = "interval=100ms,slow.file_sync=0";

    @TempDir
    Path directory;
    private Path otherAgent;
    private int asked;

    @BeforeEach
    void makeOtherAgent() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String key : List.of("Premain-Class", "Agent-Class")) {
            manifest.getMainAttributes().putValue(key, OtherAgent.class.getName());
        }
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        otherAgent = directory.resolve("other-agent.jar");
        try (OutputStream out = Files.newOutputStream(otherAgent); JarOutputStream jar = new JarOutputStream(out,
                manifest)) {
            jar.flush();
        }
    }

    /** A file of the test's own class path. */
    private static Path library(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(":")).map(Path::of)
                .filter(path -> path.getFileName().toString().matches(name + "-[0-9.]+\\.jar")).findFirst()
                .orElseThrow();
    }

    private static HostCommand host(Jdk jdk) {
        return HostJvm.of(jdk).main(LongLife.class);
    }

    private static void assertWeWork(HostJvm host) {
        assertInKernel(host);
        assertTrue(host.freshReport().thread("main").wallNs() > 0);
        Await.until(SOON, () -> "pauses and slow events\n" + host.status(),
                () -> !host.pauses(0).pauses().isEmpty() && host.freshEvents().seen() > 0);
    }

    private static void assertEnds(HostJvm host) {
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertEquals("end", host.stdout().get(host.stdout().size() - 1), host::report);
    }

    private long calls(HostJvm host) {
        asked++;
        host.send("calls");
        return Long.parseLong(host.awaitLine("calls " + asked + " ").split(" ")[2]);
    }

    private void assertOtherWorks(HostJvm host) {
        long before = calls(host);
        Await.until(SOON, () -> "more than " + before + " calls\n" + host.report(), () -> calls(host) > before);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideAByteBuddyAgentThatCameFirst(Jdk jdk) {
        try (HostJvm host = host(jdk).classPath(library("byte-buddy")).jvm("-javaagent:" + otherAgent).agent(OURS)
                .start()) {
            host.await("on");
            assertOtherWorks(host);
            assertWeWork(host);
            host.detach();
            assertNothingInKernel(host);
            assertOtherWorks(host);
            host.attach(OURS);
            host.await("on");
            assertWeWork(host);
            assertOtherWorks(host);
            assertEnds(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideAByteBuddyAgentThatComesLater(Jdk jdk) {
        try (HostJvm host = host(jdk).classPath(library("byte-buddy")).agent(OURS).start()) {
            host.await("on");
            host.attach(otherAgent, "");
            assertOtherWorks(host);
            assertWeWork(host);
            host.detach();
            assertNothingInKernel(host);
            assertOtherWorks(host);
            assertEnds(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideFlightRecorder(Jdk jdk) {
        Path before = directory.resolve("before.jfr");
        Path after = directory.resolve("after.jfr");
        try (HostJvm host = host(jdk).jvm("-XX:StartFlightRecording=name=first,settings=profile").start()) {
            host.awaitLine("begin");
            host.attach(OURS);
            host.await("on");
            assertWeWork(host);
            Jcmd.run(jdk, host, "JFR.dump", "name=first", "filename=" + before);
            Jcmd.run(jdk, host, "JFR.stop", "name=first");
            Jcmd.run(jdk, host, "JFR.start", "name=second", "settings=profile");
            assertWeWork(host);
            host.detach();
            assertNothingInKernel(host);
            Jcmd.run(jdk, host, "JFR.dump", "name=second", "filename=" + after);
            assertTrue(before.toFile().length() > 10_000 && after.toFile().length() > 10_000, host::report);
            assertEnds(host);
            assertSilent(host);
        }
    }

    /**
     * Its signals interrupt the thread that loads programs: the kernel then gives up the verifier's work with EAGAIN.
     */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideAsyncProfilerThatCameFirst(Jdk jdk) throws IOException {
        Path profile = directory.resolve("first.collapsed");
        Path profiler = profiler();
        try (HostJvm host = host(jdk).jvm("-agentpath:" + profiler + "=start,event=wall,interval=100us,collapsed,file="
                + profile).agent(OURS).start()) {
            host.await("on");
            assertWeWork(host);
            host.detach();
            assertNothingInKernel(host);
            host.attach(OURS);
            host.await("on");
            assertWeWork(host);
            stop(jdk, host, profiler, profile);
            assertWeWork(host);
            assertEnds(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void besideAsyncProfilerThatComesLater(Jdk jdk) throws IOException {
        Path profile = directory.resolve("later.collapsed");
        Path profiler = profiler();
        try (HostJvm host = host(jdk).agent(OURS).start()) {
            host.await("on");
            for (String event : List.of("itimer", "wall")) {
                Jcmd.run(jdk, host, "JVMTI.agent_load", profiler.toString(), "\"start,event=" + event
                        + ",interval=1ms\"");
                assertWeWork(host);
                stop(jdk, host, profiler, profile);
                    Files.delete(profile);
            }
            host.detach();
            assertNothingInKernel(host);
            assertEnds(host);
            assertSilent(host);
        }
    }

    /** Once it has seen the host at work, which takes the longer the less of a CPU the host gets. */
    private static void stop(Jdk jdk, HostJvm host, Path profiler, Path profile) {
        Await.until(SOON, () -> "the host in " + profile, () -> {
            Jcmd.run(jdk, host, "JVMTI.agent_load", profiler.toString(), "\"dump,collapsed,file=" + profile + "\"");
            return isProfiled(profile);
        });
        Jcmd.run(jdk, host, "JVMTI.agent_load", profiler.toString(), "\"stop,collapsed,file=" + profile + "\"");
        assertTrue(isProfiled(profile), profile::toString);
    }

    private static boolean isProfiled(Path profile) {
        try {
            return Files.readString(profile).contains(LongLife.class.getName().replace('.', '/'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its library, out of the jar of Maven Central. */
    private Path profiler() throws IOException {
        try (JarFile jar = new JarFile(library("async-profiler").toFile())) {
            String entry = jar.stream().map(file -> file.getName())
                    .filter(name -> name.matches("linux-x64/libasyncProfiler\\.so")).findFirst().orElseThrow();
            Path file = directory.resolve("libasyncProfiler.so");
            Files.copy(jar.getInputStream(jar.getEntry(entry)), file);
            return file;
        }
    }
}
