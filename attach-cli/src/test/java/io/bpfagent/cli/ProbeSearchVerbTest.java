package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import io.bpfagent.cli.jvm.ProbeSearcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verb {@code probe PID search}, from the arguments to the text, with what the agent's classes would find. */
class ProbeSearchVerbTest {

    private static final Gson GSON = new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
        .create();

    @TempDir
    Path directory;
    private FakeMachine machine;
    private final List<String> searched = new ArrayList<>();
    private ProbeSearcher searcher = (process, pattern, limit) -> {
        searched.add(process.getFileName() + " " + pattern + " " + limit);
        return found(GoldenFiles.read("probe-search.json"));
    };

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    private static Map<String, Object> found(String json) {
        return GSON.fromJson(json, new TypeToken<Map<String, Object>>() { }.getType());
    }

    private FakeMachine.Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Environment environment = machine.environment();
        int exitCode = new CommandLine(new ProbeVerb(environment))
            .addSubcommand(new ProbeSearchVerb(environment, searcher))
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .setParameterExceptionHandler(Failures::wrongUsage).setExecutionExceptionHandler(Failures::failed)
            .execute(arguments);
        return new FakeMachine.Outcome(exitCode, out.toString(), err.toString());
    }

    @Test
    void printsTheGoldenText() {
        FakeMachine.Outcome outcome = run("4711", "search", "*");
        assertEquals("", outcome.err());
        assertEquals(GoldenFiles.read("probe-search.txt"), outcome.out());
        assertEquals(0, outcome.exitCode());
        assertEquals(List.of("4711 * 200"), searched);
    }

    @Test
    void printsTheGoldenDocument() {
        FakeMachine.Outcome outcome = run("4711", "search", "block", "--format", "json", "--limit", "5");
        assertEquals(GoldenFiles.read("probe-search.json"), outcome.out());
        assertEquals(List.of("4711 block 5"), searched);
    }

    @Test
    void nothingFoundIsAnErrorThatSaysWhatWasNotLookedAt() {
        searcher = (process, pattern, limit) -> Map.of("probes", List.of(), "found", 0, "remarks", List.of("no BTF."));
        FakeMachine.Outcome outcome = run("4711", "search", "getadr");
        assertEquals("Nothing matches (pattern=getadr; no BTF.). Part of a name is enough, in any case; * stands for"
            + " anything.\n", outcome.err());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void whatMayNotBeReadIsAnError() {
        searcher = (process, pattern, limit) -> {
            throw new IOException("/proc/4711/maps (Permission denied)");
        };
        FakeMachine.Outcome outcome = run("4711", "search", "x");
        assertEquals("Cannot look at the JVM's libraries (/proc/4711/maps (Permission denied)). Run this as the JVM's"
            + " user, or with sudo.\n", outcome.err());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void aJarWithoutTheSearchIsAnError() {
        FakeMachine.Outcome outcome = machine.run("probe", "4711", "search", "x");
        assertTrue(outcome.err().startsWith("Cannot find the agent's jar of this release"), outcome.err());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void wrongUsageIsRefused() {
        assertEquals(2, run("4711", "search").exitCode());
        assertEquals(2, run("4711", "search", "x", "--limit", "0").exitCode());
        assertTrue(run("4711", "search", "x", "--limit", "0").err().startsWith("--limit must be 1 .. "));
        assertEquals(2, run("4711").exitCode());
        FakeMachine.Outcome none = run("4712", "search", "x");
        assertTrue(none.err().startsWith("Cannot reach the agent: there is no process 4712"), none.err());
        assertEquals(List.of(), searched);
    }

    @Test
    void namesThatWouldSteerTheTerminalDoNot() {
        searcher = (process, pattern, limit) -> Map.of("probes", List.of(Map.of("kind", "uprobe", "probe",
            "uprobe:lib:\u001b[2J", "places", 1, "singleStepped", false)), "found", 1, "remarks", List.of());
        assertFalse(run("4711", "search", "\u001b[1m").out().contains("\u001b"));
    }

    @Test
    void helpFitsTheScreenAndEndsWithExamples() {
        FakeMachine.Outcome outcome = machine.run("probe", "4711", "search", "--help");
        assertEquals(0, outcome.exitCode());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().substring(outcome.out().indexOf("Examples:")).contains("  attach-cli probe "));
    }
}
