package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.handover.HandOverException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no map must never be mapped; that maps are taken is shown by the integration tests. */
final class HandedFdsTest {
    @TempDir
    private Path directory;

    @Test
    void refusesAFileInPlaceOfAMap() throws Exception {
        Path file = directory.resolve("forged").toAbsolutePath();
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(1 << 20);
            int fd = fd(file.toRealPath());
            assertEquals("rows is not an array of 64 values of 576 bytes that can be mapped",
                    message(() -> HandedFds.checkArray("rows", fd, 576, 64)));
            assertTrue(message(() -> HandedFds.checkRing("slow_records", fd, 65536)).contains("no"));
            assertTrue(message(() -> HandedFds.checkLink(fd)).endsWith("is no link of a program"));
        }
    }

    @Test
    void refusesADescriptorThatIsNotOpen() {
        assertTrue(message(() -> HandedFds.checkArray("rows", 1_000_000, 576, 64)).contains("cannot be looked at"));
        assertTrue(message(() -> HandedFds.checkLink(1_000_000)).contains("cannot be looked at"));
    }

    @Test
    void refusesAnotherNumberOfMapsAndOtherSizes() {
        JsonObject sizes = new JsonObject();
        sizes.addProperty("threads", 64);
        sizes.addProperty("histograms", 192);
        assertEquals("3 maps where 13 or 15 are expected",
                message(() -> HandedMaps.of(sizes, new int[3], 64, 192, false)));
        assertEquals("other sizes than asked for", message(() -> HandedMaps.of(sizes, new int[13], 128, 192, false)));
        assertEquals("a message has no pauseBytes", message(() -> HandedMaps.of(sizes, new int[13], 64, 192, false)));
        sizes.addProperty("pauseBytes", -1);
        assertEquals("pauseBytes makes no sense", message(() -> HandedMaps.of(sizes, new int[13], 64, 192, false)));
        assertEquals("13 maps where 15 or 17 are expected",
                message(() -> HandedMaps.of(sizes, new int[13], 64, 192, true)));
        sizes.addProperty("pauseBytes", 4096);
        sizes.addProperty("slowBytes", 4096);
        assertEquals("a message has no contextStripes", message(() ->
                HandedMaps.of(sizes, new int[15], 64, 192, true)));
        sizes.addProperty("contextStripes", 3);
        assertEquals("stripes must be a power of two up to 8, stripes=3",
                message(() -> HandedMaps.of(sizes, new int[15], 64, 192, true)));
    }

    private interface Refused {
        void run() throws HandOverException;
    }

    private static String message(Refused call) {
        return assertThrows(HandOverException.class, call::run).getMessage();
    }

    private static int fd(Path file) throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : all.toList()) {
                if (Files.exists(fd) && Files.isSameFile(fd, file)) {
                    return Integer.parseInt(fd.getFileName().toString());
                }
            }
        }
        throw new AssertionError("not open: " + file);
    }
}
