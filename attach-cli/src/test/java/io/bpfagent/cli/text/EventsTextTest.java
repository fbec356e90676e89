package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.EventsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden document of events gives its golden text; -Dgolden.write=true writes the texts anew. */
class EventsTextTest {

    private static String render(String json, String filter, long minNs, boolean stacks) {
        return new EventsText(FakeMachine.CLOCK, filter, minNs, stacks)
            .report(new Title(4711, "app.jar"), Documents.read(json, EventsDocument.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "events-stacks", "events-odd", "events-odd-stacks", "events-empty",
        "events-none-so-long", "events-off"})
    void rendersTheGoldenText(String name) throws IOException {
        boolean none = name.equals("events-none-so-long");
        String text = render(GoldenFiles.read(name.replace("-stacks", "") + ".json"), none ? " of block_io" : "",
            none ? 10_000_000 : 0, name.endsWith("-stacks"));
        Path golden = Path.of("src/test/resources/golden/" + name + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
        text.lines().forEach(line -> assertTrue(line.length() <= Layout.WIDTH, line));
        assertTrue(text.contains("losses: "), "losses are always shown");
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127), "nothing steers the terminal: "
            + text);
    }

    @Test
    void saysWhichWereAskedFor() {
        String events = GoldenFiles.read("events.json");
        assertTrue(render(events, " of pool worker-#", 10_000_000,
            false).startsWith("JVM 4711 (app.jar): the last 9 slow"
            + " events of pool worker-# of 10.0 ms or\nlonger, of 1,204 slow events so far\n"));
        assertTrue(render(events, "", 0, false).startsWith("JVM 4711 (app.jar): the last 9 slow events of 1,204\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "app//com.example.A.b(A.java:1)|com.example.A.b(A.java:1)",
        "com.example.A.b(A.java:1)|com.example.A.b(A.java:1)",
        "java.base@25/java.lang.A.b(A.java:1)|java.lang.A.b(A.java:1)",
        "loader/a.module@1/com.example.A.b(A.java:1)|com.example.A.b(A.java:1)",
        "com.example.A$$Lambda/0x7f.b(Unknown Source)|com.example.A$$Lambda/0x7f.b(Unknown Source)",
        "app//com.example.A$$Lambda/0x7f.b(a/b.kt:1)|com.example.A$$Lambda/0x7f.b(a/b.kt:1)",
    })
    void aFrameIsShownWithoutWhereItsClassCameFrom(String frame, String shown) {
        assertEquals(shown, EventWords.frame(frame));
    }

    /** A later agent may leave keys out. */
    @Test
    void takesWhatItDoesNotKnow() {
        String text = render("{\"schema\":1,\"events\":[{\"number\":1,\"atMs\":1774778584512,\"durationNs\":1000000}],"
            + "\"more\":{}}", "", 0, true);
        assertTrue(text.contains("\n12:03:04.512  ?                   1.00 ms  (tid 0 on the host)\n"), text);
        assertTrue(text.endsWith("losses: not reported\n"), text);
    }
}
