package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.LeftFiles;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.LongEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody attaches to a host that has been told to end, and whose own shutdown hook still has to do. */
class EndingHostIT {
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    /** How it is told, and the exit code that is its own. */
    private enum Way {
        EXIT(7, host -> host.send("7")),
        SIGTERM(128 + 15, host -> ProcessHandle.of(host.pid()).orElseThrow().destroy()),
        RETURN(0, host -> host.send("return"));

        private final int exitCode;
        private final Consumer<HostJvm> tell;

        Way(int exitCode, Consumer<HostJvm> tell) {
            this.exitCode = exitCode;
            this.tell = tell;
        }

        void begin(HostJvm host) {
            host.awaitLine("begin");
            tell.accept(host);
            host.awaitLine("ending");
        }
    }

    /** Who comes only now could not be asked for anything, and would be one more thing to end. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whoAttachesIsToldAtOnceAndNothingIsMade(Jdk jdk) {
        for (Way way : Way.values()) {
            OurBpf before = OurBpf.inKernel();
            try (HostJvm host = host(jdk).start()) {
                way.begin(host);
                Cli.run(host.pid(), "interval=100ms").assertFailed("The agent did not start", "is shutting down");
                // While its hook waits.
                assertNothingInKernel(host);
                assertNoFiles(host);
                assertEnds(host, way);
            }
            before.awaitNothingMore();
        }
    }

    /** Nobody can ask this agent any more, so that nobody knows of it; it goes with the host. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void anAgentThatIsOnDoesNotKeepItFromEnding(Jdk jdk) {
        OurBpf before = OurBpf.inKernel();
        // Else a JDK that finds nobody who listens looks for 5 s.
        try (HostJvm host = host(jdk).jvm("-XX:+StartAttachListener").agent("interval=100ms").start()) {
            host.await("on");
            Way.EXIT.begin(host);
            Await.until(SOON, () -> "no channel\n" + host.report(),
                    () -> !Files.exists(host.control().socket().getParent()));
            assertInKernel(host);
            CompletableFuture<Cli> cli = CompletableFuture.supplyAsync(() -> Cli.run(host.pid()));
            Path jar = Path.of("/tmp/.bpf-agent-jar-" + host.pid());
            Await.until(SOON, () -> "a jar\n" + host.report(), () -> Files.exists(jar));
            assertEnds(host, Way.EXIT);
            Cli told = cli.join();
            assertEquals(1, told.exitCode(), told::toString);
            assertEquals(1, told.stderr().size(), told::toString);
            assertTrue(Errors.headings().stream().anyMatch(told.stderr().get(0)::startsWith), told::toString);
            assertNoFiles(host);
        }
        before.awaitNothingMore();
    }

    /** It is told to end when it has programs loaded; whether the agent is on before the hooks begin is open. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void endsWhenItIsToldToWhileTheAgentBegins(Jdk jdk) {
        for (Way way : Way.values()) {
            OurBpf before = OurBpf.inKernel();
            try (HostJvm host = host(jdk).start()) {
                host.awaitLine("begin");
                host.attach("interval=100ms");
                Await.until(SOON, () -> "programs\n" + host.report(), () -> OurBpf.hasPrograms(host.pid()));
                way.begin(host);
                // Either there never is one, or it is closed.
                Await.until(SOON, () -> "no channel\n" + host.report(), () -> LeftFiles.inTmp(host.pid()).isEmpty());
                assertEnds(host, way);
                assertNoFiles(host);
            }
            before.awaitNothingMore();
        }
    }

    private HostCommand host(Jdk jdk) {
        return HostJvm.of(jdk).directory(directory).jvm("-Djava.io.tmpdir=" + directory).main(LongEnd.class);
    }

    /** In its own way, as soon as its hook has. */
    private static void assertEnds(HostJvm host, Way way) {
        assertEquals(List.of("begin", "ending"), host.stdout());
        host.send("go");
        assertEquals(way.exitCode, host.awaitExit(), host::report);
        assertEquals(List.of("begin", "ending", "ended"), host.stdout());
        assertSilent(host);
    }

    private void assertNoFiles(HostJvm host) {
        assertEquals(List.of(), LeftFiles.inTmp(host.pid()));
        assertEquals(List.of(), LeftFiles.in(directory));
    }
}
