package io.bpfagent.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.GoldenFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a page is made of, with golden files of a real recording; -Dgolden.write=true writes them anew. */
class ReportDataTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static String data(Path recording) throws IOException {
        ReportBuilder builder = new ReportBuilder();
        assertEquals("", new RecordingReader(recording).read(builder::add));
        StringWriter json = new StringWriter();
        ReportJson.write(builder.data(), json);
        return json.toString();
    }

    @Test
    void theDataIsTheGoldenFile() throws IOException {
        String json = data(GOLDEN.resolve("shop-recording.json")) + "\n";
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(GOLDEN.resolve("report-data.json"), json);
        }
        // Not assertEquals, which would print both of them.
        assertTrue(GoldenFiles.read("report-data.json").equals(json), "-Dgolden.write=true, and compare");
    }
}
