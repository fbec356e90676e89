package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * So many pools of two threads, each of which, every 20 ms or so, computes a little, waits for a lock that its pool
 * shares and parks; each tenth pool syncs a file too. Ends when stdin is closed.
 */
public final class ManyPools {
    private static final int THREADS = 2;
    private static final int WITH_FILE = 10;
    private static final int PERIOD_MS = 20;
    private static final int LETTERS = 26;
    private static volatile double sink;

    private ManyPools() {}

    /** @param args how many pools */
    public static void main(String[] args) throws IOException {
        for (int pool = 0; pool < Integer.parseInt(args[0]); pool++) {
            // A digit would make all of them one pool.
            String name = "worker-" + (char) ('a' + pool / LETTERS) + (char) ('a' + pool % LETTERS) + "-";
            Object lock = new Object();
            boolean syncs = pool % WITH_FILE == 0;
            for (int i = 1; i <= THREADS; i++) {
                int first = pool;
                Thread thread = new Thread(() -> work(lock, first, syncs), name + i);
                thread.setDaemon(true);
                thread.start();
            }
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println(line + " " + used / 1024);
        }
    }

    private static void work(Object lock, int seed, boolean syncs) {
        try {
            Path path = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-bench", ".tmp");
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                Files.delete(path);
                for (int round = seed; true; round++) {
                    compute(round % 16);
                    synchronized (lock) {
                        Thread.sleep(round % 3);
                    }
                    if (syncs) {
                        file.seek(0);
                        file.write(round);
                        file.getFD().sync();
                    }
                    LockSupport.parkNanos((PERIOD_MS + round % 7) * 1_000_000L);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compute(int thousands) {
        double value = 1;
        for (int i = 0; i < thousands * 1000; i++) {
            value = Math.sqrt(value + i);
        }
        sink = value;
    }
}
