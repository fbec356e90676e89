package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is true of every verb, walked in the command tree: a new one is tested too. */
class HelpTest {

    private static final int SCREEN = 80;
    /** In the examples, and of no process in the fake machine. */
    private static final String PID = "4711";
    private static final String NO_PROCESS = "4712";
    /** What is wrong is what they were asked for: they print it. */
    private static final List<String> VERDICTS = List.of("doctor");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    Path directory;
    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
    }

    /** The command itself and all verbs, with the words by which each is called. */
    static List<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(Main.commandLine(Environment.system()), List.of(), all);
        return all;
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
        all.add(words);
        command.getSubcommands().forEach((name, verb) ->
            collect(verb, Stream.concat(words.stream(), Stream.of(name)).toList(), all));
    }

    static List<List<String>> verbs() {
        return commands().stream().filter(words -> !words.isEmpty()).toList();
    }

    /** Its words with what has to stand between them: {@code probe 4711 add}. */
    private static List<String> called(List<String> words) {
        CommandLine command = Main.commandLine(Environment.system());
        List<String> all = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            command = command.getSubcommands().get(words.get(i));
            all.add(words.get(i));
            if (i + 1 < words.size() && !command.getCommandSpec().positionalParameters().isEmpty()) {
                all.add(PID);
            }
        }
        return all;
    }

    private static CommandLine command(List<String> words) {
        CommandLine command = Main.commandLine(Environment.system());
        for (String word : words) {
            command = command.getSubcommands().get(word);
        }
        return command;
    }

    private FakeMachine.Outcome run(List<String> words, String... more) {
        return machine.run(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
    }

    /** The examples of a verb, as they are typed: without sudo, without what is behind a bar, without remarks. */
    private static List<List<String>> examples(List<String> words) {
        List<List<String>> examples = new ArrayList<>();
        for (String line : command(words).getCommandSpec().usageMessage().footer()) {
            String typed = line.replace("%%", "%").strip().replaceFirst("^sudo ", "").replaceFirst(" +\\| .*", "")
                .replaceFirst("   +.*", "").replaceFirst(" +> .*", "").replaceFirst("  +[a-z].*", "");
            if (line.startsWith("  ") && typed.startsWith("attach-cli ")) {
                List<String> example = new ArrayList<>();
                for (Matcher word = WORD.matcher(typed.substring("attach-cli ".length())); word.find();) {
                    example.add(word.group(1) == null ? word.group(2) : word.group(1));
                }
                examples.add(example);
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsTheScreenAndEndsWithExamples(List<String> words) {
        FakeMachine.Outcome outcome = run(called(words), "--help");
        assertEquals(0, outcome.exitCode(), outcome::err);
        assertEquals("", outcome.err());
        outcome.out().lines().forEach(line -> assertTrue(line.length() <= SCREEN, line));
        assertFalse(outcome.out().contains("\n\n\n"), outcome.out());
        assertTrue(outcome.out().contains("\nExamples:\n"), outcome.out());
        assertFalse(examples(words).isEmpty(), outcome.out());
        assertFalse(outcome.out().contains("\u001b"), "coloured, and nobody looks");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyExampleCanBeTyped(List<String> words) {
        for (List<String> example : examples(words)) {
            String[] typed = Main.withVerb(example.toArray(String[]::new));
            assertDoesNotThrow(() -> Main.commandLine(Environment.system()).parseArgs(typed), example::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyOptionAndParameterIsExplained(List<String> words) {
        command(words).getCommandSpec().args().forEach(argument ->
            assertTrue(argument.hidden() || argument.description().length > 0, () -> words + " " + argument));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void wrongUsageIsTwoLinesOnStandardErrorAndExitCodeTwo(List<String> words) {
        FakeMachine.Outcome outcome = run(called(words), "--no-such-option");
        assertEquals(2, outcome.exitCode(), outcome::err);
        assertEquals("", outcome.out());
        String[] lines = outcome.err().split("\n");
        assertEquals(2, lines.length, outcome::err);
        assertEquals("Try: attach-cli" + String.join("", words.stream().map(word -> " " + word).toList()) + " --help",
            lines[1]);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void whatFailsIsOneLineOnStandardErrorAndExitCodeOne(List<String> words) {
        for (List<String> example : examples(words)) {
            if (example.contains(PID) && !VERDICTS.contains(words.get(0))) {
                String[] typed = example.stream().map(word -> word.equals(PID) ? NO_PROCESS : word)
                    .toArray(String[]::new);
                FakeMachine.Outcome outcome = machine.run(Main.withVerb(typed));
                assertEquals(1, outcome.exitCode(), () -> example + " " + outcome);
                assertEquals("", outcome.out(), example::toString);
                assertEquals(1, outcome.err().lines().count(), () -> example + " " + outcome);
                assertTrue(outcome.err().contains(NO_PROCESS), () -> example + " " + outcome);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void durationsAreWrittenWithTheirUnit(List<String> words) {
        for (OptionSpec option : command(words).getCommandSpec().options()) {
            if (option.paramLabel().equals("DURATION")) {
                assertEquals(1, option.converters().length, option::longestName);
                for (String duration : List.of("1500ms", "2s", "1m")) {
                    assertDoesNotThrow(() -> option.converters()[0].convert(duration), option::longestName);
                }
            }
        }
    }

    @Test
    void thereAreVerbsInVerbs() {
        assertTrue(verbs().contains(List.of("probe", "add")));
        assertEquals(List.of("probe", "4711", "add"), called(List.of("probe", "add")));
    }
}
