package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Brief;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A host ends when and how it wants to, at every moment of the agent's life. */
class HostEndIT {
    /** Exit code of a JVM that was told to go by SIGTERM. */
    private static final String JVM_NOT_BEGUN = "Error occurred during initialization of VM";
    private static final int TERMINATED = 128 + 15;
    /** The agent is on after some 400 ms; a prime, so that all its steps are met. */
    private static final int TERM_STEP_MS = 67;
    private static final int TERMS = 8;
    private static final int ENDS = 4;
    private static final int MOST_ENDS = 20;
    /** HotSpot itself waits 300 ms for a thread that is in native code. */
    private static final long MORE_AT_THE_END_MS = 200;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void endsAtOnceInItsOwnWayWhileTheAgentBegins(Jdk jdk) {
        assertEndsLikeWithoutTheAgent(jdk, 0, "return");
        assertEndsLikeWithoutTheAgent(jdk, 7, "exit", "7");
        assertEndsLikeWithoutTheAgent(jdk, 8, "halt", "8");
        assertEndsLikeWithoutTheAgent(jdk, 1, "throw");
    }

    private static void assertEndsLikeWithoutTheAgent(Jdk jdk, int exitCode, String... way) {
        try (HostJvm without = HostJvm.of(jdk).main(Brief.class.getName(), way).start();
                HostJvm with = HostJvm.of(jdk).agent("").main(Brief.class.getName(), way).start()) {
            assertEquals(exitCode, without.awaitExit(), without::report);
            assertEquals(exitCode, with.awaitExit(), with::report);
            assertEquals(without.stdout(), with.stdout());
            assertEquals(without.stderr(), with.stderr().stream()
                    .filter(line -> !line.isEmpty() && !line.startsWith("WARNING: ")).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void endsAsSoonAsWithoutTheAgent(Jdk jdk) {
        long without = leastMsToEnd(jdk, HostJvm.of(jdk), "", 0);
        long most = without + MORE_AT_THE_END_MS;
        long on = leastMsToEnd(jdk, HostJvm.of(jdk).agent(""), "on", most);
        long failed = leastMsToEnd(jdk, HostJvm.of(jdk).agent("btf=/nonexistent"), "failed", most);
        assertTrue(on < most && failed < most,
                () -> "ms without the agent " + without + ", with it on " + on + ", failed " + failed);
    }

    /**
     * From its last line to the end of the process, the least of some times; of more of them where none is below
     * {@code mostMs}, for others may use the CPUs.
     */
    private static long leastMsToEnd(Jdk jdk, HostCommand command, String state, long mostMs) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ENDS || least >= mostMs && mostMs > 0 && i < MOST_ENDS; i++) {
            try (HostJvm host = command.main(Errand.class).start()) {
                if (state.isEmpty()) {
                    host.awaitLine("begin");
                } else {
                    host.await(state);
                }
                long began = System.nanoTime();
                host.send("end");
                assertEquals(0, host.awaitExit(), host::report);
                least = Math.min(least, (System.nanoTime() - began) / 1_000_000);
            }
        }
        return least;
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void goesWhenItIsToldToWhileTheAgentBegins(Jdk jdk) throws IOException {
        for (int i = 0; i < TERMS; i++) {
            try (HostJvm host = HostJvm.of(jdk).directory(directory).agent("").main(Errand.class).start()) {
                Await.sleep((long) i * TERM_STEP_MS);
                ProcessHandle.of(host.pid()).orElseThrow().destroy();
                // JDK 25 itself fails when it is told so in the middle of its own beginning, before there is an agent.
                assertTrue(host.awaitExit() == TERMINATED || host.stdout().contains(JVM_NOT_BEGUN), host::report);
                assertSilent(host);
            }
        }
        try (Stream<Path> crashes = Files.list(directory)) {
            assertEquals(List.of(), crashes.toList());
        }
    }
}
