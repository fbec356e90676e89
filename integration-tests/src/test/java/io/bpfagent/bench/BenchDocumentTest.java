package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchDocumentTest {
    private static final List<String> TITLES = List.of("First", "Second", "Third");

    @TempDir
    Path directory;

    private BenchDocument after(String earlier) throws IOException {
        Path file = Files.writeString(directory.resolve("benchmarks.md"), earlier);
        BenchDocument document = new BenchDocument("# New head\n", TITLES);
        document.read(file);
        return document;
    }

    @Test
    void aChapterTakesTheOldOnesPlace() throws IOException {
        BenchDocument document = after("# Head\n\n## First\n\none\n\n### Part\n\n## Third\n\nthree\n");
        document.put("Third", "new three\n\n");
        assertEquals("# New head\n\n## First\n\none\n\n### Part\n\n## Third\n\nnew three\n", document.toString());
    }

    @Test
    void aNewChapterStandsInItsPlace() throws IOException {
        BenchDocument document = after("# Head\n\n## First\n\none\n\n## Third\n\nthree\n");
        document.put("Second", "two");
        assertEquals("# New head\n\n## First\n\none\n\n## Second\n\ntwo\n\n## Third\n\nthree\n", document.toString());
        Path again = directory.resolve("again.md");
        document.write(again);
        assertEquals(document.toString(), after(Files.readString(again)).toString());
    }

    @Test
    void whatNoChapterMeasuresGoes() throws IOException {
        assertEquals("# New head\n\n## First\n\none\n",
                after("# Head\n\n## Old\n\nold\n\n## First\n\none\n").toString());
    }
}
