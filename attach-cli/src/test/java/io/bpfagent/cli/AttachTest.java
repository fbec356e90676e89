package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attaching, with an attacher that starts a fake agent where the JVM would load the jar. */
class AttachTest {

    private static final String STARTING = "{\"schema\":1,\"version\":\"0.1.0\",\"state\":\"starting\"}";
    private static final String DETACHED = "{\"schema\":1,\"detached\":true}";

    @TempDir
    Path directory;
    private FakeMachine machine;
    private FakeAgent agent;
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    @AfterEach
    void stopAgent() throws IOException {
        if (agent != null) {
            agent.close();
        }
    }

    /** The JVM loads the jar, and the agent answers these in turn, the last again and again. */
    private void jvmLoads(String... answers) {
        machine.attacher = (target, jar, arguments) -> {
            seen.add(arguments);
            Path copy = machine.tmp().resolve(jar.substring("/tmp/".length()));
            try {
                assertEquals(FakeMachine.JAR_BYTES, Files.readString(copy));
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
                assertEquals("rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.getParent())));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            int[] asked = {0};
            agent = new FakeAgent(machine.tmp(), request -> request.contains("\"detach\"") ? DETACHED
                : answers[Math.min(asked[0]++, answers.length - 1)]);
        };
    }

    private void assertNoJarIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(machine.tmp())) {
            assertEquals(0, left.filter(path -> path.getFileName().toString().contains("jar")).count());
        }
    }

    @Test
    void waitsUntilTheAgentIsOn() throws IOException {
        jvmLoads(STARTING, STARTING, GoldenFiles.read("status.json"));
        FakeMachine.Outcome outcome = machine.run("4711", "interval=500ms,threads=8192");
        assertEquals("""
            attached to 4711: agent 0.1.0 is on. Next: attach-cli threads 4711
            note: monitor__contended__enter is not attached: the JVM runs without
                  -XX:+DTraceMonitorProbes: no monitor_contended
            note: object__alloc is not attached: EINVAL
            """, outcome.out());
        assertEquals("", outcome.err());
        assertEquals(0, outcome.exitCode());
        assertTrue(seen.get(0).matches(
            "jar=/tmp/\\.bpf-agent-jar-\\w+/bpf-agent\\.jar,interval=500ms,threads=8192"), seen.get(0));
        assertNoJarIsLeft();
    }

    @Test
    void attachingTwiceChangesNothing() throws IOException {
        agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("status.json"));
        FakeMachine.Outcome outcome = machine.run("attach", "4711");
        assertEquals("already attached to 4711: agent 0.1.0 is on; nothing was changed\n", outcome.out());
        assertEquals(0, outcome.exitCode());
        assertEquals(0, machine.jarsOpened.get());
        assertEquals(1, agent.requests().size());
    }

    @Test
    void argumentsForAnAgentThatIsThereAreNotTakenSilently() throws IOException {
        agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("status.json"));
        FakeMachine.Outcome outcome = machine.run("4711", "interval=500ms");
        assertEquals("already attached to 4711: agent 0.1.0 is on; nothing was changed."
            + " Your arguments take effect after: attach-cli detach 4711\n", outcome.out());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void aFailedAgentIsTakenOutAgain() throws IOException {
        jvmLoads(STARTING, GoldenFiles.read("status-failed.json"));
        FakeMachine.Outcome outcome = machine.run("4711");
        assertEquals("The agent did not start: Cannot load thread_state: EPERM (CapEff=0). Grant CAP_BPF and"
            + " CAP_PERFMON to the JVM, or run 'sudo attach-cli 4711'. See TROUBLESHOOTING.md, \"Cannot load\".\n",
            outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
        assertTrue(agent.requests().get(2).contains("\"detach\""));
        assertNoJarIsLeft();
    }

    @Test
    void anAgentThatNeverComesUpIsGivenUp() throws IOException {
        machine.startTimeoutMs = 200;
        jvmLoads(STARTING);
        assertFails("The agent did not answer in time", "4711");
        assertTrue(agent.requests().get(agent.requests().size() - 1).contains("\"detach\""));
        assertNoJarIsLeft();
    }

    @Test
    void aJvmThatEndsMeanwhileIsSaid() {
        machine.attacher = (target, jar, arguments) -> machine.edit("4711", "status", "S (sleeping)", "Z (zombie)");
        assertFails("The JVM ended (4711) while the agent was starting.", "4711");
    }

    @Test
    void aRefusalLeavesNoJar() throws IOException {
        machine.attacher = (target, jar, arguments) -> {
            throw CliError.ATTACH_REFUSED.because(" (4711: x).");
        };
        assertFails("Cannot attach: the JVM could not load the agent (4711: x).", "4711");
        assertNoJarIsLeft();
    }

    @Test
    void whatIsNoJvmIsNeverTouched() {
        assertFails("Cannot attach: there is no process 4712. List JVMs with: attach-cli list", "4712");
        assertFails("Cannot attach: not a JVM (4720: sleep has no libjvm). List JVMs with: attach-cli list", "4720");
        machine.edit("4711", "status", "Tgid:\t4711", "Tgid:\t4700");
        assertFails("Cannot attach: a thread, not a process (4711 belongs to 4700). Run: attach-cli 4700", "4711");
        assertEquals(0, machine.jarsOpened.get());
    }

    @Test
    void anotherUsersJvmIsRefused() {
        machine.process("self", 1001, 1001, "attach-cli", "");
        machine.process("4711", 1000, 1000, "java\0", "/libjvm.so");
        assertFails("Cannot attach: another user's process (4711 runs as uid 1000 gid 1000, you are uid 1001 gid 1001)."
            + " Run: sudo attach-cli 4711", "4711");
    }

    @Test
    void aJvmThatForbidsItIsNotSignalled() {
        machine.edit("4711", "cmdline", "-jar", "-XX:+DisableAttachMechanism\0-jar");
        assertFails("Cannot attach: the JVM forbids it (4711: -XX:+DisableAttachMechanism)", "4711");
        machine.edit("4711", "cmdline", "-XX:+DisableAttachMechanism", "-XX:-EnableDynamicAgentLoading");
        assertFails("Cannot attach: the JVM refuses agents at run time (4711: -XX:-EnableDynamicAgentLoading)", "4711");
        machine.edit("4711", "cmdline", "-XX:-EnableDynamicAgentLoading", "-Xmx1g");
        machine.edit("4711", "environ", "PATH=/bin", "JAVA_TOOL_OPTIONS=-Xss1m -XX:+DisableAttachMechanism");
        assertFails("Cannot attach: the JVM forbids it (4711: -XX:+DisableAttachMechanism)", "4711");
    }

    @Test
    void aJvmWithoutAHandlerIsNotSignalled() {
        machine.edit("4711", "status", "SigCgt:\t0000000000000004", "SigCgt:\t0000000000000000");
        assertFails("Cannot attach: the JVM does not listen (4711 has no handler for SIGQUIT", "4711");
    }

    @Test
    void aStoppedJvmAndAnotherMakeAreSaid() {
        machine.edit("4711", "status", "S (sleeping)", "T (stopped)");
        assertFails("Cannot attach: the JVM is stopped (4711: by a signal or a debugger)", "4711");
        machine.edit("4711", "maps", "libjvm.so", "libjvm.so\n7f00 /jdk/libj9vm29.so");
        assertFails("Cannot attach: not a HotSpot JVM (4711: OpenJ9)", "4711");
    }

    @Test
    void aFullTmpIsSaid() throws IOException {
        Files.delete(machine.tmp());
        assertFails("Cannot copy the agent's jar to ", "4711");
    }

    private void assertFails(String start, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertTrue(outcome.err().startsWith(start), outcome.err());
        assertEquals(1, outcome.err().lines().count());
        assertEquals(1, outcome.exitCode());
    }
}
