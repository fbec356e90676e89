package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that ask an agent, from the arguments to the text, over a real socket. */
class CommandTest {

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    private FakeAgent agent(String answer) {
        return new FakeAgent(machine.tmp(), request -> answer);
    }

    @Test
    void statusPrintsTheGoldenText() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("status.json"))) {
            FakeMachine.Outcome outcome = machine.run("status", "4711");
            assertEquals(GoldenFiles.read("status.txt"), outcome.out());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals("{\"schema\":1,\"verb\":\"status\"}", agent.requests().get(0));
        }
    }

    @Test
    void jsonIsTheAgentsOwnDocument() throws IOException {
        String document = GoldenFiles.read("threads.json");
        try (FakeAgent agent = agent(document)) {
            assertEquals(document, machine.run("threads", "4711", "--format", "json", "--interval").out());
            assertTrue(agent.requests().get(0).contains("\"interval\":true"));
        }
    }

    @Test
    void histSelectsByPoolAndMetric() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("hist-metric.json"))) {
            FakeMachine.Outcome outcome =
                machine.run("hist", "4711", "--metric", "runnable", "--pool", "http-nio-#-exec-#", "--interval");
            assertEquals(GoldenFiles.read("hist-metric.txt"), outcome.out());
            assertEquals("{\"schema\":1,\"verb\":\"hist\",\"metric\":\"runnable\",\"operation\":null,"
                + "\"pool\":\"http-nio-#-exec-#\",\"thread\":null,\"interval\":true}", agent.requests().get(0));
        }
    }

    @Test
    void histSelectsByContext() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("hist-context.json"))) {
            FakeMachine.Outcome outcome =
                machine.run("hist", "4711", "--metric", "blocked_disk", "--context", "POST /orders");
            assertEquals(GoldenFiles.read("hist-context.txt"), outcome.out());
            assertEquals("{\"schema\":1,\"verb\":\"hist\",\"metric\":\"blocked_disk\",\"context\":\"POST /orders\","
                + "\"interval\":false}", agent.requests().get(0));
        }
    }

    @Test
    void contextsPrintsTheGoldenText() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("contexts.json"))) {
            assertEquals(GoldenFiles.read("contexts.txt"), machine.run("contexts", "4711").out());
            assertEquals(GoldenFiles.read("contexts-runnable.txt"),
                machine.run("contexts", "4711", "--sort", "runnable").out());
            assertEquals(GoldenFiles.read("contexts.json"),
                machine.run("contexts", "4711", "--interval", "--format", "json").out());
            assertEquals("{\"schema\":1,\"verb\":\"contexts\",\"interval\":false}", agent.requests().get(0));
            assertEquals("{\"schema\":1,\"verb\":\"contexts\",\"interval\":true}", agent.requests().get(2));
        }
    }

    @Test
    void anOperationIsAboutVmOperations() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("hist-operation.json"))) {
            FakeMachine.Outcome outcome = machine.run("hist", "4711", "--operation", "G1CollectForAllocation");
            assertEquals(GoldenFiles.read("hist-operation.txt"), outcome.out());
            assertEquals("{\"schema\":1,\"verb\":\"hist\",\"metric\":\"vm_operation\","
                + "\"operation\":\"G1CollectForAllocation\",\"pool\":null,\"thread\":null,\"interval\":false}",
                agent.requests().get(0));
        }
    }

    @Test
    void allOperationsAreAList() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("hist-syscalls.json"))) {
            FakeMachine.Outcome outcome = machine.run("hist", "4711", "--metric", "syscall", "--operation", "all");
            assertEquals(GoldenFiles.read("hist-syscalls.txt"), outcome.out());
            assertEquals("{\"schema\":1,\"verb\":\"hist\",\"metric\":\"syscall\","
                + "\"operation\":\"all\",\"pool\":null,\"thread\":null,\"interval\":false}",
                agent.requests().get(0));
        }
        try (FakeAgent agent = agent(GoldenFiles.read("hist-syscalls-none.json"))) {
            assertEquals(GoldenFiles.read("hist-syscalls-none.txt"),
                machine.run("hist", "4711", "--metric", "syscall", "--operation", "all").out());
        }
    }

    @Test
    void pausesPrintsTheGoldenText() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("pauses.json"))) {
            assertEquals(GoldenFiles.read("pauses.txt"), machine.run("pauses", "4711").out());
            assertEquals(GoldenFiles.read("pauses-detail.txt"), machine.run("pauses", "4711", "--detail").out());
            assertEquals(GoldenFiles.read("pauses.json"),
                machine.run("pauses", "4711", "--format", "json", "--last", "256", "--min", "1.5s").out());
            assertEquals(List.of("{\"schema\":1,\"verb\":\"pauses\",\"last\":20,\"minNs\":0,\"after\":0}",
                "{\"schema\":1,\"verb\":\"pauses\",\"last\":20,\"minNs\":0,\"after\":0}",
                "{\"schema\":1,\"verb\":\"pauses\",\"last\":256,\"minNs\":1500000000,\"after\":0}"),
                agent.requests());
        }
    }

    @Test
    void histWaitsForTheFirstNumbers() throws IOException {
        String[] answers = {"{\"schema\":1,\"error\":\"not ready: the agent is starting. Try again\"}",
            GoldenFiles.read("hist.json")};
        int[] asked = {0};
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> answers[asked[0]++])) {
            assertEquals(GoldenFiles.read("hist.txt"), machine.run("hist", "4711").out());
            assertEquals(2, agent.requests().size());
        }
    }

    @Test
    void detachWaitsUntilTheSocketIsGone() throws IOException {
        try (FakeAgent agent = agent("{\"schema\":1,\"detached\":true}")) {
            FakeMachine.Outcome outcome = machine.run("detach", "4711");
            assertEquals("detached from 4711\n", outcome.out());
            assertEquals(0, outcome.exitCode());
            assertTrue(!Files.exists(machine.tmp().resolve(".bpf-agent-7/control.sock")));
        }
    }

    @Test
    void listShowsJvmsAndAgents() throws IOException {
        String user = new io.bpfagent.cli.jvm.UserNames().of(
            io.bpfagent.cli.jvm.TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow());
        assertEquals("{\"schema\":1,\"jvms\":[{\"pid\":4711,\"name\":\"app.jar\",\"jdk\":null,\"user\":\"" + user
            + "\",\"container\":null,\"agent\":\"off\",\"state\":null}]}\n",
            machine.run("list", "--format", "json").out());
        try (FakeAgent agent = agent(GoldenFiles.read("status.json"))) {
            String[] lines = machine.run("list").out().split("\n");
            assertEquals("     PID  AGENT     JDK       USER        NAME", lines[0]);
            assertTrue(lines[1].startsWith("    4711  on        ?         "), lines[1]);
            assertTrue(lines[1].endsWith("  app.jar"), lines[1]);
        }
    }

    @Test
    void noAgentIsOneLine() {
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711\n", "status", "4711");
        fails("Cannot reach the agent: there is no process 4712. List JVMs with: attach-cli list\n", "hist", "4712");
    }

    @Test
    void aSocketThatAKilledJvmLeftIsNoAgent() throws IOException {
        FakeAgent agent = agent("");
        Path socket = machine.tmp().resolve(".bpf-agent-7/control.sock");
        Path kept = Files.createLink(directory.resolve("kept"), socket);
        agent.close();
        Files.createDirectory(socket.getParent());
        Files.setPosixFilePermissions(socket.getParent(),
            java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Files.move(kept, socket);
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711\n", "status", "4711");
    }

    @Test
    void aDirectoryThatOthersCanWriteIsRefused() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("status.json"))) {
            Files.setPosixFilePermissions(machine.tmp().resolve(".bpf-agent-7"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
            failsWith("Cannot reach the agent: its socket is not the JVM's own", "status", "4711");
            assertEquals(0, agent.requests().size());
        }
    }

    @Test
    void anAnswerThatIsNoneIsAnError() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> null)) {
            failsWith("Cannot reach the agent: the connection broke", "status", "4711");
        }
        try (FakeAgent agent = agent("{\"schema\":2}")) {
            fails("Cannot read the agent's answer (schema=2, this command reads 1). Use the attach-cli that came with"
                + " the agent.\n", "status", "4711");
        }
        try (FakeAgent agent = agent("{\"schema\":1,\"error\":\"a\\u001b[2J\\nb\"}")) {
            fails("The agent refused the request: a?[2J | b\n", "hist", "4711");
        }
        try (FakeAgent agent = agent("hello")) {
            failsWith("Cannot read the agent's answer", "status", "4711");
        }
        try (FakeAgent agent = agent("{\"schema\":1,\"error\":\"no such metric: x\"}")) {
            fails("The agent refused the request: no such metric: x\n", "hist", "4711", "--metric", "x");
        }
        try (FakeAgent agent = agent("{\"schema\":1,\"histograms\":[],\"losses\":{}}")) {
            fails("Nothing matches (metric=all, pool=p, thread=all). The pools' and threads' names:"
                + " attach-cli threads 4711\n", "hist", "4711", "--pool", "p");
        }
    }

    @Test
    void wrongUsageIsExitCodeTwo() throws IOException {
        wrong("A PID or a verb must be given\nTry: attach-cli --help\n");
        wrong("Neither a PID nor a verb: lsit\nTry: attach-cli --help\n", "lsit");
        String rule = "PID must be a number >= 1, or a part of the main class's name, PID=";
        wrong(rule + "0\nTry: attach-cli attach --help\n", "0");
        wrong(rule + "-1\nTry: attach-cli --help\n", "-1");
        wrong(rule + "-1\nTry: attach-cli status --help\n", "status", "-1");
        wrong("--format must be text or json, --format=xml\nTry: attach-cli list --help\n", "list", "--format", "xml");
        wrong("--pool=POOL, --thread=NAME are mutually exclusive (specify only one)\nTry: attach-cli hist --help\n",
            "hist", "4711", "--pool", "p", "--thread", "t");
        wrong("--pool=POOL, --context=NAME are mutually exclusive (specify only one)\nTry: attach-cli hist --help\n",
            "hist", "4711", "--pool", "p", "--context", "c");
        wrong("--operation is of the whole JVM, it has no contexts: leave one of --operation and --context out\n"
            + "Try: attach-cli hist --help\n", "hist", "4711", "--operation", "o", "--context", "c");
        wrong("--last must be 1 .. 256, or 0 with --follow, --last=257\nTry: attach-cli pauses --help\n",
            "pauses", "4711", "--last", "257");
        wrong("--last must be 1 .. 256, or 0 with --follow, --last=0\nTry: attach-cli pauses --help\n",
            "pauses", "4711", "--last", "0");
        wrong("--last must be 1 .. 256, or 0 with --follow, --last=x\nTry: attach-cli pauses --help\n",
            "pauses", "4711", "--last", "x");
        wrong("--min must be a number with us, ms, s, m, h or no unit (ms), --min=-1\nTry: attach-cli pauses --help\n",
            "pauses", "4711", "--min", "-1");
        wrong("arguments must be key=value,key=value..., arguments=interval\nTry: attach-cli attach --help\n",
            "4711", "interval");
        try (FakeAgent agent = agent(GoldenFiles.read("threads.json"))) {
            FakeMachine.Outcome outcome = machine.run("threads", "4711", "--sort", "cpu");
            assertEquals(2, outcome.exitCode());
            assertTrue(outcome.err().startsWith("--sort must be one of running, runnable, blocked_monitor"));
            assertTrue(outcome.err().contains("; --sort=cpu\n"), outcome.err());
        }
        try (FakeAgent agent = agent(GoldenFiles.read("contexts.json"))) {
            FakeMachine.Outcome outcome = machine.run("contexts", "4711", "--sort", "disk");
            assertEquals(2, outcome.exitCode());
            assertTrue(outcome.err().startsWith("--sort must be one of wall, count, running, runnable,"
                    + " blocked_monitor"));
            assertTrue(outcome.err().contains("; --sort=disk\n"), outcome.err());
        }
    }

    @Test
    void whatIsQuotedIsCutAt200Characters() throws IOException {
        String large = "x".repeat(100_000);
        String cut = "x".repeat(200) + "...";
        wrong("Neither a PID nor a verb: " + cut + "\nTry: attach-cli --help\n", large);
        fails("No such JVM (" + cut + " is in the name of none of 1 that you may see). List them with:"
            + " attach-cli list\n", "status", large);
        wrong("--format must be text or json, --format=" + cut + "\nTry: attach-cli list --help\n",
            "list", "--format", large);
        try (FakeAgent agent = agent("{\"schema\":1,\"error\":\"no such metric: " + "y".repeat(5_000) + "\"}")) {
            fails("The agent refused the request: no such metric: " + "y".repeat(200) + "...\n",
                "hist", "4711", "--metric=" + "y".repeat(5_000));
        }
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() throws IOException {
        StringWriter err = new StringWriter();
        try (FakeAgent agent = agent(GoldenFiles.read("status.json"));
             PrintWriter full = new PrintWriter(new FileOutputStream("/dev/full"), false, StandardCharsets.UTF_8)) {
            assertEquals(1, machine.run(full, new PrintWriter(err, true), "status", "4711"));
        }
        assertEquals("Cannot write the output (standard output is full or closed). Make room, or write to another"
            + " place.\n", err.toString());
    }

    @Test
    void aProcessThatIsKnownToBeNoJvmIsSaid() throws IOException {
        String line = "Cannot attach: not a JVM (4720: sleep has no libjvm). List JVMs with: attach-cli list\n";
        for (String verb : new String[] {"status", "threads", "hist", "detach"}) {
            fails(line, verb, "4720");
        }
        machine.process("self", 1001, 1001, "attach-cli", "");
        machine.process("4720", 1000, 1000, "/usr/bin/sleep\000100\0", "");
        fails("No agent in JVM 4720. Attach one with: attach-cli 4720\n", "status", "4720");
    }

    private void fails(String line, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line, outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
    }

    private void failsWith(String phrase, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertTrue(outcome.err().startsWith(phrase), outcome.err());
        assertEquals(1, outcome.err().lines().count());
        assertEquals(1, outcome.exitCode());
    }

    private void wrong(String lines, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(lines, outcome.err());
        assertEquals(2, outcome.exitCode());
    }
}
