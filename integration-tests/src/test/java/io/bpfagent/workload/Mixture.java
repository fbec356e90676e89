package io.bpfagent.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that run, wait for a CPU, hand over to each other and sleep, in rounds; between two rounds all
 * of them are blocked, so that nothing of theirs changes while the tests look.
 */
final class Mixture {
    private static final List<Worker> WORKERS = new ArrayList<>();
    private static volatile long sink;

    private Mixture() {}

    /** {@code mixed 3000}: one round of so many ms; the first makes the threads. */
    static synchronized void mixed(String[] arguments) throws InterruptedException {
        if (WORKERS.isEmpty()) {
            int busy = 2 * Runtime.getRuntime().availableProcessors();
            for (int i = 1; i <= busy; i++) {
                WORKERS.add(new Worker("mixed busy-" + i, worker -> compute()));
            }
            for (int i = 1; i <= 3; i++) {
                Worker first = new Worker("mixed first-" + i, worker -> worker.handOver());
                Worker second = new Worker("mixed second-" + i, worker -> worker.handOver());
                first.partner = second;
                second.partner = first;
                WORKERS.addAll(List.of(first, second));
            }
            for (int i = 1; i <= 3; i++) {
                WORKERS.add(new Worker("mixed sleeper-" + i, worker -> Thread.sleep(1)));
            }
        }
        long endNs = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
        CountDownLatch ended = new CountDownLatch(WORKERS.size());
        WORKERS.forEach(worker -> worker.begin(endNs, ended));
        ended.await();
        for (Worker worker : WORKERS) {
            while (worker.thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
        Thread.sleep(20);
    }

    private static void compute() {
        long value = sink;
        for (int i = 0; i < 100_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        sink = value;
    }

    /** One thing that a worker does over and over. */
    @FunctionalInterface
    private interface Step {
        void run(Worker worker) throws InterruptedException;
    }

    private static final class Worker {
        private final Step step;
        private final Thread thread;
        private Worker partner;
        private long endNs;
        private CountDownLatch ended;

        Worker(String name, Step step) {
            this.step = step;
            thread = Scenes.start(name, this::work);
        }

        synchronized void begin(long roundEndNs, CountDownLatch roundEnded) {
            endNs = roundEndNs;
            ended = roundEnded;
            notify();
        }

        private void work() throws InterruptedException {
            while (true) {
                CountDownLatch round;
                long until;
                synchronized (this) {
                    while (ended == null) {
                        wait();
                    }
                    round = ended;
                    until = endNs;
                    ended = null;
                }
                while (System.nanoTime() < until) {
                    step.run(this);
                }
                round.countDown();
            }
        }

        private void handOver() {
            LockSupport.unpark(partner.thread);
            // Timed: at a round's end the partner may be gone already.
            LockSupport.parkNanos(10_000_000);
        }
    }
}
