package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertOnlyLine;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Tools;
import io.bpfagent.workload.Errand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code attach-cli PID} refuses, without harm to the process that has this PID. */
class FailedAttachIT {
    @TempDir
    Path directory;

    @Test
    void refusesAPidThatDoesNotExist() throws InterruptedException {
        Process over = Tools.start("true");
        over.waitFor();
        Cli.run(over.pid()).assertFailed("Cannot attach: there is no process", Long.toString(over.pid()));
    }

    @Test
    void refusesAProcessThatIsNoJvmAndLeavesItAlive() {
        Process sleep = Tools.start("sleep", "60");
        try {
            Cli.run(sleep.pid()).assertFailed("Cannot attach: not a JVM", "sleep");
            assertTrue(sleep.isAlive());
        } finally {
            sleep.destroy();
        }
    }

    @Test
    void refusesAThreadOfAJvm() {
        try (HostJvm host = HostJvm.of(Jdks.newest()).main(Errand.class).start()) {
            host.awaitLine("begin");
            String tid = Tools.run("ls", "/proc/" + host.pid() + "/task").lines()
                    .filter(task -> Long.parseLong(task) != host.pid()).findFirst().orElseThrow();
            Cli.run(tid).assertFailed("Cannot attach: a thread, not a process", Long.toString(host.pid()));
            assertTrue(host.isAlive());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void refusesAnotherUsersJvm(Jdk jdk) {
        PublicFiles files = new PublicFiles(directory);
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli.run(List.of(Prefixes.asNobody()), files.cliJar(), host.pid())
                    .assertFailed("Cannot attach: another user's process", "uid 0");
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void refusesAJvmThatForbidsIt(Jdk jdk) {
        try (HostJvm attach = HostJvm.of(jdk).jvm("-XX:+DisableAttachMechanism").main(Errand.class).start();
                HostJvm dynamic = HostJvm.of(jdk).jvm("-XX:-EnableDynamicAgentLoading").main(Errand.class).start()) {
            attach.awaitLine("begin");
            dynamic.awaitLine("begin");
            Cli.run(attach.pid()).assertFailed("Cannot attach: the JVM forbids it", "DisableAttachMechanism");
            Cli.run(dynamic.pid()).assertFailed("Cannot attach: the JVM refuses agents at run time",
                    "EnableDynamicAgentLoading");
            // A thread dump, which the signal of attaching makes there, would stand on stdout.
            assertEndsAsEver(attach, jdk);
            assertEndsAsEver(dynamic, jdk);
            assertSilent(attach);
            assertSilent(dynamic);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void saysWhatTheAgentSaidAndLeavesNothingOfIt(Jdk jdk) {
        String rule = "Bad argument: threads must be a whole number from 64 to 32767, threads=7. See"
                + " TROUBLESHOOTING.md,"
                + " \"Bad argument\".";
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli.run(host.pid(), "threads=7").assertFailed("The agent did not start", rule);
            assertFalse(Files.exists(host.control().socket()));
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertOnlyLine(rule, host);
        }
    }
}
