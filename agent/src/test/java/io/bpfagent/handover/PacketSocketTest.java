package io.bpfagent.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.natives.HandOverCalls;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.TestNatives;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Both ends in one process. */
@Timeout(30)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class PacketSocketTest {
    private static final int PATIENCE_MS = 5_000;
    private static final JsonObject DOCUMENT = new JsonObject();

    @TempDir
    private Path directory;
    private NativeTier natives;
    private PacketSocket listening;
    private PacketSocket client;
    private PacketSocket server;

    static {
        DOCUMENT.addProperty("ready", true);
    }

    @BeforeEach
    void connect() throws Exception {
        natives = TestNatives.open(directory);
        Path path = directory.resolve("s");
        listening = PacketSocket.listen(natives, path);
        client = PacketSocket.connect(natives, path);
        server = listening.accept(PATIENCE_MS);
    }

    @AfterEach
    void close() {
        client.close();
        client.close();
        server.close();
        listening.close();
    }

    private static int fdOf(Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> leadsTo(fd, file)).mapToInt(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .findFirst().orElse(-1);
        }
    }

    private static boolean leadsTo(Path fd, Path file) {
        try {
            return Files.readSymbolicLink(fd).equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    private Path open() throws IOException {
        return Files.createTempFile(directory, "handed", "").toRealPath();
    }

    @Test
    void carriesDocumentsWithDescriptors() throws Exception {
        Path file = open();
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            client.send(DOCUMENT, fdOf(file), fdOf(file));
            out.write(23);
        }
        Packet packet = server.receive(PATIENCE_MS, 2);
        assertEquals(DOCUMENT, packet.document());
        assertEquals(2, packet.fds().length);
        assertEquals(file, Files.readSymbolicLink(Path.of("/proc/self/fd/" + packet.fds()[0])));
        server.close(packet.fds());
        assertEquals(-1, fdOf(file));
        server.send(DOCUMENT);
        assertEquals(0, client.receive(PATIENCE_MS, 0).fds().length);
    }

    @Test
    void knowsWhoIsAtTheOtherEnd() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        int uid = (Integer) Files.getAttribute(directory, "unix:uid");
        assertEquals(new PacketSocket.Peer(pid, uid), client.peer());
        assertEquals(new PacketSocket.Peer(pid, uid), server.peer());
    }

    @Test
    void refusesAnotherNumberOfDescriptorsAndClosesThem() throws Exception {
        Path file = open();
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            client.send(DOCUMENT, fdOf(file), fdOf(file));
            out.write(23);
        }
        assertTrue(refused(1).contains("2 descriptors where 1 are expected"));
        assertEquals(-1, fdOf(file));
    }

    private String refused(int expected) {
        return assertThrows(HandOverException.class, () -> server.receive(PATIENCE_MS, expected)).getMessage();
    }

    @Test
    void refusesWhatIsNoDocument() throws Exception {
        send("[1]".getBytes(StandardCharsets.UTF_8));
        assertEquals("a message is no JSON object", refused(0));
        send("{\"a\":".getBytes(StandardCharsets.UTF_8));
        assertEquals("a message is no JSON document", refused(0));
        send("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        assertTrue(refused(0).startsWith("a message is no JSON"));
    }

    @Test
    void refusesAMessageThatWasCutShort() throws Exception {
        send(new byte[150_000]);
        assertEquals("a message was cut short", refused(0));
    }

    @Test
    void refusesToSendTooMuch() {
        JsonObject large = new JsonObject();
        large.addProperty("text", "x".repeat(200_000));
        assertThrows(HandOverException.class, () -> client.send(large));
        assertThrows(HandOverException.class, () -> client.send(DOCUMENT, new int[PacketSocket.MOST_FDS + 1]));
    }

    @Test
    void saysThatTheOtherEndIsGone() {
        client.close();
        assertEquals("the other end has closed the connection", refused(0));
        assertThrows(HandOverException.class, () -> server.send(DOCUMENT));
    }

    @Test
    void waitsOnlyAsLongAsItIsTold() {
        long beganNs = System.nanoTime();
        assertEquals("no message has come in 0 s",
                assertThrows(HandOverException.class, () -> server.receive(50, 0)).getMessage());
        assertEquals("nobody has come in 0 s",
                assertThrows(HandOverException.class, () -> listening.accept(50)).getMessage());
        assertTrue(System.nanoTime() - beganNs < 10_000_000_000L);
    }

    @Test
    void waitsForNobodyWhoIsNotWantedAnyMore() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        listening.waitUnless(ended::get);
        try (PacketSocket other = PacketSocket.connect(natives, directory.resolve("s"));
                PacketSocket accepted = listening.accept(PATIENCE_MS)) {
            other.send(DOCUMENT);
            accepted.receive(PATIENCE_MS, 0);
            Thread ending = new Thread(() -> {
                LockSupport.parkNanos(300_000_000);
                ended.set(true);
            });
            ending.start();
            assertEquals("it is not waited for any more",
                    assertThrows(HandOverException.class, () -> accepted.receive(60_000, 0)).getMessage());
            assertThrows(HandOverException.class, () -> listening.accept(60_000));
            ending.join();
        }
    }

    /** The kernel lets two wait where one may; a third would wait for ever. */
    @Test
    void doesNotWaitToBeTakenForEver() throws Exception {
        Path path = directory.resolve("s");
        try (PacketSocket first = PacketSocket.connect(natives, path);
                PacketSocket second = PacketSocket.connect(natives, path)) {
            first.send(DOCUMENT);
            second.send(DOCUMENT);
            assertEquals("nobody takes a connection to " + path + " in 0 s", assertThrows(HandOverException.class,
                    () -> PacketSocket.connect(natives, path, 50)).getMessage());
            listening.accept(PATIENCE_MS).close();
            PacketSocket.connect(natives, path, PATIENCE_MS).close();
        }
    }

    @Test
    void refusesAPathThatNoSocketCanHave() {
        Path path = directory.resolve("x".repeat(120));
        assertTrue(assertThrows(HandOverException.class, () -> PacketSocket.connect(natives, path)).getMessage()
                .endsWith("is too long for a socket"));
        assertThrows(HandOverException.class, () -> PacketSocket.connect(natives, directory.resolve("none")));
        assertFalse(Files.exists(path));
    }

    /** Bytes that no end of ours would send. */
    private void send(byte[] bytes) throws Exception {
        int fd = -1;
        HandOverCalls calls = natives.handOverCalls();
        client.close();
        server.close();
        try (NativeMemory address = NativeMemory.allocate(110); NativeMemory text = NativeMemory.of(bytes);
                NativeMemory message = NativeMemory.allocate(56 + 16)) {
            address.buffer().putShort(0, (short) 1)
                    .put(2, directory.resolve("s").toString().getBytes(StandardCharsets.UTF_8));
            fd = calls.socket(1, 5, 0);
            assertEquals(0, calls.connect(fd, address.address(), 110));
            server = listening.accept(PATIENCE_MS);
            ByteBuffer fields = message.buffer();
            fields.putLong(16, message.address() + 56).putLong(24, 1).putLong(56, text.address())
                    .putLong(64, bytes.length);
            assertEquals(bytes.length, calls.sendmsg(fd, message.address(), 0));
        } finally {
            natives.libC().close(fd);
        }
    }
}
