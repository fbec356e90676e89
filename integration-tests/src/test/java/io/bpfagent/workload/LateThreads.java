package io.bpfagent.workload;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;

/**
 * Threads that do not stop when the JVM wants it, each for a reason of its own. Each scene has one pause, in which
 * the threads are dumped, and is over when the thread it is about has ended.
 *
 * <p>The JVM must be started with {@code -XX:-UseCountedLoopSafepoints -Xbatch}: then a compiled loop that counts an
 * int has no safepoint in it.
 */
final class LateThreads {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UPS = 20_000;
    /** Further apart than the kernel reads around a fault: so each waits for the disk, and is a major one. */
    private static final int FAULT_STEP_BYTES = 8 << 20;
    private static final long HEAD_START_MS = 5;
    private static final long HEAD_START_CPU_NS = 50_000;

    private static volatile long sink;
    private static volatile boolean begun;

    private LateThreads() {}

    /** {@code late-loop 300}: the thread "late looper" counts to so many millions. */
    static void loop(String[] arguments) throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            sink = count(1_000);
        }
        int times = Integer.parseInt(arguments[0]) * 1_000_000;
        pauseDuring("late looper", times, n -> sink = count(n));
    }

    private static long count(int times) {
        long value = sink;
        for (int i = 0; i < times; i++) {
            value = value * 6364136223846793005L + i;
        }
        return value;
    }

    /** {@code late-loops 3000 10}: for so many ms a pause every now and then, each for which one waits some 10 ms. */
    static void loops(String[] arguments) throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            sink = count(1_000);
        }
        int times = Integer.parseInt(arguments[1]) * 1_000_000;
        long endNs = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
        Thread late = Scenes.start("late looper", () -> {
            while (System.nanoTime() < endNs) {
                sink = count(times);
            }
        });
        while (late.isAlive()) {
            Thread.getAllStackTraces();
            Thread.sleep(HEAD_START_MS);
        }
    }

    /** {@code late-copy 512}: the thread "late copier" moves so many MB of an array by one place. */
    static void copy(String[] arguments) throws InterruptedException {
        byte[] array = new byte[Integer.parseInt(arguments[0]) << 20];
        pauseDuring("late copier", array.length - 1, n -> System.arraycopy(array, 0, array, 1, n));
        sink = array[1];
    }

    /** {@code late-fault 24 PATH}: the thread "late faulter" touches so many far pages of a mapped file. */
    static void fault(String[] arguments) throws IOException, InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        try (FileChannel file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.READ)) {
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, (long) times * FAULT_STEP_BYTES);
            for (int i = 0; i < WARM_UPS; i++) {
                sink = touch(mapped, 64, 1);
            }
            pauseDuring("late faulter", times, n -> sink = touch(mapped, n, FAULT_STEP_BYTES));
        }
    }

    private static long touch(MappedByteBuffer mapped, int times, int stepBytes) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += mapped.get(i * stepBytes);
        }
        return sum;
    }

    /** Once before, so that nothing is linked any more; then for long, and the pause once it runs. */
    private static void pauseDuring(String name, int times, IntConsumer body) throws InterruptedException {
        begun = false;
        THREADS.getThreadCpuTime(Thread.currentThread().getId());
        Thread late = Scenes.start(name, () -> {
            body.accept(1);
            begun = true;
            body.accept(times);
        });
        while (!begun) {
            Thread.sleep(1);
        }
        long startNs = THREADS.getThreadCpuTime(late.getId());
        while (late.isAlive() && THREADS.getThreadCpuTime(late.getId()) < startNs + HEAD_START_CPU_NS) {
            Thread.sleep(1);
        }
        Thread.getAllStackTraces();
        late.join();
    }
}
