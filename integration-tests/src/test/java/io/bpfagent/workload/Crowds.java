package io.bpfagent.workload;

import java.util.ArrayList;
import java.util.List;
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
