package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.bpfagent.cli.FakeMachine;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachLockTest {

    private static final long LONG_MS = 60_000;

    @TempDir
    Path directory;

    private Path comm;

    private TargetProcess target(boolean withComm) throws Exception {
        FakeMachine machine = new FakeMachine(directory);
        comm = machine.proc().resolve("4711/comm");
        if (withComm) {
            Files.writeString(comm, "java");
        }
        return TargetProcess.find(machine.proc(), FakeMachine.PID).orElseThrow();
    }

    @Test
    void isHeldByOneUntilItIsClosed() throws Exception {
        TargetProcess target = target(true);
        CompletableFuture<AttachLock> second;
        try (AttachLock first = AttachLock.of(target, LONG_MS)) {
            second = CompletableFuture.supplyAsync(() -> AttachLock.of(target, LONG_MS));
            try (FileChannel third = FileChannel.open(comm, StandardOpenOption.WRITE)) {
                assertThrows(OverlappingFileLockException.class, third::tryLock, first::toString);
            }
            assertFalse(second.isDone());
        }
        second.get().close();
        assertEquals("java", Files.readString(comm));
    }

    @Test
    void isWaitedForNoLongerThanAsked() throws Exception {
        TargetProcess target = target(true);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try (AttachLock first = AttachLock.of(target, LONG_MS); AttachLock second = AttachLock.of(target, 50)) {
                assertFalse(first == second);
            }
        });
    }

    @Test
    void withoutTheFileThereIsNothingToWaitFor() throws Exception {
        TargetProcess target = target(false);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            AttachLock.of(target, LONG_MS).close();
            AttachLock.of(target, LONG_MS).close();
        });
        assertFalse(Files.exists(comm));
    }
}
