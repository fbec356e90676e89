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

/** The verbs {@code probe PID add}, {@code remove} and {@code list}, from the arguments to the text. */
class ProbeVerbTest {

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    private void asks(String request, String out, String... arguments) throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), asked -> GoldenFiles.read("probe.json"))) {
            FakeMachine.Outcome outcome = machine.run(arguments);
            assertEquals("", outcome.err());
            assertEquals(out, outcome.out());
            assertEquals(0, outcome.exitCode());
            assertEquals(List.of(request), agent.requests());
        }
    }

    @Test
    void listsThem() throws IOException {
        String request = "{\"schema\":1,\"verb\":\"probe\",\"action\":\"list\"}";
        asks(request, GoldenFiles.read("probe.txt"), "probe", "4711", "list");
        asks(request, GoldenFiles.read("probe.json"), "probe", "4711", "list", "--format", "json");
    }

    @Test
    void addsOneOfAllTheWordsThatFollow() throws IOException {
        asks("{\"schema\":1,\"verb\":\"probe\",\"action\":\"add\",\"name\":\"lookups\","
            + "\"spec\":\"uprobe:libc.so.6:getaddrinfo arg1>4096 value=arg2\"}",
            "added lookups; see it with: attach-cli hist 4711 --metric lookups\n",
            "probe", "4711", "add", "lookups", "uprobe:libc.so.6:getaddrinfo", "arg1>4096", "value=arg2");
        asks("{\"schema\":1,\"verb\":\"probe\",\"action\":\"add\",\"name\":\"x\",\"spec\":\"tp:a:b arg1==1\"}",
            GoldenFiles.read("probe.json"), "probe", "4711", "add", "x", "tp:a:b arg1==1", "--format", "json");
    }

    @Test
    void removesOne() throws IOException {
        asks("{\"schema\":1,\"verb\":\"probe\",\"action\":\"remove\",\"name\":\"lookups\"}", "removed lookups\n",
            "probe", "4711", "remove", "lookups");
    }

    @Test
    void saysWhatTheAgentRefuses() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(),
            request -> "{\"schema\":1,\"error\":\"Too many probes (x): there are 7.\"}")) {
            FakeMachine.Outcome outcome = machine.run("probe", "4711", "add", "x", "tp:a:b");
            assertEquals("The agent refused the request: Too many probes (x): there are 7.\n", outcome.err());
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void wrongUsageIsSaid() {
        assertEquals(2, machine.run("probe", "4711").exitCode());
        assertTrue(machine.run("probe", "4711").err().startsWith("A verb must be given: add, remove, list or search"));
        assertEquals(2, machine.run("probe", "4711", "add", "x").exitCode());
        assertEquals(2, machine.run("probe", "4711", "remove").exitCode());
        assertEquals(2, machine.run("probe", "0", "list").exitCode());
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        for (String[] arguments : new String[][] {{"probe", "--help"}, {"probe", "4711", "add", "--help"},
            {"probe", "4711", "remove", "--help"}, {"probe", "4711", "list", "--help"}}) {
            FakeMachine.Outcome outcome = machine.run(arguments);
            assertEquals(0, outcome.exitCode());
            outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
            assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
            assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli probe "));
        }
    }
}
