package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code top} as a command; what is on the screen is in TopFrameTest, and on a real terminal in TopIT. */
class TopVerbTest {

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    static String answer(String request) {
        for (String verb : List.of("threads", "pauses", "events", "status", "disks", "remotes")) {
            if (request.contains("\"verb\":\"" + verb + "\"")) {
                return GoldenFiles.read(verb + ".json");
            }
        }
        return GoldenFiles.read("hist.json");
    }

    @Test
    void onceIsTextWithoutEscapes() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), TopVerbTest::answer)) {
            FakeMachine.Outcome outcome = machine.run("top", "4711", "--once");
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertTrue(outcome.out().startsWith("JVM 4711 (/srv/app.jar)") || outcome.out().startsWith("JVM 4711 ("),
                outcome.out());
            assertTrue(outcome.out().contains("http-nio-#-exec-#"), outcome.out());
            assertTrue(outcome.out().chars().allMatch(c -> c == '\n' || c >= ' '), "an escape");
            outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
            assertTrue(agent.requests().contains("{\"schema\":1,\"verb\":\"threads\",\"interval\":true}"));
        }
    }

    @Test
    void onceTakesViewSortAndFilter() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), TopVerbTest::answer)) {
            String threads = machine.run("top", "4711", "--once", "--view", "threads", "--sort", "blocked_monitor",
                "--filter", "EXEC").out();
            List<String> rows = threads.lines().filter(line -> line.startsWith("http-nio-8080")).toList();
            assertTrue(rows.get(0).startsWith("http-nio-8080-exec"), threads);
            assertTrue(!threads.contains("busy-0"), threads);
            assertTrue(machine.run("top", "4711", "--once", "--view", "pauses").out().contains("G1CollectFull"));
            assertTrue(machine.run("top", "4711", "--once", "--view", "events").out().contains("10.0.0.1:443"));
        }
    }

    @Test
    void withoutATerminalItSaysWhatToDo() throws IOException {
        try (FakeAgent agent = new FakeAgent(machine.tmp(), TopVerbTest::answer)) {
            FakeMachine.Outcome outcome = machine.run("top", "4711");
            assertEquals("Cannot show a full screen: standard input and output must be a terminal."
                + " For one frame as text: attach-cli top 4711 --once\n", outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals("", outcome.out());
        }
    }

    @Test
    void nonsenseIsRefusedWithTheRule() {
        assertWrong("--interval must be 100ms to 1h, --interval=5ms", "--interval", "5ms");
        assertWrong("--interval must be a number with us, ms, s, m, h or no unit (ms), --interval=soon", "--interval",
            "soon");
        assertWrong("--view must be pools, threads, pauses, events or contexts, --view=pool", "--view", "pool");
        assertWrong("--sort must be one of delayed, running, runnable, monitor, disk, fault, reclaim, safepoint,"
                + " socket,"
            + " poll, park, wait, sleep, vm, futex, process, other, name; --sort=cpu", "--sort", "cpu");
        assertWrong("--format must be text here; the same as JSON: attach-cli threads 4711 --interval --format json",
            "--format", "json");
    }

    private void assertWrong(String rule, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "top";
        arguments[1] = "4711";
        System.arraycopy(options, 0, arguments, 2, options.length);
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(rule + "\nTry: attach-cli top --help\n", outcome.err());
        assertEquals(2, outcome.exitCode());
    }
}
