package io.bpfagent.it.hostile;

import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.guest.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli record} of a host that works, to a disk that fills up: a small tmpfs of the test's own. */
class FullDiskIT {
    private static final String NO_FILE = "Cannot record: the file cannot be written";
    private static final String NO_PAGE = "Cannot report: the file cannot be written";
    private static final String FULL = ": No space left on device)";
    private static final String WHOLE = " It has all up to the last whole interval.";
    /** A machine at its limits has slow events by hundreds, more than such a disk has room for. */
    private static final String QUIET = SceneHost.INTERVAL + ",slow=off";
    /** If it does not fill up, the command ends, and not as it should. */
    private static final String LONG = "5m";

    @TempDir
    Path directory;

    private static Cli record(HostJvm host, Path file, String interval, String duration) {
        return Cli.run("record", host.pid(), "--interval", interval, "--duration", duration, "-o", file);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aRecordingHasAllUpToTheLastWholeInterval(Jdk jdk) throws Exception {
        try (HostJvm host = WorkingHost.start(jdk, QUIET);
                SmallDisk disk = SmallDisk.mount(directory, "256k")) {
            Path json = disk.file("x.json");
            record(host, json, "100ms", LONG).assertFailed(NO_FILE, json + FULL + "." + WHOLE);
            assertWholeIntervals(json);
            assertEquals(List.of("x.json"), disk.files());
            Files.delete(json);

            Path hlog = disk.file("x.hlog");
            record(host, hlog, "100ms", LONG).assertFailed(NO_FILE, hlog + FULL + "." + WHOLE);
            assertWholeLog(hlog);
            assertEquals(List.of("x.hlog"), disk.files());
            Files.delete(hlog);

            Path recording = disk.file("x.html.json");
            record(host, disk.file("x.html"), "100ms", LONG).assertFailed(NO_FILE, recording + FULL + "." + WHOLE);
            assertWholeIntervals(recording);
            assertEquals(List.of("x.html.json"), disk.files(), "a page of a recording that was not to end so");
            assertEndsRight(host);
        }
    }

    /** There is room for the recording, which has 30 KB an interval, and none for the page of it, which has 140. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aPageForWhichThereIsNoRoomIsNotBegun(Jdk jdk) throws Exception {
        try (HostJvm host = WorkingHost.start(jdk, QUIET);
                SmallDisk disk = SmallDisk.mount(directory, "160k")) {
            Path page = disk.file("x.html");
            Path recording = disk.file("x.html.json");
            record(host, page, "1s", "2s").assertFailed(NO_PAGE, page + FULL + ". Make room, or write to another place."
                    + " The recording is in " + recording + ": attach-cli report " + recording + " -o " + page);
            assertEquals(List.of("x.html.json"), disk.files());
            disk.grow("4m");
            Cli report = Cli.run("report", recording, "-o", page);
            assertEquals(0, report.exitCode(), report::toString);
            assertTrue(Files.readString(page).contains("</html>"));
            assertEndsRight(host);
        }
    }

    /** Each line is there to its end, and nothing is missing between two intervals. */
    private static void assertWholeIntervals(Path file) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.endsWith("\n"), () -> "the last line is cut: " + text.substring(text.lastIndexOf('\n') + 1));
        List<JsonObject> lines = text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertEquals("begin", lines.get(0).get("record").getAsString());
        assertTrue(lines.size() > 2, () -> "hardly anything was recorded: " + text);
        for (int i = 1; i < lines.size(); i++) {
            assertEquals("interval", lines.get(i).get("record").getAsString());
            assertEquals(i, lines.get(i).get("number").getAsInt());
            assertFalse(lines.get(i).getAsJsonArray("threads").isEmpty());
            if (i > 1) {
                assertEquals(lines.get(i - 1).get("toMs"), lines.get(i).get("fromMs"));
            }
        }
    }

    /** HdrHistogram's own reader reads each line of it. */
    private static void assertWholeLog(Path file) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.endsWith("\n"), () -> "the last line is cut: " + text.substring(text.lastIndexOf('\n') + 1));
        Set<Long> intervals = new HashSet<>();
        int lines = 0;
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null;
                    next = reader.nextIntervalHistogram()) {
                lines++;
                intervals.add(next.getStartTimeStamp());
            }
        }
        assertTrue(intervals.size() > 1, () -> "hardly anything was recorded: " + text);
        assertEquals(text.lines().filter(line -> line.startsWith("Tag=")).count(), lines);
    }
}
