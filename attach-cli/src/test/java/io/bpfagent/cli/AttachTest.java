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
import java.util.Optional;
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

    private static final String WAITING = "{\"schema\":1,\"version\":\"0.1.0\",\"state\":\"waiting\","
        + "\"error\":\"Waiting for privileges: ...\"}";
    private static final String LISTENS = "{\"schema\":1,\"socket\":\"/tmp/.bpf-agent-7/handover.sock\"}";

    private void asUser(int uid) {
        machine.process("self", uid, uid, "attach-cli", "");
    }

    /** An agent that waits until programs have been handed over. */
    private void agentWaits() {
        agent = new FakeAgent(machine.tmp(), request -> request.contains("\"handover\"") ? LISTENS
            : seen.contains("handed over") ? GoldenFiles.read("status.json") : WAITING);
    }

    @Test
    void handsProgramsToAnAgentThatWaits() {
        asUser(0);
        agentWaits();
        machine.handOver = (target, arguments, listen) -> {
            listen.run();
            seen.add(target.pid() + " " + arguments);
            seen.add("handed over");
            return Optional.empty();
        };
        FakeMachine.Outcome outcome = machine.run("4711", "libbpf=/opt/libbpf.so");
        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().startsWith("attached to 4711: agent 0.1.0 is on."), outcome.out());
        assertEquals(List.of("4711 libbpf=/opt/libbpf.so", "handed over"), seen);
    }

    @Test
    void handsProgramsToAnAgentThatItHasBroughtItself() throws IOException {
        jvmLoads(STARTING, WAITING, LISTENS, GoldenFiles.read("status.json"));
        machine.handOver = (target, arguments, listen) -> {
            listen.run();
            return Optional.empty();
        };
        asUser(0);
        FakeMachine.Outcome outcome = machine.run("4711");
        assertEquals(0, outcome.exitCode(), outcome.err());
        assertNoJarIsLeft();
    }

    @Test
    void namesTheCommandToWhoIsNotRoot() {
        asUser(1000);
        agentWaits();
        FakeMachine.Outcome outcome = machine.run("4711");
        assertEquals(1, outcome.exitCode());
        assertEquals(CliError.AGENT_WAITS.phrase() + ": it is in JVM 4711, which may not load BPF programs itself."
            + " Complete it with: sudo attach-cli 4711\n", outcome.err());
    }

    @Test
    void saysWhyProgramsCouldNotBeHandedOver() {
        asUser(0);
        agentWaits();
        machine.handOver = (target, arguments, listen) -> Optional.of("The hand-over failed: a reason.");
        FakeMachine.Outcome outcome = machine.run("4711");
        assertEquals(1, outcome.exitCode());
        assertEquals(CliError.HAND_OVER.phrase()
            + " (the agent in JVM 4711 goes on waiting): The hand-over failed: a reason.\n", outcome.err());
    }

    @Test
    void waitsUntilTheAgentIsOn() throws IOException {
        jvmLoads(STARTING, STARTING,
            GoldenFiles.read("status.json").replaceFirst("\"jar\":\"[^\"]*\"", "\"jar\":null"));
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
    void whatTheAgentSaysCannotSteerTheTerminal() throws IOException {
        String steering = GoldenFiles.read("status.json").replace("\"version\":\"0.1.0", "\"version\":\"0\\u001b[2J")
            .replaceFirst("\"jar\":\"[^\"]*\"", "\"jar\":null");
        jvmLoads(STARTING, steering);
        String out = machine.run("4711").out();
        assertTrue(out.startsWith("attached to 4711: agent 0?[2J is on. Next: "), out);
        out = machine.run("4711").out();
        assertEquals("already attached to 4711: agent 0?[2J is on; nothing was changed\n", out);
    }

    private static String compares(String request, String differing) {
        return request.contains("\"compare\"") ? "{\"schema\":1,\"differing\":[" + differing + "]}"
            : GoldenFiles.read("status.json");
    }

    @Test
    void otherArgumentsThanThoseOfTheAgentThatIsThereAreAnError() throws IOException {
        agent = new FakeAgent(machine.tmp(), request -> compares(request,
            "\"interval=1s, not 500ms\",\"threads=4096, not 64\""));
        FakeMachine.Outcome outcome = machine.run("4711", "interval=500ms,threads=64");
        assertEquals("Other arguments are in force (in JVM 4711: interval=1s, not 500ms; threads=4096, not 64)."
                + " Nothing was"
            + " changed. To have yours, with numbers that begin anew: attach-cli detach 4711, then attach again\n",
            outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
        assertTrue(agent.requests().get(1).contains("\"arguments\":\"interval=500ms,threads=64\""));
    }

    @Test
    void theSameArgumentsAreNone() throws IOException {
        agent = new FakeAgent(machine.tmp(), request -> compares(request, ""));
        FakeMachine.Outcome outcome = machine.run("4711", "interval=1s");
        assertEquals("already attached to 4711: agent 0.1.0 is on with these arguments; nothing was changed\n",
            outcome.out());
        assertEquals(0, outcome.exitCode());
    }

    /** Of two at once the JVM takes one; the other finds that one's agent. */
    @Test
    void whoComesSecondSaysThatAnotherWasFaster() throws IOException {
        jvmLoads(STARTING, GoldenFiles.read("status.json"));
        FakeMachine.Outcome outcome = machine.run("4711");
        assertEquals("already attached to 4711, by another attach at the same time: agent 0.1.0 is on; nothing was"
            + " changed\n", outcome.out());
        assertEquals(0, outcome.exitCode());
        assertNoJarIsLeft();
    }

    /** Nor is it taken out, who brought it does that. */
    @Test
    void whoComesSecondLeavesTheOthersFailedAgent() throws IOException {
        jvmLoads(STARTING, GoldenFiles.read("status-failed.json").replace("\"kernelMemoryBytes\"",
            "\"jar\":\"/tmp/.bpf-agent-jar-other/bpf-agent.jar\",\"kernelMemoryBytes\""));
        assertFails("The agent did not start, which another attach has brought: Cannot load thread_state: EPERM",
            "4711");
        assertEquals(2, agent.requests().size());
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

    private void threads(String... names) {
        try {
            for (int tid = 1; tid <= names.length; tid++) {
                Path thread = Files.createDirectories(machine.proc().resolve("4711/task/" + tid));
                Files.writeString(thread.resolve("comm"), names[tid - 1] + "\n");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As under a security policy that lets it do nothing: no thread, no socket, a line on the JVM's stderr. */
    @Test
    void anAgentThatHasEndedAtOnceIsNotWaitedFor() throws IOException {
        machine.startTimeoutMs = 30_000;
        machine.attacher = (target, jar, arguments) -> threads("java", "VM Thread", "Attach Listener");
        long began = System.nanoTime();
        assertFails("The agent did not start: it has ended in JVM 4711 before it could say why. The JVM is"
                + " shutting down, or its standard error",
            "4711");
        assertTrue(System.nanoTime() - began < 10_000_000_000L);
        assertNoJarIsLeft();
    }

    /** Its thread is there, or it is just being made, or the names of threads tell nothing here. */
    @Test
    void anAgentThatMayStillComeUpIsWaitedFor() {
        machine.startTimeoutMs = 400;
        for (String[] names : new String[][] {{"java", "Attach Listener", "bpf-agent"},
            {"java", "Attach Listener", "Attach Listener"}, {"java", "java", "java"}}) {
            machine.attacher = (target, jar, arguments) -> threads(names);
            assertFails("The agent did not answer in time", "4711");
        }
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
