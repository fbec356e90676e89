package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.DoctorDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.JvmList;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.ProbesDocument;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.control.UserProbesDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden document gives its golden text; -Dgolden.write=true writes the texts anew. */
class GoldenTextTest {

    private static final Title TITLE = new Title(4711, "app.jar");

    @ParameterizedTest
    @ValueSource(strings = {"list", "doctor", "status", "status-failed", "status-without-cost", "status-over-cost",
        "probes", "threads", "threads-runnable",
        "threads-losses", "threads-waits", "hist", "hist-metric", "hist-narrow", "hist-empty", "hist-events",
        "hist-operation", "hist-context",
        "hist-bytes", "hist-bytes-small", "hist-calls", "hist-pool-sizes", "hist-syscalls", "hist-syscalls-none",
        "hist-user", "hist-count", "hist-number", "probe", "threads-counters", "threads-counters-none",
        "threads-no-counters", "pauses",
        "pauses-detail", "pauses-causes", "pauses-causes-detail", "pauses-empty",
        "pauses-none-so-long", "pauses-no-probes"})
    void rendersTheGoldenText(String name) throws IOException {
        String text = render(name);
        Path golden = Path.of("src/test/resources/golden/" + name + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text);
        text.lines().forEach(line -> assertTrue(line.length() <= Layout.WIDTH, line));
        boolean ofTheAgent = !name.equals("list") && !name.equals("doctor");
        assertTrue(!ofTheAgent || text.contains("losses: "), "losses are always shown");
    }

    private static String render(String name) {
        String json = GoldenFiles.read(name.replaceFirst("-(runnable|waits|detail|no-counters)$", "") + ".json");
        return switch (name) {
            case "list" -> JvmListText.of(Documents.read(json, JvmList.class));
            case "doctor" -> DoctorText.of(Documents.read(json, DoctorDocument.class));
            case "probes" -> ProbesText.of(TITLE, Documents.read(json, ProbesDocument.class));
            case "status", "status-failed", "status-without-cost", "status-over-cost" ->
                StatusText.of(TITLE, Documents.read(json, StatusDocument.class));
            case "threads", "threads-losses" ->
                ThreadsText.of(TITLE, Documents.read(json, ThreadsDocument.class), "running");
            case "threads-runnable" -> ThreadsText.of(TITLE, Documents.read(json, ThreadsDocument.class), "runnable");
            case "threads-counters", "threads-counters-none", "threads-no-counters" ->
                CountersText.of(TITLE, Documents.read(json, ThreadsDocument.class));
            case "threads-waits" -> WaitsText.of(TITLE, Documents.read(json, ThreadsDocument.class));
            case "hist", "hist-events", "hist-calls", "hist-user" ->
                HistogramsText.of(TITLE, Documents.read(json, HistogramsDocument.class), false, FakeMachine.CLOCK);
            case "hist-metric", "hist-narrow", "hist-empty", "hist-operation", "hist-context", "hist-bytes",
                "hist-bytes-small",
                "hist-pool-sizes", "hist-count", "hist-number" ->
                HistogramsText.of(TITLE, Documents.read(json, HistogramsDocument.class), true, FakeMachine.CLOCK);
            case "hist-syscalls", "hist-syscalls-none" ->
                HistogramsText.ofOperations(TITLE, Documents.read(json, HistogramsDocument.class), "syscall");
            case "probe" -> UserProbesText.of(TITLE, Documents.read(json, UserProbesDocument.class), FakeMachine.CLOCK);
            default -> new PausesText(FakeMachine.CLOCK, name.equals("pauses-none-so-long") ? 10_000_000 : 0,
                name.endsWith("-detail")).report(TITLE, Documents.read(json, PausesDocument.class));
        };
    }
}
