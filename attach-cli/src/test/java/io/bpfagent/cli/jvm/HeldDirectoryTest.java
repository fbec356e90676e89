package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traps in a /tmp where another user may rename everything; one made of files, with a root directory of its own. */
class HeldDirectoryTest {

    private static final String NAME = "made";
    private static final String FILE = "file";

    @TempDir
    Path directory;
    private TargetProcess process;
    private Path tmp;
    /** What a trap leads to. */
    private Path others;

    @BeforeEach
    void makeMachine() throws IOException {
        FakeMachine machine = new FakeMachine(directory);
        tmp = Files.createDirectories(machine.proc().resolve("4711/root/tmp"));
        others = Files.createDirectory(directory.resolve("others"));
        Files.writeString(others.resolve(FILE), "others");
        process = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        assertTrue(process.hasOwnTmp());
    }

    private void assertOthersAreAsBefore() throws IOException {
        assertEquals("others", Files.readString(others.resolve(FILE)));
        try (var files = Files.list(others)) {
            assertEquals(List.of(others.resolve(FILE)), files.toList());
        }
    }

    private HeldDirectory make() throws IOException {
        return HeldDirectory.make(HeldTmp.of(process), NAME);
    }

    private static void write(HeldDirectory held) throws IOException {
        held.write(FILE, new ByteArrayInputStream(new byte[23]));
    }

    private String refused() throws IOException {
        try (HeldTmp held = HeldTmp.of(process)) {
            return assertThrows(FileSystemException.class, () -> HeldDirectory.hold(held, NAME)).getReason();
        }
    }

    @Test
    void holdsWhatItMadeAndRemovesIt() throws IOException {
        try (HeldDirectory held = make()) {
            write(held);
            held.giveTo(process);
            Path file = tmp.resolve(NAME).resolve(FILE);
            assertEquals(23, Files.size(file));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
            held.remove();
            assertFalse(Files.exists(file.getParent()));
        }
    }

    @Test
    void aLinkInThePlaceOfTheDirectoryIsNotFollowed() throws IOException {
        Files.createSymbolicLink(tmp.resolve(NAME), others);
        assertEquals("somebody has put something else in its place, which is no directory", refused());
        try (HeldTmp held = HeldTmp.of(process)) {
            assertThrows(FileAlreadyExistsException.class, () -> HeldDirectory.make(held, NAME));
        }
        assertOthersAreAsBefore();
    }

    @Test
    void anotherDirectoryInItsPlaceIsNotUsed() throws IOException {
        Path planted = Files.createDirectory(tmp.resolve(NAME));
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(refused().endsWith("mode rwxr-xr-x"));
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwx------"));
        Files.createFile(planted.resolve("x"));
        assertTrue(refused().endsWith("which is not empty"));
    }

    @Test
    void aPipeInItsPlaceIsNotOpened() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", tmp.resolve(NAME).toString()).start().waitFor());
        String reason = assertTimeoutPreemptively(Duration.ofSeconds(10), this::refused);
        assertEquals("somebody has put something else in its place, which is no directory", reason);
    }

    @Test
    void whatIsSwappedLaterLeadsNowhere() throws IOException {
        try (HeldDirectory held = make()) {
            Path moved = Files.move(tmp.resolve(NAME), tmp.resolve("moved"));
            Files.createSymbolicLink(tmp.resolve(NAME), others);
            write(held);
            assertEquals(23, Files.size(moved.resolve(FILE)));
            held.giveTo(process);
            assertThrows(IOException.class, held::remove);
            assertFalse(Files.exists(moved.resolve(FILE)));
        }
        assertOthersAreAsBefore();
    }

    @Test
    void aLinkInThePlaceOfTheFileIsNotFollowed() throws IOException {
        try (HeldDirectory held = make()) {
            Path planted = Files.createSymbolicLink(tmp.resolve(NAME).resolve(FILE), others.resolve(FILE));
            assertThrows(FileAlreadyExistsException.class, () -> write(held));
            assertThrows(IOException.class, held::remove);
            assertTrue(Files.isSymbolicLink(planted));
        }
        assertOthersAreAsBefore();
    }

    @Test
    void aLinkInThePlaceOfTmpIsNotFollowed() throws IOException {
        try (HeldTmp before = HeldTmp.of(process)) {
            Files.move(tmp, tmp.resolveSibling("moved"));
            Files.createSymbolicLink(tmp, others);
            assertThrows(IOException.class, () -> HeldTmp.of(process));
            before.createFile("x");
            assertTrue(Files.exists(tmp.resolveSibling("moved").resolve("x")));
            // The directory itself is made by path. It is seen to be elsewhere, and nothing comes into it.
            assertThrows(IOException.class, () -> HeldDirectory.make(before, NAME));
            Files.delete(others.resolve(NAME));
        }
        assertOthersAreAsBefore();
    }

    @Test
    void anEarlierJvmsSocketIsForgottenInItsOwnTmpOnly() throws IOException {
        process = TargetProcess.find(directory.resolve("proc"), FakeMachine.PID).orElseThrow();
        Path link = Files.createSymbolicLink(tmp.resolve(".java_pid7"), others.resolve(FILE));
        assertFalse(process.listensAlready());
        process.forgetEarlierListener();
        assertTrue(Files.exists(link, LinkOption.NOFOLLOW_LINKS), "it is of this JVM's user");

        new FakeMachine(directory).process("4711", 4242, 4242, "java", "/libjvm.so");
        process = TargetProcess.find(directory.resolve("proc"), FakeMachine.PID).orElseThrow();
        process.forgetEarlierListener();
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        Path socket = Files.createFile(others.resolve(".java_pid7"));
        Files.delete(tmp);
        Files.createSymbolicLink(tmp, others);
        process.forgetEarlierListener();
        Files.delete(socket);
        assertOthersAreAsBefore();
    }
}
