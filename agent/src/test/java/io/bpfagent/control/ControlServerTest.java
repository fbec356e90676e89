package io.bpfagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.report.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final int PID = 4711;

    @TempDir
    Path base;
    private Path directory;
    private Path socket;
    private ControlServer server;
    private final CountDownLatch failed = new CountDownLatch(1);

    @BeforeEach
    void names() {
        directory = base.resolve(".bpf-agent-" + PID);
        socket = directory.resolve("control.sock");
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private void open(ControlHandler handler) throws IOException {
        server = ControlServer.open(base, PID, handler, failed::countDown);
    }

    private static ControlAnswer echo(JsonObject request) {
        return ControlAnswer.of(request.toString());
    }

    private static boolean serverThreadRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("bpf-agent-control"));
    }

    @Test
    void answersLinesWithLines() throws IOException {
        open(ControlServerTest::echo);
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{\"verb\":\"\u00fc\"}", client.ask("{\"verb\":\"\u00fc\"}"));
            assertEquals("{\"a\":1}", client.send("{\"a\":1}\n{\"a\":2}\n{\"a\"").answer());
            assertEquals("{\"a\":2}", client.answer());
            assertEquals("{\"a\":3}", client.ask(":3}\r"));
        }
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{}", client.ask("{}"));
        }
        assertEquals(new Probe("control", Probe.ATTACHED, socket.toString(), 0, 0), server.probe());
    }

    @Test
    void isOpenToTheOwnerOnly() throws IOException {
        open(ControlServerTest::echo);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void refusesWhatIsNotARequest() throws IOException {
        open(ControlServerTest::echo);
        try (ControlClient client = new ControlClient(socket)) {
            for (String line : List.of("", "x", "[]", "{", "{a:1}", "{} {}", "null", "{\"a\":NaN}", "[".repeat(5000))) {
                String answer = client.ask(line);
                assertTrue(answer.startsWith("{\"schema\":1,\"error\":\"a request must be one JSON object"), answer);
            }
            assertEquals("{}", client.ask("{}"));
        }
    }

    /** A probe's change may take half a minute on a starved machine. */
    @Test
    void servesOthersWhileAnAnswerIsBeingMade() throws IOException {
        AtomicReference<String> made = new AtomicReference<>();
        open(request -> request.has("late") ? ControlAnswer.late(made::get) : echo(request));
        try (ControlClient waiting = new ControlClient(socket); ControlClient other = new ControlClient(socket);
                ControlClient impatient = new ControlClient(socket)) {
            waiting.send("{\"late\":1}\n{\"next\":2}\n");
            impatient.send("{\"late\":3}\n");
            for (int i = 0; i < 23; i++) {
                assertEquals("{\"a\":1}", other.ask("{\"a\":1}"));
            }
            impatient.close();
            made.set("{\"made\":true}");
            assertEquals("{\"made\":true}", waiting.answer());
            assertEquals("{\"next\":2}", waiting.answer());
            assertEquals("{\"made\":true}", waiting.ask("{\"late\":4}"));
            assertEquals("{\"a\":2}", other.ask("{\"a\":2}"));
        }
    }

    @Test
    void sendsAnAnswerThatIsBeingMadeWhenItEnds() throws IOException {
        AtomicReference<String> made = new AtomicReference<>();
        open(request -> ControlAnswer.late(made::get));
        try (ControlClient waiting = new ControlClient(socket)) {
            waiting.send("{\"late\":1}\n");
            Thread answers = new Thread(() -> {
                LockSupport.parkNanos(100_000_000);
                made.set("{\"made\":true}");
            });
            LockSupport.parkNanos(50_000_000);
            answers.start();
            server.close();
            assertEquals("{\"made\":true}", waiting.answer());
        }
    }

    @Test
    void refusesWhatIsTooLong() throws IOException {
        open(ControlServerTest::echo);
        String padding = " ".repeat(ControlConnection.MAX_REQUEST_BYTES - 2);
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{}", client.ask("{" + padding + "}"));
            client.send("{" + padding + " ");
            assertEquals("{\"schema\":1,\"error\":\"a request must be at most 65536 bytes\"}",
                    client.send("}").answer());
            assertNull(client.answer());
        }
    }

    @Test
    void sendsLongAnswers() throws IOException {
        String text = "{\"x\":\"" + "\u00fc".repeat(5_000_000) + "\"}";
        open(request -> ControlAnswer.of(text));
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals(text, client.ask("{}"));
            assertEquals(text, client.ask("{}"));
        }
    }

    @Test
    void saysWhatTheHandlerThrew() throws IOException {
        open(request -> {
            if (request.has("error")) {
                throw new StackOverflowError("deep");
            }
            throw new IllegalStateException("broken");
        });
        try (ControlClient client = new ControlClient(socket)) {
            assertTrue(client.ask("{}")
                    .contains("the agent could not answer: java.lang.IllegalStateException: broken"));
            assertTrue(client.ask("{\"error\":1}").contains("StackOverflowError"));
        }
    }

    @Test
    void aSilentClientHoldsUpNobodyAndIsGivenUp() throws IOException {
        open(ControlServerTest::echo);
        try (ControlClient silent = new ControlClient(socket); ControlClient half = new ControlClient(socket)) {
            half.send("{\"verb\"");
            long began = System.nanoTime();
            try (ControlClient client = new ControlClient(socket)) {
                assertEquals("{}", client.ask("{}"));
            }
            assertTrue(System.nanoTime() - began < ControlConnection.PATIENCE_NS / 2);
            assertNull(silent.answer());
            assertNull(half.answer());
            assertTrue(System.nanoTime() - began >= ControlConnection.PATIENCE_NS / 2);
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws IOException {
        String text = "{\"x\":\"" + "y".repeat(5_000_000) + "\"}";
        open(request -> request.has("long") ? ControlAnswer.of(text) : echo(request));
        try (ControlClient deaf = new ControlClient(socket); ControlClient client = new ControlClient(socket)) {
            deaf.send("{\"long\":1}\n");
            assertEquals("{}", client.ask("{}"));
        }
    }

    @Test
    void letsTooManyClientsWait() throws IOException {
        open(ControlServerTest::echo);
        List<ControlClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                clients.add(new ControlClient(socket));
                assertEquals("{}", clients.get(i).ask("{}"));
            }
            try (ControlClient waiting = new ControlClient(socket).send("{\"a\":1}\n")) {
                assertEquals("{}", clients.get(1).ask("{}"));
                clients.remove(0).close();
                long began = System.nanoTime();
                assertEquals("{\"a\":1}", waiting.answer());
                assertTrue(System.nanoTime() - began < ControlConnection.PATIENCE_NS / 2);
            }
        } finally {
            for (ControlClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void takesItsFilesAway() throws IOException {
        open(ControlServerTest::echo);
        try (ControlClient idle = new ControlClient(socket)) {
            assertEquals("{}", idle.ask("{}"));
            long began = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - began < ControlConnection.PATIENCE_NS / 2);
            assertNull(idle.answer());
        }
        assertFalse(Files.exists(directory));
        assertFalse(serverThreadRuns());
        server.close();
        assertEquals(Probe.FAILED, server.probe().status());
        open(ControlServerTest::echo);
        assertTrue(Files.exists(socket));
    }

    @Test
    void closesItselfWithTheLastAnswer() throws Exception {
        open(request -> new ControlAnswer("{\"detached\":true}", true));
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{\"detached\":true}", client.ask("{}"));
            assertFalse(Files.exists(directory), "gone when the answer is there");
            assertNull(client.answer());
        }
        server.close();
        assertFalse(serverThreadRuns());
    }

    @Test
    void closingLetsTheAnswerOut() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        open(request -> {
            asked.countDown();
            try {
                closed.await();
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new ControlAnswer("{\"detached\":true}", true);
        });
        try (ControlClient client = new ControlClient(socket).send("{}\n")) {
            asked.await();
            Thread closer = new Thread(server::close);
            closer.start();
            closed.countDown();
            assertEquals("{\"detached\":true}", client.answer());
            closer.join();
        }
        assertFalse(Files.exists(directory));
    }

    /** It may take longer than a host's end may wait. */
    @Test
    void takesItsFilesAwayAtTheHostsEndWhateverItIsDoing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        open(request -> {
            asked.countDown();
            try {
                removed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return echo(request);
        });
        try (ControlClient client = new ControlClient(socket).send("{}\n")) {
            asked.await();
            server.closeAtExit();
            assertFalse(Files.exists(directory));
            removed.countDown();
            assertEquals("{}", client.answer());
        }
    }

    @Test
    void refusesADirectoryOfAnotherMode() throws IOException {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String message = assertThrows(IOException.class, () -> open(ControlServerTest::echo)).getMessage();
        assertTrue(message.startsWith("Cannot open the control channel: " + directory + " is there and is not"),
                message);
        assertTrue(Files.exists(directory), "it is not ours to remove");
    }

    @Test
    void refusesALink() throws IOException {
        Path elsewhere = Files.createDirectory(base.resolve("elsewhere"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(directory, elsewhere);
        assertThrows(IOException.class, () -> open(ControlServerTest::echo));
        assertTrue(Files.isSymbolicLink(directory));
    }

    @Test
    void refusesAFileAndAMissingBase() throws IOException {
        Files.createFile(directory);
        assertThrows(IOException.class, () -> open(ControlServerTest::echo));
        assertThrows(IOException.class,
                () -> ControlServer.open(base.resolve("no"), PID, ControlServerTest::echo, failed::countDown));
    }

    @Test
    void saysThatItHasFailedAndLeavesRoomForAnother() throws Exception {
        open(request -> ControlAnswer.late(() -> {
            throw new StackOverflowError("on purpose");
        }));
        try (ControlClient client = new ControlClient(socket)) {
            assertNull(client.ask("{}"));
        }
        failed.await();
        assertTrue(server.hasFailed());
        assertEquals(Probe.FAILED, server.probe().status());
        assertFalse(Files.exists(directory));
        server.close();
        open(ControlServerTest::echo);
        assertFalse(server.hasFailed());
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{}", client.ask("{}"));
        }
    }

    @Test
    void refusesASecondServerAndLeavesTheFirst() throws IOException {
        open(ControlServerTest::echo);
        String message = assertThrows(IOException.class,
                () -> ControlServer.open(base, PID, ControlServerTest::echo, failed::countDown)).getMessage();
        assertTrue(message.contains("is used by another agent"), message);
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{}", client.ask("{}"));
        }
    }

    @Test
    void replacesWhatADeadProcessLeft() throws IOException {
        Path other = base.resolve(".bpf-agent-999999999");
        for (Path left : List.of(directory, other)) {
            leaveDead(left);
        }
        Path strange = Files.createDirectory(base.resolve(".bpf-agent-x"));
        Path alive = base.resolve(".bpf-agent-999999998");
        try (ControlServer live = ControlServer.open(base, 999_999_998, ControlServerTest::echo, failed::countDown)) {
            leaveDead(other);
            open(ControlServerTest::echo);
            assertFalse(Files.exists(other));
            assertTrue(Files.exists(alive), "of another pid namespace");
            assertTrue(Files.exists(strange));
            assertEquals(Probe.ATTACHED, live.probe().status());
        }
        try (ControlClient client = new ControlClient(socket)) {
            assertEquals("{}", client.ask("{}"));
        }
    }

    private static void leaveDead(Path left) throws IOException {
        if (Files.exists(left, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectory(left, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(left.resolve("control.sock")));
        }
    }
}
