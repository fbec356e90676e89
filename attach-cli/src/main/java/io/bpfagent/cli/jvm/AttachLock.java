package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/**
 * Held by one command at a time, of those that attach to the same JVM.
 *
 * <p>The JVM is asked to listen with SIGQUIT. Of two that ask at the same moment the later signal can arrive when it
 * listens already, and to HotSpot it is then the request for a thread dump, on the application's standard output.
 *
 * <p>The lock is on a file of the process in /proc, which root and the JVM's user alone can open to write, and of which
 * nothing is left behind. Where it cannot be had the command goes on without: other tools know nothing of it either.
 */
final class AttachLock implements AutoCloseable {

    private static final long POLL_MS = 20;

    /** Null without the lock; open as long as it is held: the kernel ends both with this process. */
    private final FileChannel file;

    private AttachLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Waits while another command holds it.
     *
     * @param atMostMs from then on it is the other's JVM that does not answer, and no reason to wait
     */
    static AttachLock of(TargetProcess target, long atMostMs) {
        FileChannel file;
        try {
            // Any that nobody else in this process opens: closing it there would give up the lock, fcntl(2).
            file = FileChannel.open(target.procDirectory().resolve("comm"), StandardOpenOption.WRITE);
        } catch (IOException hidden) {
            return new AttachLock(null);
        }
        long deadline = System.nanoTime() + atMostMs * 1_000_000;
        while (!isTaken(file) && System.nanoTime() < deadline) {
            Sleep.ms(POLL_MS);
        }
        return new AttachLock(file);
    }

    /** Whether there is no more to wait for: it is held, or this file cannot be locked. */
    private static boolean isTaken(FileChannel file) {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException byAnotherThread) {
            return false;
        } catch (IOException unlockable) {
            return true;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException ended) {
                // The process has, and its lock with it.
            }
        }
    }
}
