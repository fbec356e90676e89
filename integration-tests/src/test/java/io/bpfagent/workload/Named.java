package io.bpfagent.workload;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
