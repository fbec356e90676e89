package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is certainly a killed JVM's is removed, and nothing that only looks like it. */
class LeftoversTest {
    @TempDir
    private Path tmp;

    private Path libraries(String name, String mode) throws IOException {
        Path directory = Files.createDirectory(tmp.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(directory.resolve("libz-bpfagent.so.1"), "x");
        return directory;
    }

    private static void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(Leftovers.LEFT_FOR_S + 60)));
    }

    private void assertStays(boolean stays, Path path) throws IOException {
        age(path);
        Leftovers.remove(tmp.toString());
        assertEquals(stays, Files.exists(path, LinkOption.NOFOLLOW_LINKS), path::toString);
    }

    @Test
    void directoriesOfLibrariesAndJarsOfTiersGo() throws IOException {
        assertStays(false, libraries("bpf-agent-4711-1234567890abcdef", "rwx------"));
        assertStays(false, Files.createFile(tmp.resolve("bpf-agent-hooks-12345678901234567890.jar")));
        assertStays(false, Files.createFile(tmp.resolve("bpf-agent-boot-1234567890.jar")));
        assertStays(false, Files.createFile(tmp.resolve("bpf-agent-prometheus-1234567890.jar")));
    }

    @Test
    void whatMayBeInUseStays() throws IOException {
        Path fresh = libraries("bpf-agent-4711-1", "rwx------");
        Leftovers.remove(tmp.toString());
        assertEquals(true, Files.exists(fresh));
    }

    @Test
    void whatOnlyLooksLikeItStays() throws IOException {
        assertStays(true, libraries("bpf-agent-4711-2", "rwxr-x---"));
        assertStays(true, libraries("bpf-agent-4711", "rwx------"));
        assertStays(true, libraries("bpf-agent-4711-notes", "rwx------"));
        assertStays(true, Files.createFile(tmp.resolve("bpf-agent-4711-3")));
        for (String jar : new String[] {"bpf-agent-0.1.0.jar", "bpf-agent-boot-1.jar", "bpf-agent-otlp-1234567890.jar",
            "bpf-agent-hooks-1234567890", "bpf-agent-hooks-.jar", "bpf-agent-hooks-123456789x.jar",
            "hooks-1234567890.jar",
            "bpf-agent-.jar", "bpf-agent-"}) {
            assertStays(true, Files.createFile(tmp.resolve(jar)));
        }
        Path jar = Files.createFile(tmp.resolve("application.jar"));
        Path link = Files.createSymbolicLink(tmp.resolve("bpf-agent-hooks-2234567890.jar"), jar);
        age(jar);
        Leftovers.remove(tmp.toString());
        assertEquals(true, Files.exists(link) && Files.exists(jar));
        Path withDirectory = libraries("bpf-agent-4711-5", "rwx------");
        Path file = Files.createFile(Files.createDirectory(withDirectory.resolve("own")).resolve("file"));
        assertStays(true, withDirectory);
        assertEquals(true, Files.exists(file));
    }

    @Test
    void aDirectoryThatIsNotThereIsNoError() {
        Leftovers.remove(tmp.resolve("none").toString());
    }
}
