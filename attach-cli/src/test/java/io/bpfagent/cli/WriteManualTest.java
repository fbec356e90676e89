package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.manual.ManPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and completions say what the commands are, and the programs that read them agree. */
class WriteManualTest {

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        WriteManual.main(new String[] {directory.toString(), "2026-01-31T00:00:00Z", "1.2.3"});
    }

    private String page(String name) throws IOException {
        return Files.readString(directory.resolve("man/man1").resolve(name + ".1"));
    }

    private static CommandSpec command(List<String> words) {
        CommandSpec spec = Main.commandLine(Environment.system()).getCommandSpec();
        for (String word : words) {
            spec = spec.subcommands().get(word).getCommandSpec();
        }
        return spec;
    }

    @Test
    void everyCommandHasItsPage() throws IOException {
        Set<String> expected = HelpTest.commands().stream()
            .map(words -> ManPage.name(command(words)) + ".1").collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.list(directory.resolve("man/man1"))) {
            assertEquals(expected, files.map(file -> file.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void aPageHasEveryOptionAndEveryExample() throws IOException {
        for (List<String> words : HelpTest.commands()) {
            CommandSpec spec = command(words);
            String page = page(ManPage.name(spec)).replace("\\-", "-").replace("\\(aq", "'");
            for (OptionSpec option : spec.options()) {
                assertTrue(option.hidden() || page.contains("\\fB" + option.longestName() + "\\fR"),
                    () -> words + " " + option);
            }
            for (String line : spec.usageMessage().footer()) {
                assertTrue(!line.startsWith("  attach-cli") || page.contains("\n" + line.replace("%%", "%").strip()
                    + "\n"),
                    () -> line + " is not in\n" + page);
            }
            assertFalse(page.contains("%n") || page.contains("@|"), page);
        }
        assertTrue(page("attach-cli-probe-add").contains(
            ".TH \"ATTACH\\-CLI\\-PROBE\\-ADD\" \"1\" \"2026\\-01\\-31\" \"bpf\\-agent 1.2.3\""),
            page("attach-cli-probe-add"));
    }

    /** groff and mandoc where the machine has them; man itself is not needed. */
    @Test
    void theProgramsThatReadPagesFindNothingWrong() throws Exception {
        for (List<String> words : HelpTest.commands()) {
            Path file = directory.resolve("man/man1").resolve(ManPage.name(command(words)) + ".1");
            assertEquals("", output("groff", "-ww", "-man", "-Tutf8", "-z", file.toString()));
            assertEquals("", output("mandoc", "-Tlint", "-Wwarning", file.toString()));
        }
    }

    @Test
    void bashCompletesVerbsAndOptions() throws Exception {
        assertEquals("threads", completed("attach-cli thr"));
        assertEquals("--interval", completed("attach-cli threads --int"));
        String verbs = completed("attach-cli ");
        for (String verb : List.of("list", "attach", "pauses", "probe", "detach")) {
            assertTrue(List.of(verbs.split(" ")).contains(verb), verbs);
        }
    }

    @Test
    void zshLoadsTheCompletionOfBash() throws Exception {
        Path zsh = directory.resolve("completion/zsh/_attach-cli");
        assertTrue(Files.readString(zsh).startsWith("#compdef attach-cli\n"));
        assertEquals("", output("zsh", "-n", zsh.toString()));
    }

    /** What bash offers where this line ends. */
    private String completed(String line) throws Exception {
        Path script = directory.resolve("completion/bash/attach-cli");
        List<String> words = List.of(line.split(" ", -1));
        String array = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        // compopt is for what the shell itself calls.
        return output("bash", "-c", "compopt() { :; }; source " + script + " && COMP_WORDS=(" + array
        + ") COMP_CWORD=" + (words.size() - 1)
            + " COMP_LINE='" + line + "' && _complete_attach-cli && echo \"${COMPREPLY[*]}\"");
    }

    /** What a program prints on both streams; nothing where there is no such program. */
    private static String output(String... command) throws Exception {
        if (Stream.of("/usr/bin", "/bin").map(bin -> Path.of(bin, command[0])).noneMatch(Files::isExecutable)) {
            return "";
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return text;
    }
}
