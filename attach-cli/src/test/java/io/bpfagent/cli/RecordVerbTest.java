package io.bpfagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.cli.record.TickingAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code record}, over a real socket. */
class RecordVerbTest {

    private static final long TICK_NS = 50_000_000;

    @TempDir
    Path directory;
    private FakeMachine machine;
    private Path file;
    private final long beganNs = System.nanoTime();

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(directory);
        file = directory.resolve("x.json");
    }

    private FakeAgent agent() {
        return new FakeAgent(machine.tmp(), this::answer);
    }

    private String answer(String request) {
        return TickingAgent.answer(request, 1 + (System.nanoTime() - beganNs) / TICK_NS, TICK_NS);
    }

    private List<JsonObject> lines() throws IOException {
        return Files.readAllLines(file).stream().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }

    @Test
    void recordsForTheTimeThatWasAskedFor() throws IOException {
        try (FakeAgent agent = agent()) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "--duration", "400ms",
                "-o", file.toString());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            List<JsonObject> lines = lines();
            assertTrue(outcome.out().replace('\n', ' ').matches("recorded " + (lines.size() - 2)
                + " intervals \\([0-9]+ ms\\), .* KiB to " + file + " "), outcome.out());
            long wallNs = 0;
            for (int i = 1; i < lines.size() - 1; i++) {
                JsonObject line = lines.get(i);
                assertEquals(i, line.get("number").getAsInt());
                wallNs += line.get("wallNs").getAsLong();
                if (i > 1) {
                    assertEquals(lines.get(i - 1).get("toMs"), line.get("fromMs"));
                }
            }
            // Each snapshot of 50 ms is in one of them, and none in two.
            assertEquals(0, wallNs % TICK_NS);
            assertTrue(wallNs >= 350_000_000L, wallNs + " ns");
            assertEquals("duration", lines.get(lines.size() - 1).get("reason").getAsString());
        }
    }

    /** A status is the dearest to answer, and remotes may be many. */
    @Test
    void asksForNothingThatTheFormHasNoPlaceFor() throws IOException {
        for (String form : List.of("json", "hlog")) {
            try (FakeAgent agent = agent()) {
                FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "--duration",
                    "300ms",
                    "-o", directory.resolve("asked." + form).toString());
                assertEquals(0, outcome.exitCode(), outcome.err());
                List<String> unused = agent.requests().stream().filter(request ->
                    request.contains("\"verb\":\"status\"") || request.contains("\"verb\":\"remotes\"")).toList();
                assertEquals(form.equals("hlog"), unused.isEmpty(), form + " " + unused);
            }
        }
    }

    /** As it is of one that got SIGSTOP: it takes the question and does not answer. */
    @Test
    void theTimeIsOverWhileTheJvmIsStoppedToo() throws IOException {
        machine.answerTimeoutMs = 500;
        CountDownLatch goesOn = new CountDownLatch(1);
        try (FakeAgent agent = new FakeAgent(machine.tmp(),
            request -> !hasTwoIntervals(file) || isOver(goesOn) ? answer(request) : null)) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "--duration", "1s", "-o",
                file.toString());
            assertEquals("JVM 4711 does not answer: in a long pause, stopped, or starved. Asking on.\n", outcome.err());
            assertEquals(0, outcome.exitCode());
            assertEquals(4, lines().size());
            assertEquals("duration", lines().get(3).get("reason").getAsString());
        } finally {
            goesOn.countDown();
        }
    }

    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            return false;
        }
    }

    /** Whether two intervals are recorded. How often the agent is asked for that depends on when snapshots come. */
    private static boolean hasTwoIntervals(Path recording) {
        try (Stream<String> lines = Files.exists(recording) ? Files.lines(recording) : Stream.empty()) {
            return lines.count() == 3;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void theEndOfTheJvmLeavesWhatThereIs() throws IOException {
        FakeAgent[] agents = new FakeAgent[1];
        agents[0] = new FakeAgent(machine.tmp(), request -> {
            if (request.contains("\"threads\"") && hasTwoIntervals(file)) {
                agents[0].end(machine, true);
                return null;
            }
            return answer(request);
        });
        try (FakeAgent agent = agents[0]) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "-o", file.toString());
            List<JsonObject> lines = lines();
            assertEquals("The JVM ended (4711): " + file + " has the " + (lines.size() - 2)
                + " intervals until then.\n",
                outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals(4, lines.size());
            assertEquals("jvm_ended", lines.get(lines.size() - 1).get("reason").getAsString());
        }
    }

    @Test
    void aFileThatIsThereIsKept() throws IOException {
        Files.writeString(file, "precious");
        try (FakeAgent agent = agent()) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--duration", "100ms", "-o", file.toString());
            assertEquals("Cannot record: the file is there already (" + file + "). Give another name, or --force to"
                + " overwrite it.\n", outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals("precious", Files.readString(file));
            assertEquals(0, machine.run("record", "4711", "--interval", "100ms", "--duration", "100ms", "--force",
                "--format", "json", "-o", file.toString()).exitCode());
            assertEquals("end", lines().get(lines().size() - 1).get("record").getAsString());
        }
    }

    @Test
    void aPageIsMadeOfWhatWasRecorded() throws IOException {
        Path page = directory.resolve("x.html");
        try (FakeAgent agent = agent()) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "--duration", "400ms",
                "-o", page.toString());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.exitCode());
            JsonObject data = ReportVerbTest.data(page);
            assertTrue(outcome.out().replace('\n', ' ').matches("recorded " + data.get("intervals")
                + " intervals \\([0-9]+ ms\\), .* KiB to " + page + " "), outcome.out());
            assertEquals("duration", data.get("end").getAsString());
            assertFalse(Files.exists(directory.resolve("x.html.json")));
            // It would be overwritten only after the time that was asked for: told before.
            int requests = agent.requests().size();
            assertEquals("Cannot report: the file is there already (" + page + "). Give another name, or --force to"
                + " overwrite it.\n", machine.run("record", "4711", "-o", page.toString()).err());
            assertEquals(requests, agent.requests().size());
        }
    }

    @Test
    void aPageIsMadeWhenTheJvmEnds() throws IOException {
        FakeAgent[] agents = new FakeAgent[1];
        agents[0] = new FakeAgent(machine.tmp(), request -> {
            if (request.contains("\"threads\"") && hasTwoIntervals(directory.resolve("x.html.json"))) {
                agents[0].end(machine, true);
                return null;
            }
            return answer(request);
        });
        Path page = directory.resolve("x.html");
        try (FakeAgent agent = agents[0]) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "-o", page.toString());
            assertEquals("The JVM ended (4711): " + page + " has the 2 intervals until then.\n", outcome.err());
            assertEquals(1, outcome.exitCode());
            assertEquals("jvm_ended", ReportVerbTest.data(page).get("end").getAsString());
            assertFalse(Files.exists(directory.resolve("x.html.json")));
        }
    }

    /** Its place is taken meanwhile. */
    @Test
    void theRecordingStaysWhereThePageCannotBe() throws IOException {
        Path page = directory.resolve("x.html");
        try (FakeAgent agent = new FakeAgent(machine.tmp(), request -> {
            page.toFile().mkdir();
            return answer(request);
        })) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--interval", "100ms", "--duration", "300ms",
                "-o", page.toString());
            assertEquals(1, outcome.exitCode());
            assertEquals("Cannot report: the file cannot be written (" + page + ": Is a directory). Make room,"
                + " or write to another place. The recording is in " + page + ".json: attach-cli report " + page
                + ".json -o "
                + page + "\n", outcome.err());
            assertTrue(Files.size(directory.resolve("x.html.json")) > 0);
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsTold() throws IOException {
        try (FakeAgent agent = agent()) {
            String name = directory.resolve("none/x.hlog").toString();
            assertEquals("Cannot record: the file cannot be written (" + name
                + ": its directory is not there). Make it,"
                + " or give another name.\n", machine.run("record", "4711", "-o", name).err());
        }
    }

    @Test
    void aFullDiskIsOneLine() throws IOException {
        Path full = directory.resolve("full.json");
        Files.createSymbolicLink(full, Path.of("/dev/full"));
        try (FakeAgent agent = agent()) {
            FakeMachine.Outcome outcome = machine.run("record", "4711", "--force", "-o", full.toString());
            assertTrue(outcome.err().startsWith("Cannot record: the file cannot be written (" + full
                + ": No space left on device)."), outcome.err());
            assertEquals(1, outcome.err().lines().count());
            Files.delete(full);
            assertEquals(1, outcome.exitCode());
        }
    }

    @Test
    void nonsenseIsRefusedWithTheRule() {
        assertWrong("-o must end in .json, .hlog or .html, -o=x.txt", "-o", "x.txt");
        assertWrong("--duration must be 100ms or more, --duration=1us", "--duration", "1us", "-o", "x.json");
        assertWrong("--interval must be 100ms to 1h, --interval=2h", "--interval", "2h", "-o", "x.json");
        assertFalse(Files.exists(Path.of("x.json")));
        FakeMachine.Outcome outcome = machine.run("record", "4711");
        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.err().contains("--output"), outcome.err());
    }

    private void assertWrong(String rule, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "record";
        arguments[1] = "4711";
        System.arraycopy(options, 0, arguments, 2, options.length);
        FakeMachine.Outcome outcome = machine.run(arguments);
        assertEquals(rule + "\nTry: attach-cli record --help\n", outcome.err());
        assertEquals(2, outcome.exitCode());
    }
}
