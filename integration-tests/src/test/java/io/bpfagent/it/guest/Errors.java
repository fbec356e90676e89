package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of an error message, and the page that explains them. */
public final class Errors {
    private static final Path PAGE = Path.of("../TROUBLESHOOTING.md");

    private Errors() {}

    /** All of TROUBLESHOOTING.md. */
    static String page() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All headings of TROUBLESHOOTING.md. */
    public static Set<String> headings() {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.filter(line -> line.startsWith("## ")).map(line -> line.substring(3).strip())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up to the first bracket, colon or full stop. */
    public static String firstPhrase(String message) {
        return message.split("\\s*[(:]|\\.(\\s|$)", 2)[0];
    }

    /**
     * Of the agent: begins with the phrase, which is a heading, names what was the case, and ends with
     * where to read on; one line.
     */
    public static void assertExplained(String phrase, String because, String message) {
        assertEquals(phrase, firstPhrase(message), message);
        assertTrue(message.contains(because), message);
        assertTrue(message.endsWith("See TROUBLESHOOTING.md, \"" + phrase + "\"."), message);
        assertTrue(message.lines().count() == 1 && message.length() < 600, message);
        assertTrue(headings().contains(phrase), () -> phrase + " is no heading of TROUBLESHOOTING.md");
    }
}
