package io.bpfagent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** doctor says what TROUBLESHOOTING.md says. */
class ConditionTest {

    private static final Path PAGE = Path.of("../TROUBLESHOOTING.md");

    @ParameterizedTest
    @EnumSource(Condition.class)
    void saysWhatTheSectionOfItsHeadingSays(Condition condition) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("\n## " + condition.heading() + "\n");
        assertTrue(begin >= 0, "no heading: " + condition.heading());
        int end = page.indexOf("\n## ", begin + 1);
        String section = words(page.substring(begin, end < 0 ? page.length() : end));
        assertTrue(section.contains(words(condition.remedy())), condition.remedy() + " is not in: " + section);
    }

    /** Without marks, lines and capitals. */
    private static String words(String text) {
        return text.replace("`", "").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
