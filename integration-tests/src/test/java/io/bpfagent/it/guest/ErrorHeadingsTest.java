package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the agent's sources say to the user, compared with the headings of TROUBLESHOOTING.md. */
class ErrorHeadingsTest {
    private static final String JDK_WARNING = "WARNING: ";
    private static final List<Path> AGENT =
            List.of(Path.of("../agent/src/main/java"), Path.of("../agent/otlp/src/main/java"));
    private static final Path CLI_ERRORS =
            Path.of("../attach-cli/src/main/java/io/bpfagent/cli/errors/CliError.java");
    /** Where a message begins: an exception whose text is shown, or a line that is printed. */
    private static final Pattern BEGIN = Pattern.compile(
            "(?:(?:new (?:KernelException|NativeTierException|ProbeException|ExportException"
                    + "|ExtensionException)|\\bfailed|\\bfail)\\(\\s*\""
                    + "|new IOException\\(\"(?=Cannot open)|LogLevel.ERROR, \"|String line = \""
                    + "|new StringBuilder\\(\"bpf-agent: )([^\"]+)\"");
    private static final Pattern REFERENCE = Pattern.compile("TROUBLESHOOTING\\.md, \\\\\"([^\"\\\\]+)\\\\\"");
    private static final Path LAUNCHER = Path.of("../bin/attach-cli");
    private static final Pattern LAUNCHER_PHRASE = Pattern.compile("fail \"([^\"(]+) \\(");
    private static final Pattern CLI_PHRASE = Pattern.compile("^    [A-Z_]+\\(\"([^\"]+)\"\\)", Pattern.MULTILINE);

    @Test
    void everyFirstPhraseOfTheAgentIsAHeading() throws IOException {
        Set<String> phrases = phrases();
        assertTrue(phrases.containsAll(List.of("Bad argument", "Cannot load BPF programs", "Cannot use libbpf",
                "Cannot attach a probe", "Cannot start", "Cannot open the control channel")), phrases::toString);
        phrases.removeAll(Errors.headings());
        assertEquals(Set.of(), phrases);
    }

    @Test
    void everySectionThatAMessageRefersToIsThere() throws IOException {
        Set<String> references = new TreeSet<>();
        Matcher matcher = REFERENCE.matcher(sources());
        while (matcher.find()) {
            references.add(matcher.group(1));
        }
        assertTrue(references.size() >= 5, references::toString);
        references.removeAll(Errors.headings());
        assertEquals(Set.of(), references);
    }

    @Test
    void everyFirstPhraseOfTheLauncherIsAHeading() throws IOException {
        Set<String> phrases = launcherPhrases();
        assertTrue(phrases.contains("This Java is too old"), phrases::toString);
        phrases.removeAll(Errors.headings());
        assertEquals(Set.of(), phrases);
    }

    @Test
    void noHeadingIsLeftOfAMessageThatIsGone() throws IOException {
        Set<String> headings = new TreeSet<>(Errors.headings());
        headings.removeAll(phrases());
        headings.removeAll(launcherPhrases());
        // The JDK's own, which JdkMessagesIT compares with what it prints.
        headings.removeIf(heading -> heading.startsWith(JDK_WARNING));
        Matcher matcher = CLI_PHRASE.matcher(Files.readString(CLI_ERRORS));
        while (matcher.find()) {
            headings.remove(matcher.group(1));
        }
        assertEquals(Set.of(), headings);
    }

    private static Set<String> launcherPhrases() throws IOException {
        Set<String> phrases = new TreeSet<>();
        Matcher matcher = LAUNCHER_PHRASE.matcher(Files.readString(LAUNCHER));
        while (matcher.find()) {
            phrases.add(matcher.group(1));
        }
        return phrases;
    }

    private static Set<String> phrases() throws IOException {
        Set<String> phrases = new TreeSet<>();
        Matcher matcher = BEGIN.matcher(sources());
        while (matcher.find()) {
            phrases.add(Errors.firstPhrase(matcher.group(1)));
        }
        return phrases;
    }

    /** All of the agent's and its extensions', with the pieces of long literals put together. */
    private static String sources() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path tree : AGENT) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString().replaceAll("(?<!\\\\)\"\\s*\\+\\s*\"", "");
    }
}
