package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.natives.PinnedFile.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way to hold a file: the kernel goes the whole way, or it is gone step by step. */
final class PinnedFileTest {
    @TempDir
    private Path directory;
    private Path root;
    private Path outside;

    @BeforeAll
    static void loadLibraries(@TempDir Path libraries) throws Exception {
        TestNatives.open(libraries);
    }

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.writeString(directory.resolve("outside"), "outside");
        Files.writeString(Files.createDirectories(root.resolve("usr/lib")).resolve("x.so"), "inside");
    }

    private String read(String path, Links links, boolean atOnce) throws IOException {
        try (PinnedFile file = PinnedFile.below(root.toString(), path, links, atOnce)) {
            return Files.readString(Path.of(file.path()));
        }
    }

    private void assertRefused(String path, Links links, boolean atOnce) {
        assertThrows(IOException.class, () -> read(path, links, atOnce), path);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsWhatIsThere(boolean atOnce) throws IOException {
        for (Links links : Links.values()) {
            assertEquals("inside", read("/usr/lib/x.so", links, atOnce));
            assertEquals("inside", read("usr//lib/x.so", links, atOnce));
            assertRefused("/usr/lib/none.so", links, atOnce);
            assertRefused("/usr/lib/x.so/y", links, atOnce);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noLinkLeadsOutOfIt(boolean atOnce) throws IOException {
        Files.createSymbolicLink(root.resolve("usr/lib/link.so"), outside);
        Files.createSymbolicLink(root.resolve("usr/up"), Path.of("../../.."));
        for (Links links : Links.values()) {
            for (String path : new String[] {"/usr/lib/link.so", "/usr/up/outside", "/../outside"}) {
                assertRefused(path, links, atOnce);
            }
        }
    }

    @Test
    void aLinkInsideIsFollowedWhereItMayBe() throws IOException {
        Files.createSymbolicLink(root.resolve("lib"), Path.of("/usr/lib"));
        assertEquals("inside", read("/lib/x.so", Links.INSIDE, true));
        assertRefused("/lib/x.so", Links.REFUSED, true);
        assertRefused("/lib/x.so", Links.REFUSED, false);
    }

    /** Looked at, and then opened: the same file, whatever has its name by then. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(20)
    void whatIsExchangedMeanwhileIsNotOpened(boolean atOnce) throws Exception {
        Path name = root.resolve("usr/lib/x.so");
        try (PinnedFile file = PinnedFile.below(root.toString(), "/usr/lib/x.so", Links.REFUSED, atOnce)) {
            assertTrue(Files.isRegularFile(Path.of(file.path())));
            Files.delete(name);
            assertEquals(0, new ProcessBuilder("mkfifo", name.toString()).start().waitFor());
            assertEquals("inside", Files.readString(Path.of(file.path())));
        }
        // And a pipe is held without waiting for anybody.
        try (PinnedFile file = PinnedFile.below(root.toString(), "/usr/lib/x.so", Links.REFUSED, atOnce)) {
            assertFalse(Files.isRegularFile(Path.of(file.path())));
        }
    }

    @Test
    void aLinkOfTheKernelsIsFollowed() throws IOException {
        try (PinnedFile file = PinnedFile.of("/proc/self/exe")) {
            assertEquals(Files.size(Path.of("/proc/self/exe")), Files.size(Path.of(file.path())));
        }
    }

    @Test
    void keepsNoDescriptors() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            for (boolean atOnce : new boolean[] {true, false}) {
                read("/usr/lib/x.so", Links.REFUSED, atOnce);
                assertRefused("/usr/lib/none.so", Links.REFUSED, atOnce);
                assertRefused("/usr/none/../x.so", Links.REFUSED, atOnce);
            }
        }
        assertTrue(descriptors() < before + 50, before + " have become " + descriptors());
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
