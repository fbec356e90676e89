package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.handover.HandOverException;
import io.bpfagent.handover.HostFacts;
import io.bpfagent.handover.PacketSocket;
import io.bpfagent.hotspot.WaitClues;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.TestNatives;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A forged hand-over. */
@Timeout(30)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class HandedProgramsTest {
    private static final HostFacts FACTS = new HostFacts(23, "threads=64,histograms=192", 17, 0, Optional.empty(),
            Optional.empty(), new WaitClues(-1, -1, -1, 0, 0), 0, 0, List.of());

    @TempDir
    private Path directory;
    private NativeTier natives;
    private PacketSocket listening;
    private PacketSocket forger;
    private PacketSocket jvm;

    @BeforeEach
    void connect() throws Exception {
        natives = TestNatives.open(directory);
        listening = PacketSocket.listen(natives, directory.resolve("s"));
        forger = PacketSocket.connect(natives, directory.resolve("s"));
        jvm = listening.accept(5_000);
    }

    @AfterEach
    void close() {
        jvm.close();
        forger.close();
        listening.close();
    }

    private static JsonObject sizes() {
        JsonObject sizes = new JsonObject();
        sizes.addProperty("threads", 64);
        sizes.addProperty("histograms", 192);
        sizes.addProperty("pauseBytes", 524288);
        sizes.addProperty("slowBytes", 65536);
        sizes.addProperty("kernelMemoryBytes", 1);
        return sizes;
    }

    private String refused() throws HandOverException {
        String message = assertThrows(KernelException.class,
                () -> HandedPrograms.receive(natives, jvm, FACTS, 64, 192, List.of(), false)).getMessage();
        assertEquals(FACTS, HostFacts.of(forger.receive(5_000, 0).document()));
        assertTrue(message.startsWith("Cannot take over the BPF programs: "), message);
        return message;
    }

    @Test
    void filesInPlaceOfMapsAreRefusedAndClosed() throws Exception {
        Path file = directory.resolve("forged");
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(8 << 20);
            int[] fds = new int[13];
            Arrays.fill(fds, opened(file).get(0));
            forger.send(sizes(), fds);
            assertTrue(refused().contains("rows is not an array of 64 values"));
            assertEquals(1, opened(file).size());
        }
    }

    @Test
    void tooFewAreRefused() throws Exception {
        forger.send(sizes());
        assertTrue(refused().contains("0 maps where 13 or 15 are expected"));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        JsonObject strange = sizes();
        strange.addProperty("slowBytes", "many");
        forger.send(strange, new int[13]);
        assertTrue(refused().contains("a message has no slowBytes"));
    }

    @Test
    void whyThereAreNoneIsTold() throws Exception {
        JsonObject error = new JsonObject();
        error.addProperty("error", "a reason");
        forger.send(error);
        assertTrue(refused().contains("a reason"));
    }

    @Test
    void anEndThatGoesIsNoticed() {
        forger.close();
        String message = assertThrows(KernelException.class,
                () -> HandedPrograms.receive(natives, jvm, FACTS, 64, 192, List.of(), false)).getMessage();
        assertTrue(message.startsWith("Cannot take over the BPF programs: "), message);
    }

    private static List<Integer> opened(Path file) throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> leadsTo(fd, file)).map(fd -> Integer.valueOf(fd.getFileName().toString())).toList();
        }
    }

    private static boolean leadsTo(Path fd, Path file) {
        try {
            return Files.readSymbolicLink(fd).equals(file.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
