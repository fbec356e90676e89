package io.bpfagent.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.errors.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are whole, cut, or none of ours. */
class RecordingReaderTest {

    @TempDir
    Path directory;

    /** How many lines were read, and why there are no more. */
    private String read(SmallRecording recording) throws IOException {
        List<RecordedLine> lines = new ArrayList<>();
        String cut = new RecordingReader(recording.in(directory)).read(lines::add);
        return lines.size() + " " + cut;
    }

    private static SmallRecording two() {
        return new SmallRecording().interval(1).interval(2);
    }

    @Test
    void aWholeRecordingIsRead() throws IOException {
        assertEquals("4 ", read(two().end()));
    }

    @Test
    void whatIsBeforeACutIsGood() throws IOException {
        assertEquals("3 it has no end, for whoever recorded was killed or records on", read(two()));
        assertEquals("3 its line 4 is cut or broken", read(two().raw("{\"schema\":1,\"record\":\"interval\",\"num")));
        assertEquals("3 its line 4 is cut or broken", read(two().raw("\0\0\0\0").end()));
        assertEquals("3 its line 4 is cut or broken", read(two().raw("[1]\n").end()));
        assertEquals("3 its line 4 is cut or broken", read(two().raw("{\"schema\":1,\"record\":\"interval\","
            + "\"histograms\":[{\"metric\":\"x\",\"buckets\":[[1]]}]}\n")));
        assertEquals("3 in line 4 another recording begins", read(two().raw(SmallRecording.BEGIN)));
    }

    /** Every prefix of a recording has the intervals that are whole in it. */
    @Test
    void aCutAnywhereLosesNoMoreThanItsLine() throws IOException {
        String whole = two().end().text();
        Path cut = directory.resolve("cut.json");
        for (int length = SmallRecording.BEGIN.length(); length < whole.length(); length += 7) {
            String part = whole.substring(0, length);
            Files.writeString(cut, part);
            List<RecordedLine> lines = new ArrayList<>();
            new RecordingReader(cut).read(lines::add);
            long breaks = part.chars().filter(c -> c == '\n').count();
            boolean lastIsWhole = whole.charAt(length) == '\n';
            assertEquals(breaks + (lastIsWhole ? 1 : 0), lines.size(), part);
        }
    }

    @Test
    void oneThatWasCompressedIsReadToo() throws IOException {
        SmallRecording recording = new SmallRecording();
        for (int i = 0; i < 1_000; i++) {
            recording.interval(i * 7_919L % 1_000);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(recording.end().text().getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(directory.resolve("x.json.gz"), packed.toByteArray());
        List<RecordedLine> lines = new ArrayList<>();
        assertEquals("", new RecordingReader(file).read(lines::add));
        assertEquals(1_002, lines.size());
        lines.clear();
        Files.write(file, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
        String cut = new RecordingReader(file).read(lines::add);
        // A line that is cut with it, too, is the next one.
        assertEquals("what gzip has made of it is cut or broken in line " + (lines.size() + 1), cut);
        assertTrue(lines.size() > 100, lines.size() + " lines");
    }

    @Test
    void kindsOfLinesThatAreNotKnownAreSkipped() throws IOException {
        assertEquals("4 ", read(two().raw("{\"schema\":1,\"record\":\"remark\",\"text\":\"x\"}\n").end()));
    }

    private String refused(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("x.json"), text);
        return assertThrows(CliException.class, () -> new RecordingReader(file).read(line -> { })).getMessage()
            .replace(file.toString(), "x.json");
    }

    @Test
    void whatIsNoRecordingIsSaidInOneLine() throws IOException {
        String remedy = "). Give a FILE.json that attach-cli record has written.";
        assertEquals("Cannot report: not a recording (x.json begins with nothing: it is empty" + remedy, refused(""));
        assertEquals("Cannot report: not a recording (x.json begins with '#[bpf-agent, JVM 4711 (app.jar); values ...'"
            + remedy, refused("#[bpf-agent, JVM 4711 (app.jar); values in ns]\n"));
        assertEquals("Cannot report: not a recording (x.json begins with '{\"schema\":1,\"threads\":[]}'" + remedy,
            refused("{\"schema\":1,\"threads\":[]}\n"));
        assertEquals("Cannot report: not a recording (x.json begins with '????'" + remedy, refused("\1\2\3\4"));
        assertEquals("Cannot report: not a recording (x.json begins with '" + "x".repeat(40) + "...'" + remedy,
            refused("x".repeat(5 << 20)));
        assertEquals("Cannot report: not a recording (x.json begins with '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...'"
            + remedy, refused("[".repeat(100_000)));
        assertEquals("Cannot report: a recording of another schema (x.json: schema=2, this command reads 1). Use the"
            + " attach-cli that has recorded it.",
            refused(SmallRecording.BEGIN.replace("\"schema\":1", "\"schema\":2")));
    }

    @Test
    void whatCannotBeReadIsSaidInOneLine() {
        Path none = directory.resolve("none.json");
        assertEquals("Cannot report: the recording cannot be read (" + none + ": there is no such file). Give a file"
            + " that attach-cli record has written.",
            assertThrows(CliException.class, () -> new RecordingReader(none).read(line -> { })).getMessage());
        assertEquals("Cannot report: the recording cannot be read (" + directory + ": it is a directory). Give a"
            + " file that attach-cli record has written.",
            assertThrows(CliException.class, () -> new RecordingReader(directory).read(line -> { })).getMessage());
    }
}
