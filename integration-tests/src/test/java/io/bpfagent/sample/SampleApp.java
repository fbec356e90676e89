package io.bpfagent.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Four pools, each with another place where its time goes:
 *
 * <ul>
 *   <li>{@code lock-worker-#}: waits for a monitor that one of them at a time holds for 20 ms;
 *   <li>{@code file-worker-#}: writes 64 KiB, fsyncs, reads them again;
 *   <li>{@code busy-worker-#}: computes; twice as many as there are CPUs, so that each waits
 *       for a CPU about as long as it runs;
 *   <li>{@code sleeper-#}: sleeps 100 ms at a time.
 * </ul>
 *
 * <p>Prints one line with its pid when all threads have started, then nothing. Runs until it
 * is killed, or for as many seconds as its argument says. Leaves no file behind however it ends.
 */
public final class SampleApp {
    private static final int LOCK_WORKERS = 4;
    private static final int FILE_WORKERS = 2;
    private static final int SLEEPERS = 2;
    private static final long LOCK_HELD_MS = 20;
    private static final long SLEEP_MS = 100;
    private static final int FILE_BYTES = 64 * 1024;

    private static final Object LOCK = new Object();
    /** Written by the busy workers so that their loops are not optimized away. */
    private static volatile long sink;

    private SampleApp() { }

    /** @param args none, or the number of seconds to run, at least 1 */
    public static void main(String[] args) throws InterruptedException {
        int busyWorkers = 2 * Runtime.getRuntime().availableProcessors();
        start("lock-worker", LOCK_WORKERS, SampleApp::holdTheLock);
        start("file-worker", FILE_WORKERS, SampleApp::useAFile);
        start("busy-worker", busyWorkers, SampleApp::compute);
        start("sleeper", SLEEPERS, () -> Thread.sleep(SLEEP_MS));
        System.out.println("sample: pid " + ProcessHandle.current().pid() + ", "
                + LOCK_WORKERS + " lock-workers, " + FILE_WORKERS + " file-workers, "
                + busyWorkers + " busy-workers, " + SLEEPERS + " sleepers");
        if (args.length == 0) {
            new CountDownLatch(1).await();
        } else {
            TimeUnit.SECONDS.sleep(Long.parseLong(args[0]));
        }
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static void start(String name, int threads, Step step) {
        for (int i = 1; i <= threads; i++) {
            Thread thread = new Thread(() -> repeat(step), name + "-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void repeat(Step step) {
        try {
            while (true) {
                step.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void holdTheLock() throws InterruptedException {
        synchronized (LOCK) {
            Thread.sleep(LOCK_HELD_MS);
        }
        // Without this the thread that gives the monitor up is also the next to get it.
        Thread.sleep(1);
    }

    private static void useAFile() throws InterruptedException {
        try (FileChannel channel = FileChannel.open(
                Files.createTempFile(directory(), "bpf-agent-sample-", null),
                StandardOpenOption.READ, StandardOpenOption.WRITE,
                // On Linux the file loses its name at once, so that kill -9 leaves none either.
                StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(FILE_BYTES);
            for (int round = 0; round < 1000; round++) {
                channel.write(buffer.clear(), 0);
                channel.force(true);
                channel.read(buffer.clear(), 0);
                Thread.sleep(5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** /tmp is often in memory, where fsync never waits for a disk; /var/tmp seldom is. */
    private static Path directory() {
        Path onDisk = Path.of("/var/tmp");
        return Files.isWritable(onDisk) ? onDisk : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void compute() {
        long value = sink;
        for (int i = 0; i < 1_000_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        sink = value;
    }
}
