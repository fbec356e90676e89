package io.bpfagent.it.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.LeftFiles;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.it.guest.Cli;
import io.bpfagent.it.guest.Errors;
import io.bpfagent.it.guest.Unharmed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A host that ends while the agent is being attached, at moments that are seen from outside: so they are met on a slow
 * machine too.
 */
class SuddenEndIT {
    /** Of a JVM that has crashed and makes no core file; the latter where it crashes again while it reports. */
    private static final List<Integer> CRASHED = List.of(1, 128 + 6);
    /** Hosts of which one at least is met with programs loaded and the agent not on: each lets 0.2 s for that. */
    private static final int TRIES = 10;

    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    /** What a host has of the agent when it is ended, or more. */
    private enum Moment {
        /** Nothing: somebody is about to attach. */
        ASKED,
        /** The libraries' files. */
        EXTRACTED,
        /** Programs in the kernel. */
        LOADED,
        /** A control channel: the agent is on. */
        ON
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void exitsWhileItIsAttached(Jdk jdk) {
        Consumer<HostJvm> exit = host -> {
            host.send("exit 7");
            assertEquals(7, host.awaitExit(), host::report);
            // Whatever it was that the agent was doing.
            assertEquals(List.of(), LeftFiles.inTmp(host.pid()));
            assertEquals(List.of(), LeftFiles.in(directory));
        };
        end(jdk, Moment.ASKED, exit);
        end(jdk, Moment.EXTRACTED, exit);
        endHalfAttached(jdk, exit);
        end(jdk, Moment.ON, exit);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void haltsWhileItIsAttached(Jdk jdk) {
        assertNextTidiesUp(jdk, host -> {
            host.send("halt 8");
            assertEquals(8, host.awaitExit(), host::report);
        });
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void crashesWhileItIsAttached(Jdk jdk) {
        assertNextTidiesUp(jdk, host -> {
            Tools.run("kill", "-SEGV", Long.toString(host.pid()));
            assertTrue(CRASHED.contains(host.awaitExit()), host::report);
        });
    }

    /** The command says what has happened, and neither hangs nor leaves anything. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whoAttachesIsToldThatItHasEnded(Jdk jdk) {
        OurBpf before = OurBpf.inKernel();
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
            assertEquals(List.of(), LeftFiles.inTmp(host.pid()));
            assertEquals(List.of(), LeftFiles.in(directory));
            Unharmed.assertSilent(host);
        }
        before.awaitNothingMore();
    }

    private HostJvm host(Jdk jdk) {
        HostJvm host = SceneHost.command(jdk, "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.resolve("crash.log"), "-Djava.io.tmpdir=" + directory)
                .directory(directory).start();
        host.awaitLine("ready");
        SceneHost.play(host, "work");
        return host;
    }

    /** Of a host that cannot put anything in order files may stay, until the next agent comes. */
    private void assertNextTidiesUp(Jdk jdk, Consumer<HostJvm> way) {
        List<Long> ended = new ArrayList<>();
        Consumer<HostJvm> andNote = host -> {
            way.accept(host);
            ended.add(host.pid());
        };
        end(jdk, Moment.EXTRACTED, andNote);
        endHalfAttached(jdk, andNote);
        LeftFiles.letAge(directory);
        try (HostJvm next = host(jdk)) {
            next.attach(SceneHost.INTERVAL);
            next.await("on");
            for (long pid : ended) {
                assertEquals(List.of(), LeftFiles.inTmp(pid));
            }
            assertEquals(List.of(), LeftFiles.in(directory));
            next.detach();
        }
    }

    private void endHalfAttached(Jdk jdk, Consumer<HostJvm> way) {
        int tries = 1;
        while (!end(jdk, Moment.LOADED, way)) {
            assertTrue(tries++ < TRIES, "the agent was always on before it was seen that it had loaded something");
        }
    }

    /** @return whether there were programs in the kernel, and the agent not on yet */
    private boolean end(Jdk jdk, Moment moment, Consumer<HostJvm> way) {
        OurBpf before = OurBpf.inKernel();
        boolean half;
        try (HostJvm host = host(jdk)) {
            CompletableFuture<Void> attach = CompletableFuture.runAsync(() -> host.attach(SceneHost.INTERVAL));
            awaitMoment(host, moment);
            half = OurBpf.hasPrograms(host.pid()) && !hasChannel(host);
            way.accept(host);
            Unharmed.assertSilent(host);
            try {
                attach.join();
            } catch (CompletionException e) {
                // It was gone before it could answer.
                assertTrue(e.getCause() instanceof AssertionError, e::toString);
            }
        }
        before.awaitNothingMore();
        return half;
    }

    private void awaitMoment(HostJvm host, Moment moment) {
        long end = System.nanoTime() + SOON.toNanos();
        // Files stand there for some 50 ms.
        while (!isThere(host, moment)) {
            assertTrue(System.nanoTime() < end && host.isAlive(), () -> "never " + moment + "\n" + host.report());
            Await.sleep(1);
        }
    }

    private boolean isThere(HostJvm host, Moment moment) {
        return switch (moment) {
            case ASKED -> true;
            case EXTRACTED -> !LeftFiles.in(directory).isEmpty() || isThere(host, Moment.LOADED);
            case LOADED -> OurBpf.hasPrograms(host.pid()) || hasChannel(host);
            case ON -> hasChannel(host);
        };
    }

    private static boolean hasChannel(HostJvm host) {
        return Files.exists(host.control().socket());
    }
}
