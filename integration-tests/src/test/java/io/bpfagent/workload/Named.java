package io.bpfagent.workload;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Threads with names of all kinds. Names come in Base64, of UTF-8: they may hold blanks. */
final class Named {
    private static final Map<String, Thread> THREADS = new ConcurrentHashMap<>();

    private Named() {}

    /** {@code named KEY NAME}: a thread of that name that waits for good. */
    static void named(String[] arguments) {
        Object nobody = new Object();
        THREADS.put(arguments[0], Scenes.start(decode(arguments[1]), () -> {
            synchronized (nobody) {
                nobody.wait();
            }
        }));
    }

    /** {@code ends NAME}: a thread of that name that ends at once. */
    static void ends(String[] arguments) throws InterruptedException {
        Scenes.start(decode(arguments[0]), () -> {}).join();
    }

    /** {@code rename KEY NAME}: from now on it is called so. */
    static void rename(String[] arguments) {
        THREADS.get(arguments[0]).setName(decode(arguments[1]));
    }

    /**
     * {@code turncoats 23000 23}: the thread "turncoat a" renames itself so often, and another one, to "turncoat b",
     * "turncoat c" ... and sleeps 20 ms so many times in between. In the end they are "turncoat" and "renamed" and
     * wait.
     */
    static void turncoats(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        int sleeps = Integer.parseInt(arguments[1]);
        Object nobody = new Object();
        Thread other = Scenes.start("turncoat z", () -> {
            synchronized (nobody) {
                nobody.wait();
            }
        });
        CountDownLatch over = new CountDownLatch(1);
        Scenes.start("turncoat a", () -> {
            for (int i = 0; i < times; i++) {
                Thread.currentThread().setName("turncoat " + (char) ('a' + i % 7));
                other.setName("turncoat " + (char) ('m' + i % 7));
                if (i % (times / sleeps) == 0) {
                    Thread.sleep(20);
                }
            }
            Thread.currentThread().setName("turncoat");
            other.setName("renamed");
            over.countDown();
            synchronized (nobody) {
                nobody.wait();
            }
        });
        over.await();
    }

    /** {@code timed NAME}: a thread "timed NAME" that waits for good; prints the clock before and after its start. */
    static void timed(String[] arguments) {
        Object nobody = new Object();
        long beforeNs = System.nanoTime();
        Scenes.start("timed " + arguments[0], () -> {
            synchronized (nobody) {
                nobody.wait();
            }
        });
        System.out.println("born " + arguments[0] + " " + System.nanoTime());
        System.out.println("unborn " + arguments[0] + " " + beforeNs);
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
