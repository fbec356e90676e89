package io.bpfagent.workload;

import io.bpfagent.boot.ContextRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/** Threads in contexts, as hooks would begin and end them. The agent must be on, with contexts. */
final class ContextWork {
    private static final long WAIT_MS = 50;
    private static final long SHORT_MS = 2;
    private static final int BYTES = 64 * 1024;
    private static final int STEPS_PER_US = 200;

    private static final CountDownLatch GO = new CountDownLatch(1);
    private static final CountDownLatch OVER = new CountDownLatch(1);
    private static volatile long nestMs;
    private static volatile double sink;

    private ContextWork() {}

    /** {@code requests 23}: "requester" does so many, each of which syncs a file once and sleeps 50 ms. */
    static void requests(String[] arguments) throws InterruptedException, IOException {
        int context = ContextRuntime.context(ContextRuntime.REQUEST, "POST /orders");
        Path file = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-it", ".tmp");
        CountDownLatch over = new CountDownLatch(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Scenes.start("requester", () -> {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    Thread.sleep(SHORT_MS);
                    request(context, channel);
                }
                over.countDown();
                sleepForGood();
            });
            over.await();
        } finally {
            Files.delete(file);
        }
    }

    private static void request(int context, FileChannel channel) throws IOException, InterruptedException {
        long before = ContextRuntime.enter(context);
        try {
            channel.write(ByteBuffer.allocate(BYTES), 0);
            channel.force(true);
            Thread.sleep(WAIT_MS);
        } finally {
            ContextRuntime.leave(before);
        }
    }

    /** {@code nester}: the thread of that name is in "outer" from now on, and parked. */
    static void nester(String[] arguments) throws InterruptedException {
        int outer = ContextRuntime.context(ContextRuntime.METHOD, "outer");
        int inner = ContextRuntime.context(ContextRuntime.METHOD, "inner");
        CountDownLatch ready = new CountDownLatch(1);
        Scenes.start("nester", () -> {
            ContextRuntime.enter(outer);
            ready.countDown();
            GO.await();
            nest(inner);
            OVER.countDown();
            sleepForGood();
        });
        ready.await();
    }

    /** {@code nested 2000}: it is in "inner" within that by turns for so many ms; computes in both, sleeps in both. */
    static void nested(String[] arguments) throws InterruptedException {
        nestMs = Long.parseLong(arguments[0]);
        GO.countDown();
        OVER.await();
    }

    private static void nest(int inner) throws InterruptedException {
        long end = System.nanoTime() + nestMs * 1_000_000;
        while (System.nanoTime() < end) {
            compute(300);
            long before = ContextRuntime.enter(inner);
            compute(100);
            long again = ContextRuntime.enter(inner);
            Thread.sleep(1);
            ContextRuntime.leave(again);
            ContextRuntime.leave(before);
            compute(50);
            Thread.sleep(1);
        }
    }

    /**
     * {@code fast 2000}: "flyer" is in "light" and in "heavy" within it by turns, for tens of ns each, for so many ms.
     */
    static void fast(String[] arguments) throws InterruptedException {
        int light = ContextRuntime.context(ContextRuntime.METHOD, "light");
        int heavy = ContextRuntime.context(ContextRuntime.METHOD, "heavy");
        CountDownLatch over = new CountDownLatch(1);
        Scenes.start("flyer", () -> {
            ContextRuntime.enter(light);
            long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
            while (System.nanoTime() < end) {
                fly(heavy);
            }
            over.countDown();
            sleepForGood();
        });
        over.await();
    }

    private static void fly(int heavy) {
        for (int i = 0; i < 10_000; i++) {
            step(10);
            long before = ContextRuntime.enter(heavy);
            step(30);
            ContextRuntime.leave(before);
        }
    }

    /**
     * {@code dies-inside 30}: so many threads end in "fatal", one after the other, and then others sleep that are in
     * none.
     */
    static void diesInside(String[] arguments) throws InterruptedException {
        int fatal = ContextRuntime.context(ContextRuntime.TASK, "fatal");
        int threads = Integer.parseInt(arguments[0]);
        for (int i = 1; i <= threads; i++) {
            Scenes.start("fated-" + i, () -> ContextRuntime.enter(fatal)).join();
        }
        // Until the rows are others'.
        Thread.sleep(500);
        Thread[] heirs = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            heirs[i] = Scenes.start("heir-" + (i + 1), () -> Thread.sleep(500));
        }
        for (Thread heir : heirs) {
            heir.join();
        }
    }

    /** {@code unbalanced}: whatever is passed in whatever order, a thread is at last in no context. */
    static void unbalanced(String[] arguments) throws InterruptedException {
        int odd = ContextRuntime.context(ContextRuntime.API, "odd");
        Scenes.start("odd one", () -> {
            ContextRuntime.leave(ContextRuntime.NOTHING);
            ContextRuntime.leave(Long.MAX_VALUE);
            ContextRuntime.leave(-17);
            ContextRuntime.enter(0);
            ContextRuntime.enter(-1);
            ContextRuntime.enter(Integer.MAX_VALUE);
            ContextRuntime.resume(Long.MIN_VALUE);
            long before = ContextRuntime.enter(odd);
            ContextRuntime.enter(odd);
            ContextRuntime.leave(before);
            ContextRuntime.leave(before);
            if (ContextRuntime.current() != 0) {
                throw new AssertionError(ContextRuntime.current());
            }
            Thread.sleep(300);
        }).join();
    }

    private static void sleepForGood() throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void compute(int us) {
        for (int i = 0; i < us; i++) {
            step(STEPS_PER_US);
        }
    }

    private static void step(int steps) {
        double value = sink;
        for (int i = 0; i < steps; i++) {
            value = value * 0.999 + i;
        }
        sink = value;
    }
}
