package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent comes and goes, and nobody can tell afterwards. */
class AttachDetachIT {
    private static final int TIMES = 10;
    /** So often as a user does it, which takes longer. */
    private static final int TIMES_BY_COMMAND = 3;
    private static final String AGENT_TIER = "io.bpfagent.agent.";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void worksWhereAKilledJvmOfAnotherUserHasLeftItsSocket(Jdk jdk) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            Path left = Files.createFile(Path.of("/tmp/.java_pid" + host.pid()));
            Files.setAttribute(left, "unix:uid", 65534);
            Cli.run(host.pid()).assertDone();
            assertInKernel(host);
            host.detach();
            assertNothingInKernel(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void leavesNothingBehindTenTimesOver(Jdk jdk) {
        // Without the JVM's own threads that come and go as it pleases.
        try (HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads")
                .main(Errand.class).start()) {
            host.awaitLine("begin");
            long descriptors = 0;
            long threads = 0;
            for (int time = 1; time <= TIMES; time++) {
                boolean byCommand = time <= TIMES_BY_COMMAND;
                if (byCommand) {
                    assertEquals("attached", Cli.run(host.pid(), "interval=100ms").assertDone().split(" ")[0]);
                } else {
                    host.attach("interval=100ms,jar=" + HostJvm.agentJar());
                    host.await("on");
                }
                OurBpf held = assertInKernel(host);
                // What is made for the first pause must go as well.
                Jcmd.run(jdk, host, "GC.run");
                Await.until(SOON, () -> "a pause\n" + host.report(), () -> !host.pauses(0).pauses().isEmpty());
                if (byCommand) {
                    assertEquals("detached from " + host.pid(), Cli.run("detach", host.pid()).assertDone());
                } else {
                    host.detach();
                }
                held.awaitGone();
                assertNothingInKernel(host);
                assertFalse(Files.exists(host.control().socket().getParent()));
                if (time == 2) {
                    // By then the JVM has what it keeps for good: its attach socket, jffi's own thread, /dev/random.
                    descriptors = count(host, "fd");
                    threads = count(host, "task");
                }
            }
            long mostDescriptors = descriptors;
            long mostThreads = threads;
            // A thread that has answered last may not have ended yet.
            Await.until(SOON, () -> count(host, "fd") + " descriptors where there were " + mostDescriptors + ", "
                    + count(host, "task") + " threads where there were " + mostThreads, () ->
                    count(host, "fd") <= mostDescriptors && count(host, "task") <= mostThreads);
            Await.until(SOON, () -> "still loaded: " + Jcmd.classesOf(jdk, host, AGENT_TIER),
                    () -> Jcmd.classesOf(jdk, host, AGENT_TIER).isEmpty());
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void attachingWhileAttachedSaysSoAndChangesNothing(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms").main(Errand.class).start()) {
            host.await("on");
            OurBpf held = assertInKernel(host);
            String line = Cli.run(host.pid(), "interval=100ms").assertDone();
            assertTrue(line.startsWith("already attached to " + host.pid()) && line.contains("nothing was changed"),
                    line);
            Cli.run(host.pid(), "interval=2s").assertFailed("Other arguments are in force", "interval=100ms, not 2s");
            // Past the command line's own look, too.
            host.attach("interval=2s");
            host.attach("no=sense");
            Await.sleep(200);
            assertTrue(host.status().get("arguments").getAsString().startsWith("interval=100ms,"));
            assertEquals(held, OurBpf.heldBy(host.pid()));
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void ofTwoAttachesAtOnceOneSaysThatTheOtherWasFaster(Jdk jdk) throws Exception {
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            CompletableFuture<Cli> first = CompletableFuture.supplyAsync(() -> Cli.run(host.pid(), "interval=100ms"));
            CompletableFuture<Cli> second = CompletableFuture.supplyAsync(() -> Cli.run(host.pid(), "interval=200ms"));
            List<Cli> both = List.of(first.get(), second.get());
            List<Cli> done = both.stream().filter(cli -> cli.exitCode() == 0).toList();
            assertEquals(1, done.size(), both::toString);
            assertTrue(done.get(0).assertDone().startsWith("attached to " + host.pid()), both::toString);
            Cli refused = both.get(1 - both.indexOf(done.get(0)));
            String there = host.status().get("arguments").getAsString().replaceFirst(",.*", "");
            refused.assertFailed("Other arguments are in force", there + ", not "
                    + (there.contains("100") ? "200ms" : "100ms"));
            assertEquals(there, both.indexOf(done.get(0)) == 0 ? "interval=100ms" : "interval=200ms");
            assertInKernel(host);
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void worksOnWhenItsJarIsDeleted(Jdk jdk) throws IOException {
        Path jar = Files.copy(HostJvm.agentJar(), directory.resolve("bpf-agent.jar"));
        try (HostJvm host = HostJvm.of(jdk).agent(jar, "interval=100ms").main(Errand.class).start()) {
            host.await("on");
            Files.delete(jar);
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            assertTrue(host.hist().getAsJsonArray("histograms").size() > 0);
            OurBpf held = assertInKernel(host);
            host.detach();
            held.awaitGone();
            assertTrue(Cli.run(host.pid()).assertDone().startsWith("attached to " + host.pid()));
            assertEquals("on", host.status().get("state").getAsString());
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nothingIsLeftInTheKernelOfAHostThatWasKilled(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("").main(Errand.class).start()) {
            host.await("on");
            OurBpf held = assertInKernel(host);
            host.kill();
            held.awaitGone();
        }
    }

    private static long count(HostJvm host, String kind) {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(host.pid()), kind))) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
