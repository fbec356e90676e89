package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.RemotesDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden document of remotes gives its golden text; -Dgolden.write=true writes the texts anew. */
class RemotesTextTest {

    private static String render(String json) {
        return RemotesText.of(new Title(4711, "app.jar"), Documents.read(json, RemotesDocument.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"remotes", "remotes-interval", "remotes-none", "remotes-no-programs", "remotes-odd-name"})
    void rendersTheGoldenText(String name) throws IOException {
        String text = render(GoldenFiles.read(name + ".json"));
        Path golden = Path.of("src/test/resources/golden/" + name + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
        text.lines().forEach(line -> assertTrue(line.length() <= Layout.WIDTH, line));
        assertTrue(text.contains("losses: "), "losses are always shown");
    }

    @Test
    void namesCannotSteerTheTerminal() throws IOException {
        String text = render(GoldenFiles.read("remotes-odd-name.json"));
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127), text);
    }

    /** What lies idle is not shown, and the shortest and longest of all time are not those of the interval. */
    @Test
    void anIntervalShowsOnlyWhatWasDoneInIt() throws IOException {
        String text = render(GoldenFiles.read("remotes-interval.json"));
        assertTrue(text.contains("the last 1.00 s") && !text.contains("6379") && !text.contains("20.0 ms"), text);
    }

    /** A later agent may leave keys out. */
    @Test
    void takesWhatItDoesNotKnow() {
        String text = render("{\"schema\":1,\"remotes\":[{\"direction\":\"outgoing\",\"address\":\"10.0.0.1\","
            + "\"port\":80,\"open\":1}],\"more\":{}}");
        assertTrue(text.contains("to 10.0.0.1:80 "), text);
        assertTrue(text.endsWith("losses: not reported\n"), text);
    }
}
