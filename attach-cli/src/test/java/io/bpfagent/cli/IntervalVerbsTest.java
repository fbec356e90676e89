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
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs of which nothing is to be chosen but the interval, from the arguments to the text, over a real socket. */
@ParameterizedClass
@ValueSource(strings = {"disks", "remotes", "contexts"})
class IntervalVerbsTest {

    private final String verb;
    private final String all;
    private final String interval;

    @TempDir
    Path directory;
    private FakeMachine machine;

    IntervalVerbsTest(String verb) {
        this.verb = verb;
        this.all = "{\"schema\":1,\"verb\":\"" + verb + "\",\"interval\":false}";
        this.interval = "{\"schema\":1,\"verb\":\"" + verb + "\",\"interval\":true}";
    }

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    @Test
    void printsTheGoldenText() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read(verb + ".json"))) {
            FakeMachine.Outcome outcome = machine.run(verb, "4711");
            assertEquals(GoldenFiles.read(verb + ".txt"), outcome.out());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(all), agent.requests());
        }
    }

    @Test
    void asksForTheLastInterval() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read(verb + "-interval.json"))) {
            assertEquals(GoldenFiles.read(verb + "-interval.txt"), machine.run(verb, "4711", "--interval").out());
            assertEquals(List.of(interval), agent.requests());
        }
    }

    @Test
    void jsonIsTheAgentsOwnDocument() throws IOException {
        String document = GoldenFiles.read(verb + "-odd-name.json");
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> document)) {
            assertEquals(document, machine.run(verb, "4711", "--format", "json", "--interval").out());
            assertEquals(List.of(interval), agent.requests());
        }
    }

    @Test
    void waitsForTheFirstInterval() throws IOException {
        String[] answers = {"{\"schema\":1,\"error\":\"not ready: the first interval is not over. Try again\"}",
            GoldenFiles.read(verb + "-interval.json")};
        int[] asked = {0};
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> answers[asked[0]++])) {
            assertEquals(GoldenFiles.read(verb + "-interval.txt"), machine.run(verb, "4711", "--interval").out());
            assertEquals(List.of(interval, interval), agent.requests());
        }
    }

    @Test
    void saysWhyThereAreNone() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> GoldenFiles.read(verb + "-no-programs.json"))) {
            FakeMachine.Outcome outcome = machine.run(verb, "4711");
            assertEquals(GoldenFiles.read(verb + "-no-programs.txt"), outcome.out());
            assertEquals(0, outcome.exitCode());
        }
    }

    @Test
    void anAgentThatDoesNotKnowItRefuses() throws IOException {
        String refusal = "verb must be threads, hist, pauses, status or detach, verb=" + verb;
        try (FakeAgent agent = new FakeAgent(machine.tmp(),
            request -> "{\"schema\":1,\"error\":\"" + refusal + "\"}")) {
            fails("The agent refused the request: " + refusal + "\n", verb, "4711");
        }
        fails("No agent in JVM 4711. Attach one with: attach-cli 4711\n", verb, "4711");
        fails("Cannot attach: not a JVM (4720: sleep has no libjvm). List JVMs with: attach-cli list\n",
            verb, "4720");
    }

    @Test
    void anAnswerThatIsNoneIsOneLine() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> "{\"schema\":1,\"" + verb + "\":{}}")) {
            FakeMachine.Outcome outcome = machine.run(verb, "4711");
            assertTrue(outcome.err().startsWith("Cannot read the agent's answer"), outcome.err());
            assertEquals(1, outcome.err().lines().count());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        FakeMachine.Outcome outcome = machine.run(verb, "--help");
        assertEquals(0, outcome.exitCode());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli " + verb + " "));
        assertTrue(machine.run("--help").out().contains(verb + " "), "the help of all verbs names it");
    }

    private void fails(String line, String... arguments) {
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line, outcome.err());
        assertEquals("", outcome.out());
        assertEquals(1, outcome.exitCode());
    }
}
