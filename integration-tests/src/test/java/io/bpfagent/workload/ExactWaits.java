package io.bpfagent.workload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that wait for 50 ms, each for one reason, as often as they are told.
 *
 * <p>Their start and their end, in which they wait for HotSpot's own locks and for the thread that
 * started them, are kept apart from what is counted: before and after they are in short sleeps.
 */
final class ExactWaits {
    private static final long WAIT_MS = 50;
    private static final long SHORT_MS = 2;

    private static final CountDownLatch READY = new CountDownLatch(4);
    private static final CountDownLatch OVER = new CountDownLatch(4);
    private static volatile int times;

    private ExactWaits() {}

    /** {@code prepare}: starts "exact sleeper", "exact parker", "exact waiter", "exact contender" and their helpers. */
    static void prepare(String[] arguments) throws InterruptedException {
        Scenes.start("exact sleeper", () -> between(() -> {
            for (int i = 0; i < times; i++) {
                Thread.sleep(WAIT_MS);
            }
        }));
        Scenes.start("exact parker", () -> between(() -> {
            for (int i = 0; i < times; i++) {
                LockSupport.parkNanos(WAIT_MS * 1_000_000);
            }
        }));
        Scenes.start("exact waiter", () -> between(() -> {
            Object monitor = new Object();
            synchronized (monitor) {
                for (int i = 0; i < times; i++) {
                    monitor.wait(WAIT_MS);
                }
            }
        }));
        new Contention().start();
        READY.await();
    }

    /** {@code exact 23}: each of them waits so many times. */
    static void exact(String[] arguments) throws InterruptedException {
        times = Integer.parseInt(arguments[0]);
        OVER.await();
    }

    private static void between(Scenes.Body body) throws Exception {
        READY.countDown();
        while (times == 0) {
            Thread.sleep(SHORT_MS);
        }
        body.run();
        OVER.countDown();
        while (true) {
            Thread.sleep(SHORT_MS);
        }
    }

    /**
     * One thread enters a monitor as often as it is told, each time while another holds it for 50 ms
     * more.
     *
     * <p>HotSpot 17 makes the first in the queue of a monitor look again after 1, 8, 64 ms ..., so its
     * wait is split. Another thread, the decoy, therefore queues first; who comes after it waits in one
     * piece, and is the next to get the monitor, since the last comes first.
     */
    private static final class Contention {
        private final Object monitor = new Object();
        private volatile Thread decoy;
        private volatile Thread contender;
        /** Rounds that the holder has begun, and that the other two have ended. */
        private volatile int held;
        private volatile int decoyed;
        private volatile int entered;

        void start() {
            decoy = Scenes.start("monitor decoy", this::decoy);
            contender = Scenes.start("exact contender", () -> between(this::contend));
            Scenes.start("monitor holder", this::hold);
        }

        private void hold() throws InterruptedException {
            for (int round = 1; round <= times || times == 0; round++) {
                while (times == 0) {
                    Thread.sleep(SHORT_MS);
                }
                synchronized (monitor) {
                    held = round;
                    while (contender.getState() != Thread.State.BLOCKED) {
                        Thread.sleep(SHORT_MS);
                    }
                    Thread.sleep(WAIT_MS);
                }
                while (entered < round || decoyed < round) {
                    Thread.sleep(SHORT_MS);
                }
            }
        }

        private void decoy() throws InterruptedException {
            for (int round = 1; round <= times || times == 0; round++) {
                while (held < round) {
                    Thread.sleep(SHORT_MS);
                }
                synchronized (monitor) {
                    decoyed = round;
                }
            }
        }

        private void contend() throws InterruptedException {
            for (int round = 1; round <= times; round++) {
                while (held < round || decoy.getState() != Thread.State.BLOCKED) {
                    Thread.sleep(SHORT_MS);
                }
                synchronized (monitor) {
                    entered = round;
                }
            }
        }
    }
}
