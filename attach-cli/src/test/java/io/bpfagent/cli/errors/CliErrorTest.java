package io.bpfagent.cli.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first phrase of every error is a heading in TROUBLESHOOTING.md. */
class CliErrorTest {

    @ParameterizedTest
    @EnumSource(CliError.class)
    void hasAHeadingInTroubleshooting(CliError error) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../TROUBLESHOOTING.md"));
        int heading = lines.indexOf("## " + error.phrase());
        assertTrue(heading >= 0, "no heading: ## " + error.phrase());
        assertTrue(!lines.get(heading + 2).isBlank() && !lines.get(heading + 2).startsWith("#"),
            "no text below: ## " + error.phrase());
    }

    @Test
    void messagesAreOneLineThatBeginsWithThePhrase() {
        assertEquals("Cannot attach: there is no process 7. a | b",
            CliError.ATTACH_NO_PROCESS.because(" 7. a\n  b\n").getMessage());
    }
}
