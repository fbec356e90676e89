package io.bpfagent.workload;

import io.bpfagent.boot.ContextRuntime;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Virtual threads. These classes are compiled for Java 17, which has none: so by reflection. */
final class VirtualWork {
    private static final int KINDS = 8;
    private static final int BYTES = 64 * 1024;
    private static final int STEPS_PER_US = 200;

    private static volatile double sink;

    private VirtualWork() {}

    static Thread start(String name, Scenes.Body body) {
        Runnable task = () -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        try {
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method ofVirtual = Thread.class.getMethod("ofVirtual");
            Object builder = type.getMethod("name", String.class).invoke(ofVirtual.invoke(null), name);
            return (Thread) type.getMethod("start", Runnable.class).invoke(builder, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * {@code virtual-crowd 10000 250}: so many virtual threads compute four times so many us, in one of eight contexts,
     * and in "within" within it, with a yield or a short sleep in the midst of it. Prints {@code worked NS}: for how
     * long they were in contexts by their own clocks, without what they slept or waited.
     */
    static void crowd(String[] arguments) throws InterruptedException {
        int us = Integer.parseInt(arguments[1]);
        int[] contexts = kinds();
        int within = ContextRuntime.context(ContextRuntime.METHOD, "within");
        AtomicLong worked = new AtomicLong();
        join(Integer.parseInt(arguments[0]),
                number -> worked.addAndGet(work(contexts[number % KINDS], within, number / KINDS % 2 == 0, us)));
        System.out.println("worked " + worked.get());
    }

    private static int[] kinds() {
        int[] contexts = new int[KINDS];
        for (int i = 0; i < KINDS; i++) {
            contexts[i] = ContextRuntime.context(ContextRuntime.TASK, "kind " + i);
        }
        return contexts;
    }

    private interface Numbered {
        void run(int number) throws Exception;
    }

    private static void join(int threads, Numbered body) throws InterruptedException {
        List<Thread> all = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            int number = i;
            all.add(start("", () -> body.run(number)));
        }
        for (Thread one : all) {
            one.join();
        }
    }

    private static long work(int context, int within, boolean yields, int us) throws InterruptedException {
        long began = System.nanoTime();
        long before = ContextRuntime.enter(context);
        compute(us);
        long around = ContextRuntime.enter(within);
        compute(us);
        long ns = System.nanoTime() - began;
        if (yields) {
            Thread.yield();
        } else {
            Thread.sleep(1);
        }
        began = System.nanoTime();
        compute(us);
        ContextRuntime.leave(around);
        compute(us);
        ContextRuntime.leave(before);
        return ns + System.nanoTime() - began;
    }

    /**
     * {@code virtual-monitors 1000}: so many virtual threads, in one of eight contexts each, wait for one of eight
     * monitors, whose owner yields; and say so when they are not in the context in which they had been.
     */
    static void monitors(String[] arguments) throws InterruptedException {
        int[] contexts = kinds();
        Object[] monitors = new Object[KINDS];
        Arrays.setAll(monitors, any -> new Object());
        AtomicInteger wrong = new AtomicInteger();
        join(Integer.parseInt(arguments[0]), number -> {
            ContextRuntime.enter(contexts[number % KINDS]);
            long node = ContextRuntime.current();
            synchronized (monitors[number / 3 % KINDS]) {
                wrong.addAndGet(ContextRuntime.current() == node ? 0 : 1);
                Thread.yield();
                wrong.addAndGet(ContextRuntime.current() == node ? 0 : 1);
            }
            wrong.addAndGet(ContextRuntime.current() == node ? 0 : 1);
        });
        System.out.println("wrong " + wrong.get());
    }

    /**
     * {@code virtual-waits 32 100}: so many virtual threads are unparked so often, all of them one after the other, and
     * compute for 200 us each time. Prints {@code waited COUNT SUM NS...}: the waits from unpark, or start, to resume
     * by their own clocks, in order.
     */
    static void waits(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        AtomicLongArray unparked = new AtomicLongArray(count);
        AtomicInteger parked = new AtomicInteger();
        long[][] waits = new long[count][rounds + 1];
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int me = i;
            unparked.set(me, System.nanoTime());
            threads[i] = start("waiting-" + i, () -> {
                waits[me][0] = System.nanoTime() - unparked.getAndSet(me, 0);
                for (int round = 1; round <= rounds; round++) {
                    parked.incrementAndGet();
                    while (unparked.get(me) == 0) {
                        LockSupport.park();
                    }
                    waits[me][round] = System.nanoTime() - unparked.getAndSet(me, 0);
                    compute(200);
                }
            });
        }
        for (int round = 1; round <= rounds; round++) {
            while (parked.get() < count * round) {
                Thread.sleep(1);
            }
            // The last of them has said that it will park, and is about to.
            Thread.sleep(2);
            for (int i = 0; i < count; i++) {
                unparked.set(i, System.nanoTime());
                LockSupport.unpark(threads[i]);
            }
        }
        for (Thread one : threads) {
            one.join();
        }
        long[] all = Arrays.stream(waits).flatMapToLong(Arrays::stream).sorted().toArray();
        StringBuilder line = new StringBuilder("waited ");
        line.append(all.length).append(' ').append(Arrays.stream(all).sum());
        for (long ns : all) {
            line.append(' ').append(ns);
        }
        System.out.println(line);
    }

    /**
     * {@code virtual-syncs 23}: the virtual thread "virtual writer" syncs a file so often, and computes for 2 ms
     * before.
     */
    static void syncs(String[] arguments) throws InterruptedException, IOException {
        Path file = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-it", ".tmp");
        int context = ContextRuntime.context(ContextRuntime.REQUEST, "sync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            start("virtual writer", () -> {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    long before = ContextRuntime.enter(context);
                    compute(2_000);
                    channel.write(ByteBuffer.allocate(BYTES), 0);
                    channel.force(true);
                    ContextRuntime.leave(before);
                    Thread.sleep(5);
                }
            }).join();
        } finally {
            Files.delete(file);
        }
    }

    /** {@code virtual-ends 100}: so many virtual threads end in the context "end", and others then compute in none. */
    static void ends(String[] arguments) throws InterruptedException {
        int context = ContextRuntime.context(ContextRuntime.TASK, "end");
        join(Integer.parseInt(arguments[0]), number -> {
            ContextRuntime.enter(context);
            Thread.sleep(1);
            compute(10);
        });
        join(Integer.parseInt(arguments[0]), number -> {
            compute(1_000);
            Thread.sleep(1);
        });
    }

    private static void compute(int us) {
        double value = sink;
        for (int i = 0; i < us * STEPS_PER_US; i++) {
            value = value * 0.999 + i;
        }
        sink = value;
    }
}
