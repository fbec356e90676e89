package io.bpfagent.it.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.it.guest.Cli;
import io.bpfagent.it.guest.Errors;
import io.bpfagent.it.guest.Unharmed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A host that ends while the agent is being attached, at whatever moment. */
class SuddenEndIT {
    /** The agent is on after some 400 ms; primes, so that all its steps are met. */
    private static final int[] DELAYS_MS = {0, 151, 409};
    private static final int[] OTHER_DELAYS_MS = {67, 307};
    /** Of a JVM that has crashed and makes no core file; the latter where it crashes again while it reports. */
    private static final List<Integer> CRASHED = List.of(1, 128 + 6);

    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void exitsWhileItIsAttached(Jdk jdk) {
        for (int delayMs : DELAYS_MS) {
            assertEnds(jdk, delayMs, List.of(7), host -> host.send("exit 7"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void haltsWhileItIsAttached(Jdk jdk) {
        for (int delayMs : OTHER_DELAYS_MS) {
            assertEnds(jdk, delayMs, List.of(8), host -> host.send("halt 8"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void crashesWhileItIsAttached(Jdk jdk) {
        for (int delayMs : OTHER_DELAYS_MS) {
            assertEnds(jdk, delayMs, CRASHED, host -> Tools.run("kill", "-SEGV", Long.toString(host.pid())));
        }
    }

    /** The command says what has happened, and neither hangs nor leaves anything. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whoAttachesIsToldThatItHasEnded(Jdk jdk) {
        try (HostJvm host = host(jdk)) {
            // A JDK that finds nobody who listens looks for 5 s.
            Jcmd.run(jdk, host, "VM.version");
            CompletableFuture<Cli> cli = CompletableFuture.supplyAsync(() -> Cli.run(host.pid()));
            // Its jar is there: from now on it attaches.
            Path jar = Path.of("/tmp/.bpf-agent-jar-" + host.pid());
            Await.until(SOON, () -> "a jar\n" + host.report(), () -> Files.exists(jar));
            host.send("exit 7");
            assertEquals(7, host.awaitExit(), host::report);
            Cli told = cli.join();
            assertEquals(1, told.exitCode(), told::toString);
            assertEquals(1, told.stderr().size(), told::toString);
            assertTrue(Errors.headings().stream().anyMatch(told.stderr().get(0)::startsWith), told::toString);
            assertFalse(Files.exists(jar));
            Unharmed.assertSilent(host);
        }
    }

    private HostJvm host(Jdk jdk) {
        HostJvm host = SceneHost.command(jdk, "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.resolve("crash.log")).directory(directory).start();
        host.awaitLine("ready");
        SceneHost.play(host, "work");
        return host;
    }

    private void assertEnds(Jdk jdk, int delayMs, List<Integer> exitCodes, Consumer<HostJvm> way) {
        try (HostJvm host = host(jdk)) {
            CompletableFuture<Void> attach = CompletableFuture.runAsync(() -> host.attach("interval=100ms"));
            Await.sleep(delayMs);
            OurBpf held = OurBpf.heldBy(host.pid());
            way.accept(host);
            assertTrue(exitCodes.contains(host.awaitExit()), host::report);
            held.awaitGone();
            Unharmed.assertSilent(host);
            try {
                attach.join();
            } catch (CompletionException e) {
                // It was gone before it could answer.
                assertTrue(e.getCause() instanceof AssertionError, e::toString);
            }
        }
    }
}
