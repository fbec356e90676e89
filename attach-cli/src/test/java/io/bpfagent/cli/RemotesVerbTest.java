package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb {@code remotes}, from the arguments to the text, over a real socket. */
class RemotesVerbTest {

    private static final String ALL = "{\"schema\":1,\"verb\":\"remotes\",\"interval\":false}";
    private static final String INTERVAL = "{\"schema\":1,\"verb\":\"remotes\",\"interval\":true}";

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    @Test
    void printsTheGoldenText() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("remotes.json"))) {
            FakeMachine.Outcome outcome = machine.run("remotes", "4711");
            assertEquals(GoldenFiles.read("remotes.txt"), outcome.out());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(ALL), agent.requests());
        }
    }

    @Test
    void asksForTheLastInterval() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("remotes-interval.json"))) {
            assertEquals(GoldenFiles.read("remotes-interval.txt"), machine.run("remotes", "4711", "--interval").out());
            assertEquals(List.of(INTERVAL), agent.requests());
        }
    }

    @Test
    void jsonIsTheAgentsOwnDocument() throws IOException {
        String document = GoldenFiles.read("remotes-odd.json");
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> document)) {
            assertEquals(document, machine.run("remotes", "4711", "--format", "json", "--interval").out());
            assertEquals(List.of(INTERVAL), agent.requests());
        }
    }

    @Test
    void waitsForTheFirstInterval() throws IOException {
        String[] answers = {"{\"schema\":1,\"error\":\"not ready: the first interval is not over. Try again\"}",
            GoldenFiles.read("remotes-interval.json")};
        int[] asked = {0};
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> answers[asked[0]++])) {
            assertEquals(GoldenFiles.read("remotes-interval.txt"), machine.run("remotes", "4711", "--interval").out());
            assertEquals(List.of(INTERVAL, INTERVAL), agent.requests());
        }
    }

    @Test
    void saysWhyThereAreNone() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("remotes-no-programs.json"))) {
            FakeMachine.Outcome outcome = machine.run("remotes", "4711");
            assertEquals(GoldenFiles.read("remotes-no-programs.txt"), outcome.out());
            assertEquals(0, outcome.exitCode());
        }
    }

    @Test
    void anAgentThatDoesNotKnowItRefuses() throws IOException {
        String refusal = "verb must be threads, hist, pauses, disks, status or detach, verb=remotes";
        try (FakeAgent agent = new FakeAgent(machine.tmp(),
            request -> "{\"schema\":1,\"error\":\"" + refusal + "\"}")) {
            fails("The agent refused the request: " + refusal + "\n", "remotes", "4711");
        }
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711\n", "remotes", "4711");
        fails("Cannot attach: not a JVM (4720: sleep has no libjvm). List JVMs with: attach-cli list\n",
            "remotes", "4720");
    }

    @Test
    void anAnswerThatIsNoneIsOneLine() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> "{\"schema\":1,\"remotes\":{}}")) {
            FakeMachine.Outcome outcome = machine.run("remotes", "4711");
            assertTrue(outcome.err().startsWith("Cannot read the agent's answer"), outcome.err());
            assertEquals(1, outcome.err().lines().count());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        FakeMachine.Outcome outcome = machine.run("remotes", "--help");
        assertEquals(0, outcome.exitCode());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli remotes "));
        assertTrue(machine.run("--help").out().contains("remotes "), "the help of all verbs names it");
    }

    private void fails(String line, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line, outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
    }
}
