package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.DisksDocument;
import io.bpfagent.cli.control.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden document of disks gives its golden text; -Dgolden.write=true writes the texts anew. */
class DisksTextTest {

    private static String render(String json) {
        return DisksText.of(new Title(4711, "app.jar"), Documents.read(json, DisksDocument.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disks", "disks-losses", "disks-interval", "disks-idle", "disks-none", "disks-no-programs",
        "disks-odd-name"})
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

    /** A name that would clear the screen, turn the line around or make another one is in one column, harmless. */
    @Test
    void namesCannotSteerTheTerminal() {
        String text = render(GoldenFiles.read("disks-odd-name.json"));
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127), text);
        assertEquals(2, text.lines().filter(line -> line.startsWith("a?[2..nop")).count(), text);
    }

    /** What a use that is 0 has as its maximum was before the interval. */
    @Test
    void anIntervalShowsOnlyWhatWasDoneInIt() {
        String text = render(GoldenFiles.read("disks-interval.json"));
        assertTrue(text.contains("the last 1.00 s"), text);
        assertTrue(!text.contains("sdb") && text.lines().noneMatch(line -> line.contains("  flush ")), text);
        assertTrue(render(GoldenFiles.read("disks-idle.json")).contains("No request was done."));
    }

    /** A later agent may leave keys out and add operations. */
    @Test
    void takesWhatItDoesNotKnow() {
        String text = render("{\"schema\":1,\"disks\":[{\"name\":\"sda\",\"uses\":[{\"by\":\"other\","
            + "\"operation\":\"zone_append\",\"requests\":1,\"bytes\":512}]},{\"name\":null}],\"more\":{}}");
        assertTrue(text.contains("sda       others zone..pend"), text);
        assertTrue(text.endsWith("losses: not reported\n"), text);
    }
}
