package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, who alone can give files away. */
final class TrustedPathTest {
    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid")), "needs root");
        file = Files.createFile(Files.createDirectory(directory.resolve("lib")).resolve("libbpf.so.1"));
        mode(file.getParent(), "rwxr-xr-x");
        mode(file, "rw-r--r--");
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void trustsWhatRootAloneCanChange() throws IOException {
        assertNull(TrustedPath.problemForRoot(file));
        assertNull(TrustedPath.problemForRoot(Path.of("/tmp")));
        assertNull(TrustedPath.problem(directory.resolve("missing").toString()));
    }

    @Test
    void refusesAFileOfAnotherUser() throws IOException {
        Files.setAttribute(file, "unix:uid", 65534);
        assertEquals(file.toRealPath() + " belongs to uid 65534", TrustedPath.problemForRoot(file));
        assertNotNull(TrustedPath.problem(file.toString()));
    }

    @Test
    void refusesAFileThatOthersCanWrite() throws IOException {
        mode(file, "rw-r--rw-");
        assertEquals(file.toRealPath() + " can be written by others than root", TrustedPath.problemForRoot(file));
    }

    @Test
    void refusesAFileWhoseDirectoryIsNotRoots() throws IOException {
        Files.setAttribute(file.getParent(), "unix:uid", 65534);
        assertEquals(file.toRealPath().getParent() + " belongs to uid 65534", TrustedPath.problemForRoot(file));
    }

    @Test
    void refusesAFileThatCouldBeReplaced() throws IOException {
        mode(file.getParent(), "rwxr-xrwx");
        assertEquals(file.toRealPath().getParent() + " can be written by others than root",
                TrustedPath.problemForRoot(file));
    }

    @Test
    void looksAtWhatALinkLeadsTo() throws IOException {
        Files.setAttribute(file, "unix:uid", 65534);
        Path link = Files.createSymbolicLink(directory.resolve("link.so"), file);
        assertEquals(file.toRealPath() + " belongs to uid 65534", TrustedPath.problemForRoot(link));
    }
}
