package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.cli.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is certainly a killed command's is removed, and nothing that only looks like it. */
class JarLeftoversTest {

    private static final String NAME = ".bpf-agent-jar-7";

    @TempDir
    Path directory;
    private FakeMachine machine;
    private JarMaker gone;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = new FakeMachine(directory);
        JarMaker own = JarMaker.own();
        // The same number, but another process had it.
        gone = new JarMaker(own.pidNamespace(), own.pid(), own.startTicks() + 1);
    }

    private Path copy(String name, String... files) throws IOException {
        Path copy = Files.createDirectory(machine.tmp().resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String file : files) {
            Files.writeString(copy.resolve(file), "x");
        }
        return copy;
    }

    private void remove() throws IOException {
        TargetProcess target = TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
        try (HeldTmp tmp = HeldTmp.of(target)) {
            JarLeftovers.remove(tmp, target);
        }
    }

    private void assertRemoved(Path copy) throws IOException {
        remove();
        assertFalse(Files.exists(copy, LinkOption.NOFOLLOW_LINKS), copy::toString);
    }

    private void assertKept(Path copy) throws IOException {
        remove();
        assertTrue(Files.exists(copy, LinkOption.NOFOLLOW_LINKS), copy::toString);
    }

    @Test
    void removesWholeAndHalfCopiesOfWhoIsGone() throws IOException {
        assertRemoved(copy(NAME, gone.fileName(), "bpf-agent.jar"));
        assertRemoved(copy(NAME, gone.fileName()));
        assertRemoved(copy(".bpf-agent-jar-4242-0z9", gone.fileName(), "bpf-agent.jar"));
    }

    @Test
    void keepsThatOfWhoRuns() throws IOException {
        assertKept(copy(NAME, JarMaker.own().fileName(), "bpf-agent.jar"));
    }

    /** Of a container's processes the host's command sees other numbers, and the other way round. */
    @Test
    void keepsThatOfWhoMayRunInAnotherPidNamespace() throws IOException {
        assertKept(copy(NAME, new JarMaker(gone.pidNamespace() + 1, gone.pid(), 1).fileName(), "bpf-agent.jar"));
    }

    @Test
    void removesAnEmptyOneWhenItIsAMinuteOld() throws IOException {
        Path empty = copy(NAME);
        assertKept(empty);
        Files.setLastModifiedTime(empty, FileTime.from(Instant.now().minusSeconds(90)));
        assertRemoved(empty);
    }

    @Test
    void keepsWhatIsNoCopy() throws IOException {
        assertKept(copy(NAME, "bpf-agent.jar"));
        assertKept(copy(".bpf-agent-jar-8", gone.fileName(), "bpf-agent.jar", "another"));
        assertKept(copy(".bpf-agent-jar-x", gone.fileName()));
        assertKept(copy(".bpf-agent-7", gone.fileName()));
        Path open = copy(".bpf-agent-jar-9", gone.fileName());
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));
        assertKept(open);
    }

    @Test
    void followsNoLinkAndOpensNoPipe() throws Exception {
        Path others = copy("others", gone.fileName(), "bpf-agent.jar");
        Path link = Files.createSymbolicLink(machine.tmp().resolve(NAME), others);
        assertKept(link);
        assertTrue(Files.exists(others.resolve("bpf-agent.jar")));
        Path pipe = machine.tmp().resolve(".bpf-agent-jar-8");
        assertEquals(0, new ProcessBuilder("mkfifo", "-m", "700", pipe.toString()).start().waitFor());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertKept(pipe));
        Path linked = copy(".bpf-agent-jar-9", gone.fileName());
        Path target = Files.writeString(directory.resolve("target"), "x");
        Files.createSymbolicLink(linked.resolve("bpf-agent.jar"), target);
        assertRemoved(linked);
        assertTrue(Files.exists(target));
    }

    /** Root's command leaves alone what is neither its own nor that JVM's. */
    @Test
    void keepsThatOfAnotherUser() throws IOException {
        Path others = copy(NAME, gone.fileName(), "bpf-agent.jar");
        machine.process("4711", 4242, 4242, "java", "/libjvm.so");
        if ((Integer) Files.getAttribute(others, "unix:uid") == 0) {
            Files.setAttribute(others, "unix:uid", 4243);
            assertKept(others);
            Files.setAttribute(others, "unix:uid", 4242);
            assertRemoved(others);
        }
    }
}
