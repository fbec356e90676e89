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

/** The verb {@code events}, from the arguments to the text, over a real socket. */
class EventsVerbTest {

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

    private static String request(int last, long minNs, String metric, String pool, String thread) {
        return "{\"schema\":1,\"verb\":\"events\",\"last\":" + last + ",\"minNs\":" + minNs + ",\"after\":0,\"metric\":"
            + quoted(metric) + ",\"pool\":" + quoted(pool) + ",\"thread\":" + quoted(thread) + "}";
    }

    private static String quoted(String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    @Test
    void printsTheGoldenText() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("events.json"))) {
            FakeMachine.Outcome outcome = machine.run("events", "4711");
            assertEquals(GoldenFiles.read("events.txt"), outcome.out());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals(GoldenFiles.read("events-stacks.txt"), machine.run("events", "4711", "--stacks").out());
            assertEquals(GoldenFiles.read("events.json"), machine.run("events", "4711", "--format", "json").out());
            assertEquals(List.of(request(20, 0, null, null, null), request(20, 0, null, null, null),
                request(20, 0, null, null, null)), agent.requests());
        }
    }

    @Test
    void asksForWhatIsWanted() throws IOException {
        try (FakeAgent agent = agent(GoldenFiles.read("events-none-so-long.json"))) {
            assertEquals(GoldenFiles.read("events-none-so-long.txt"),
                machine.run("events", "4711", "--metric", "block_io", "--min", "10ms", "--last", "1024").out());
            String one = machine.run("events", "4711", "--pool", "worker-#", "--last=1").out();
            assertTrue(one.startsWith("JVM 4711 (app.jar): no slow event of pool worker-# among the last 1,024 of"
                    + " 4,321\nslow events so far\n"),
                one);
            machine.run("events", "4711", "--thread", "main");
            assertEquals(List.of(request(1024, 10_000_000, "block_io", null, null),
                request(1, 0, null, "worker-#", null), request(20, 0, null, null, "main")), agent.requests());
        }
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        String rule = "--last must be 1 .. 1024, or 0 with --follow, --last=";
        for (String last : List.of("0", "1025", "-1", "x")) {
            wrong(rule + last, "--last", last);
        }
        wrong("--min must be a number with us, ms, s, m, h or no unit (ms), --min=x", "--min", "x");
        wrong("--pool=POOL, --thread=NAME are mutually exclusive (specify only one)", "--pool", "p", "--thread", "t");
    }

    private void wrong(String line, String... more) {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "events";
        arguments[1] = "4711";
        System.arraycopy(more, 0, arguments, 2, more.length);
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(line + "\nTry: attach-cli events --help\n", outcome.err());
        assertEquals(2, outcome.exitCode());
    }

    @Test
    void aWrongMetricIsRefusedByTheAgent() throws IOException {
        String refusal = "no such metric: blok_io. Nearest: block_io";
        try (FakeAgent agent = agent("{\"schema\":1,\"error\":\"" + refusal + "\"}")) {
            FakeMachine.Outcome outcome = machine.run("events", "4711", "--metric", "blok_io");
            assertEquals("The agent refused the request: " + refusal + "\n", outcome.err());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        FakeMachine.Outcome outcome = machine.run("events", "--help");
        assertEquals(0, outcome.exitCode());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli events "));
        assertTrue(machine.run("--help").out().contains("events "), "the help of all verbs names it");
    }
}
