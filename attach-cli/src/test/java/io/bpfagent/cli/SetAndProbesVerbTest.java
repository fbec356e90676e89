package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs {@code set} and {@code probes}, from the arguments to the text. */
class SetAndProbesVerbTest {

    private static final String ANSWER = "{\"schema\":1,\"set\":\"interval=1s\",\"arguments\":\"interval=1s\"}";

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    private void asks(String answer, String request, String out, String... arguments) throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), asked -> answer)) {
            FakeMachine.Outcome outcome = machine.run(arguments);
            assertEquals("", outcome.err());
            assertEquals(out, outcome.out());
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(request), agent.requests());
        }
    }

    @Test
    void setsAllThatIsGivenAtOnce() throws IOException {
        String request = "{\"schema\":1,\"verb\":\"set\",\"arguments\":\"interval=250ms,probe.park=off\"}";
        String told = "set interval=250ms, probe.park=off; see it with: attach-cli status 4711\n";
        asks(ANSWER, request, told, "set", "4711", "interval=250ms", "probe.park=off");
        asks(ANSWER, request, told, "set", "4711", "interval=250ms,probe.park=off");
        asks(ANSWER, request, ANSWER + "\n", "set", "4711", "interval=250ms,probe.park=off", "--format", "json");
    }

    @Test
    void saysWhatTheAgentRefuses() throws IOException {
        String refusal = "{\"schema\":1,\"error\":\"Bad argument: interval must be >= 100 ms, interval=5\"}";
        try (FakeAgent agent = new FakeAgent(machine.tmp(), asked -> refusal)) {
            FakeMachine.Outcome outcome = machine.run("set", "4711", "interval=5");
            assertEquals("", outcome.out());
            assertTrue(outcome.err().contains("interval must be >= 100 ms, interval=5"), outcome.err());
            assertEquals(1, outcome.exitCode());
        }
        FakeMachine.Outcome nothing = machine.run("set", "4711");
        assertEquals(2, nothing.exitCode());
        assertTrue(nothing.err().startsWith("Missing required parameter: 'KEY=VALUE'"), nothing.err());
    }

    @Test
    void helpHasItsExamplesAsTheyAreTyped() {
        String help = machine.run("set", "--help").out();
        assertTrue(help.contains("attach-cli set 4711 max-cost=2%\n"), help);
    }

    @Test
    void listsWhatProbesCost() throws IOException {
        String json = GoldenFiles.read("probes.json");
        String request = "{\"schema\":1,\"verb\":\"probes\"}";
        asks(json, request, GoldenFiles.read("probes.txt"), "probes", "4711");
        asks(json, request, json, "probes", "4711", "--format", "json");
    }
}
