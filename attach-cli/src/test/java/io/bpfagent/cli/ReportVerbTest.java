package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code report}, with a stand-in for the page. */
public class ReportVerbTest {

    private static final String RECORDING = "src/test/resources/golden/shop-recording.json";

    @TempDir
    Path directory;
    private FakeMachine machine;
    private Path page;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = new FakeMachine(Files.createDirectory(directory.resolve("machine")));
        page = directory.resolve("report.html");
    }

    /** What is in a page, as a browser would have it. */
    static JsonObject data(Path page) throws IOException {
        String html = Files.readString(page);
        String data = html.replaceAll("(?s).*id=\"data\">([^<]*)<.*", "$1");
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(data)))) {
            return JsonParser.parseString(new String(json.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }

    private FakeMachine.Outcome report(String... more) {
        String[] arguments = Stream.concat(Stream.of("report", RECORDING, "-o", page.toString()), Stream.of(more))
            .toArray(String[]::new);
        return machine.run(arguments);
    }

    @Test
    void thePageHasTheData() throws IOException {
        FakeMachine.Outcome outcome = report();
        assertEquals("", outcome.err());
        assertEquals(0, outcome.exitCode());
        assertTrue(outcome.out().replaceAll("\\s+", " ").matches("4 intervals \\(4\\.02 s\\), [0-9.]+ KiB to "
            + page + " "), outcome.out());
        assertEquals(JsonParser.parseString(GoldenFiles.read("report-data.json")), data(page));
        assertTrue(Files.readString(page).contains("<title>io.bpfagent.sample.SampleShop (JVM 27721)</title>"));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void aTitleStaysText() throws IOException {
        assertEquals(0, report("--title", "<script>alert('&')</script>@@DATA@@").exitCode());
        String html = Files.readString(page);
        assertTrue(html.contains("<title>&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;@@DATA@@</title>"), html);
        assertEquals(1, data(page).get("schema").getAsInt());
    }

    @Test
    void tellsAsJsonToo() throws IOException {
        FakeMachine.Outcome outcome = report("--format", "json");
        assertEquals("{\"schema\":1,\"file\":\"" + page + "\",\"bytes\":" + Files.size(page)
            + ",\"intervals\":4,\"wallNs\":4022218295,\"reason\":\"duration\"}\n", outcome.out());
    }

    @Test
    void aFileThatIsThereIsKept() throws IOException {
        Files.writeString(page, "precious");
        FakeMachine.Outcome outcome = report();
        assertEquals("Cannot report: the file is there already (" + page + "). Give another name, or --force to"
            + " overwrite it.\n", outcome.err());
        assertEquals(1, outcome.exitCode());
        assertEquals("precious", Files.readString(page));
        assertEquals(0, report("--force").exitCode());
        assertEquals(1, data(page).get("schema").getAsInt());
    }

    @Test
    void whatALinkLeadsToIsWritten() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "old");
        Files.createSymbolicLink(page, other);
        assertEquals(0, report("--force").exitCode());
        assertTrue(Files.isSymbolicLink(page));
        assertEquals(1, data(other).get("schema").getAsInt());
    }

    @Test
    void aFullDiskIsOneLine() throws IOException {
        Files.createSymbolicLink(page, Path.of("/dev/full"));
        FakeMachine.Outcome outcome = report("--force");
        assertEquals("Cannot report: the file cannot be written (" + page + ": No space left on device). Make room, or"
            + " write to another place.\n", outcome.err());
        assertEquals(1, outcome.exitCode());
        Files.delete(page);
    }

    @Test
    void aCutRecordingIsTakenUpToThere() throws IOException {
        String whole = Files.readString(Path.of(RECORDING));
        Path cut = Files.writeString(directory.resolve("cut.json"), whole.substring(0, whole.length() * 2 / 3));
        FakeMachine.Outcome outcome = machine.run("report", cut.toString(), "-o", page.toString());
        assertEquals("", outcome.err());
        assertEquals("note: the recording is taken as far as it goes: its line 4 is cut or broken.",
            outcome.out().substring(outcome.out().indexOf("note:")).strip().replaceAll("\\s+", " "));
        assertEquals("cut", data(page).get("end").getAsString());
        assertEquals(2, data(page).get("intervals").getAsInt());
    }

    @Test
    void whatCannotBeLeavesNothing() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.json"),
            Files.readString(Path.of(RECORDING)).lines().findFirst().orElseThrow() + "\n");
        assertEquals("Cannot report: the recording has no interval (" + empty + "). Record for longer than the agent's"
            + " own interval, which attach-cli status PID tells.\n",
            machine.run("report", empty.toString(), "-o", page.toString()).err());
        assertEquals("Cannot report: the file cannot be written (" + directory + "/none/x.html: its directory is not"
            + " there). Make it, or give another name.\n",
            machine.run("report", RECORDING, "-o", directory + "/none/x.html").err());
        assertFalse(Files.exists(page));
        FakeMachine.Outcome outcome = machine.run("report", RECORDING, "-o", directory + "/x.txt");
        assertEquals("-o must end in .html, -o=" + directory + "/x.txt\nTry: attach-cli report --help\n",
            outcome.err());
        assertEquals(2, outcome.exitCode());
    }
}
