package io.bpfagent.workload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Many threads. */
final class Crowds {
    /** Beyond it a thread that was started later than it should have been is not made up for. */
    private static final long LATEST_NS = 50_000_000;

    private Crowds() {}

    /** {@code park-many 3000}: so many threads "parked-N" that park for good; over when all have started. */
    static void parkMany(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        CountDownLatch started = new CountDownLatch(count);
        for (int i = 1; i <= count; i++) {
            Scenes.start("parked-" + i, () -> {
                started.countDown();
                while (true) {
                    LockSupport.park();
                }
            });
        }
        started.await();
    }

    /** {@code sleep-many 60 23 20}: 60 threads "dozing-N" sleep 23 times 20 ms, then wait for good. */
    static void sleepMany(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        int times = Integer.parseInt(arguments[1]);
        long ms = Long.parseLong(arguments[2]);
        CountDownLatch over = new CountDownLatch(count);
        Object nobody = new Object();
        for (int i = 1; i <= count; i++) {
            Scenes.start("dozing-" + i, () -> {
                for (int turn = 0; turn < times; turn++) {
                    Thread.sleep(ms);
                }
                over.countDown();
                synchronized (nobody) {
                    nobody.wait();
                }
            });
        }
        over.await();
    }

    /** {@code churn 20000 2000}: so many threads "churned-N", at most so many a second, that do nothing. */
    static void churn(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        long everyNs = 1_000_000_000L / Long.parseLong(arguments[1]);
        List<Thread> threads = new ArrayList<>();
        long dueNs = System.nanoTime();
        for (int i = 1; i <= count; i++) {
            threads.add(Scenes.start("churned-" + i, () -> {}));
            dueNs = Math.max(dueNs + everyNs, System.nanoTime() - LATEST_NS);
            while (dueNs - System.nanoTime() > 0) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /**
     * {@code reborn 10000 100 5}: so many threads "reborn-N", so many of them at once, that park for so many ms each.
     * All that are there at once have the tids of those before them, as far as nobody else takes them, which needs a
     * PID namespace of its own. Prints {@code reborn MS with N tids}.
     */
    static void reborn(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        int atOnce = Integer.parseInt(arguments[1]);
        long ns = Long.parseLong(arguments[2]) * 1_000_000;
        Path lastPid = Path.of("/proc/sys/kernel/ns_last_pid");
        String before = Files.readString(lastPid).strip();
        Set<String> tids = ConcurrentHashMap.newKeySet();
        long beganNs = System.nanoTime();
        for (int born = 0; born < count; born += atOnce) {
            Files.writeString(lastPid, before);
            Set<String> now = ConcurrentHashMap.newKeySet();
            List<Thread> threads = new ArrayList<>();
            for (int i = 1; i <= atOnce; i++) {
                threads.add(Scenes.start("reborn-" + (born + i), () -> {
                    now.add(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
                    long endNs = System.nanoTime() + ns;
                    while (System.nanoTime() - endNs < 0) {
                        LockSupport.parkNanos(endNs - System.nanoTime());
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (String tid : now) {
                // Java says earlier than the kernel that it has ended.
                while (Files.exists(Path.of("/proc/self/task", tid))) {
                    Thread.onSpinWait();
                }
            }
            tids.addAll(now);
        }
        System.out.println("reborn " + (System.nanoTime() - beganNs) / 1_000_000 + " with " + tids.size() + " tids");
    }

    /** {@code brief 23}: so many threads that live for a millisecond: "brief a", "brief b" ... */
    static void brief(String[] arguments) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            threads.add(Scenes.start("brief " + (char) ('a' + i), () -> {
                long endNs = System.nanoTime() + 1_000_000;
                while (System.nanoTime() < endNs) {
                    Thread.onSpinWait();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
