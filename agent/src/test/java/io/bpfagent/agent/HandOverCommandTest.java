package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.HostFacts;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.hotspot.WaitClues;
import io.bpfagent.kernel.ThreadStateLoader;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.TestNatives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Root's side, with a JVM that says what it should not. Nothing is loaded here. */
@Timeout(30)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class HandOverCommandTest {
    private final int pid = (int) ProcessHandle.current().pid();

    @TempDir
    private Path directory;
    private NativeTier natives;
    private PacketSocket listening;
    private PacketSocket root;
    private PacketSocket jvm;

    @BeforeEach
    void connect() throws Exception {
        natives = TestNatives.open(directory);
        listening = PacketSocket.listen(natives, directory.resolve("s"));
        root = PacketSocket.connect(natives, directory.resolve("s"));
        jvm = listening.accept(5_000);
    }

    @AfterEach
    void close() {
        jvm.close();
        root.close();
        listening.close();
    }

    private String refused(int asPid, boolean isSame) {
        return assertThrows(HandOverException.class, () -> HandOverCommand.handOver(natives, root, asPid,
                Arguments.read("", Map.of(), Map.of()), uid -> isSame && uid == ownUid())).getMessage();
    }

    private int ownUid() {
        try {
            return (Integer) Files.getAttribute(directory, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HostFacts facts(long objects, String arguments) {
        return new HostFacts(objects, arguments, 17, 0, Optional.empty(), Optional.empty(),
                new WaitClues(-1, -1, -1, 0, 0), 0, 0, List.of());
    }

    @Test
    void refusesASocketOfAnotherProcess() {
        assertEquals("the socket is not the JVM's but process " + pid + "'s", refused(pid + 1, true));
    }

    @Test
    void refusesAProcessThatIsNotTheOneThatWasMeant() {
        assertEquals("process " + pid + " is not the JVM any more, or not user " + ownUid() + "'s alone",
                refused(pid, false));
    }

    @Test
    void refusesAnAgentOfAnotherRelease() throws Exception {
        jvm.send(facts(ThreadStateLoader.checksum() + 1, "threads=64").toJson());
        String message = refused(pid, true);
        assertTrue(message.startsWith("the agent in the JVM is of another release"), message);
        assertEquals(message, jvm.receive(5_000, 0).document().get("error").getAsString());
    }

    @Test
    void takesNoPathsFromTheJvm() throws Exception {
        jvm.send(facts(ThreadStateLoader.checksum(), "libbpf=/home/mallory/libbpf.so,threads=64").toJson());
        assertEquals("the JVM asks for more than sizes and metrics", refused(pid, true));
    }

    @Test
    void sendsOnlyWhatMatters() throws Exception {
        String sent = HandOverCommand.ofTheJvm(Arguments.read(
                "threads=64,metrics=running+runnable,libbpf=/opt/libbpf.so,interval=200ms", Map.of(), Map.of()));
        assertEquals("histograms=2048,metrics=running+runnable,pause-buffer=512,threads=64,usdt=auto", sent);
        assertFalse(sent.contains("libbpf"));
        assertEquals(64, Arguments.read(sent, Map.of(), Map.of()).threads());
    }
}
