package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every golden document of contexts gives its golden text; -Dgolden.write=true writes the texts anew. */
class ContextsTextTest {

    private static String render(String json, String order) {
        return ContextsText.of(new Title(4711, "app.jar"), Documents.read(json, ContextsDocument.class), order);
    }

    @ParameterizedTest
    @CsvSource({"contexts,contexts,wall", "contexts-runnable,contexts,runnable", "contexts-count,contexts,count",
        "contexts-interval,contexts-interval,wall", "contexts-none,contexts-none,wall",
                "contexts-no-programs,contexts-no-programs,wall",
        "contexts-odd-name,contexts-odd-name,wall"})
    void rendersTheGoldenText(String name, String document, String order) throws IOException {
        String text = render(GoldenFiles.read(document + ".json"), order);
        Path golden = Path.of("src/test/resources/golden/" + name + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
        text.lines().forEach(line -> assertTrue(line.length() <= Layout.WIDTH, line));
        assertTrue(text.contains("losses: "), "losses are always shown");
    }

    /** They come from requests, which anybody may send. */
    @Test
    void namesCannotSteerTheTerminal() {
        String text = render(GoldenFiles.read("contexts-odd-name.json"), "wall");
        assertTrue(text.contains("GET ?[2J/"), text);
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && (c < 0x7f || c >= 0xa0)), text);
    }

    /** What lies idle is not shown; what was entered before the interval and is not left yet has no mean. */
    @Test
    void anIntervalShowsOnlyWhatWasDoneInIt() {
        String text = render(GoldenFiles.read("contexts-interval.json"), "wall");
        assertFalse(text.contains("Repo.save"), text);
        assertTrue(text.contains("3 contexts, the last 1.00 s"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("POST /orders +0 +- +1\\.00 s +0% +0%")), text);
    }

    /** A later agent may leave keys out, and have other kinds and states. */
    @Test
    void takesWhatItDoesNotKnow() {
        String text = render("{\"schema\":1,\"contexts\":[{\"name\":\"a\",\"kind\":\"fiber\",\"count\":1,\"wallNs\":10,"
            + "\"inclusive\":{\"blocked_gpu\":9,\"running\":1}},{\"count\":1}],\"more\":{}}", "wall");
        assertTrue(text.contains("FIBER ") && text.contains("    blocked: gpu 90%\n"), text);
        assertTrue(text.endsWith("losses: not reported\n"), text);
    }
}
