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

/** The verb {@code disks}, from the arguments to the text, over a real socket. */
class DisksVerbTest {

    private static final String ALL = "{\"schema\":1,\"verb\":\"disks\",\"interval\":false}";
    private static final String INTERVAL = "{\"schema\":1,\"verb\":\"disks\",\"interval\":true}";

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    @Test
    void printsTheGoldenText() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("disks.json"))) {
            FakeMachine.Outcome outcome = machine.run("disks", "4711");
            assertEquals(GoldenFiles.read("disks.txt"), outcome.out());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(ALL), agent.requests());
        }
    }

    @Test
    void asksForTheLastInterval() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("disks-interval.json"))) {
            assertEquals(GoldenFiles.read("disks-interval.txt"), machine.run("disks", "4711", "--interval").out());
            assertEquals(List.of(INTERVAL), agent.requests());
        }
    }

    @Test
    void jsonIsTheAgentsOwnDocument() throws IOException {
        String document = GoldenFiles.read("disks-odd-name.json");
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> document)) {
            assertEquals(document, machine.run("disks", "4711", "--format", "json", "--interval").out());
            assertEquals(List.of(INTERVAL), agent.requests());
        }
    }

    @Test
    void waitsForTheFirstInterval() throws IOException {
        String[] answers = {"{\"schema\":1,\"error\":\"not ready: the first interval is not over. Try again\"}",
            GoldenFiles.read("disks-interval.json")};
        int[] asked = {0};
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> answers[asked[0]++])) {
            assertEquals(GoldenFiles.read("disks-interval.txt"), machine.run("disks", "4711", "--interval").out());
            assertEquals(List.of(INTERVAL, INTERVAL), agent.requests());
        }
    }

    @Test
    void saysWhyThereAreNone() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read("disks-no-programs.json"))) {
            FakeMachine.Outcome outcome = machine.run("disks", "4711");
            assertEquals(GoldenFiles.read("disks-no-programs.txt"), outcome.out());
            assertEquals(0, outcome.exitCode());
        }
    }

    @Test
    void anAgentThatDoesNotKnowItRefuses() throws IOException {
        String refusal = "verb must be threads, hist, pauses, status or detach, verb=disks";
        try (FakeAgent agent = new FakeAgent(machine.tmp(),
            request -> "{\"schema\":1,\"error\":\"" + refusal + "\"}")) {
            fails("The agent refused the request: " + refusal + "\n", "disks", "4711");
        }
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711\n", "disks", "4711");
        fails("Cannot attach: not a JVM (4720: sleep has no libjvm). List JVMs with: attach-cli list\n",
            "disks", "4720");
    }

    @Test
    void anAnswerThatIsNoneIsOneLine() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> "{\"schema\":1,\"disks\":{}}")) {
            FakeMachine.Outcome outcome = machine.run("disks", "4711");
            assertTrue(outcome.err().startsWith("Cannot read the agent's answer"), outcome.err());
            assertEquals(1, outcome.err().lines().count());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        FakeMachine.Outcome outcome = machine.run("disks", "--help");
        assertEquals(0, outcome.exitCode());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli disks "));
        assertTrue(machine.run("--help").out().contains("disks "), "the help of all verbs names it");
    }

    private void fails(String line, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line, outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
    }
}
