package io.bpfagent.workload;

import java.util.concurrent.locks.LockSupport;

/** Waits of 50 ms, each for one reason, as many as the argument says. */
final class ExactWaits {
    private static final long WAIT_MS = 50;

    private ExactWaits() {}

    /** {@code sleeps 23}: by the thread "exact sleeper". */
    static void sleeps(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("exact sleeper", () -> {
            for (int i = 0; i < times; i++) {
                Thread.sleep(WAIT_MS);
            }
        }).join();
    }

    /** {@code parks 23}: by the thread "exact parker". */
    static void parks(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("exact parker", () -> {
            for (int i = 0; i < times; i++) {
                LockSupport.parkNanos(WAIT_MS * 1_000_000);
            }
        }).join();
    }

    /** {@code waits 23}: by the thread "exact waiter". */
    static void waits(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("exact waiter", () -> {
            Object monitor = new Object();
            synchronized (monitor) {
                for (int i = 0; i < times; i++) {
                    monitor.wait(WAIT_MS);
                }
            }
        }).join();
    }

    /** {@code monitors 23}: by the thread "exact contender". */
    static void monitors(String[] arguments) throws InterruptedException {
        new Contention(Integer.parseInt(arguments[0])).play();
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
        private static final long LOOK_MS = 1;

        private final int times;
        private final Object monitor = new Object();
        /** Rounds that the holder, the decoy and the contender have begun or ended. */
        private volatile int held;
        private volatile int decoyed;
        private volatile int entered;

        Contention(int times) {
            this.times = times;
        }

        void play() throws InterruptedException {
            Thread decoy = Scenes.start("monitor decoy", this::decoy);
            Thread contender = Scenes.start("exact contender", () -> contend(decoy));
            Thread holder = Scenes.start("monitor holder", () -> hold(contender));
            contender.join();
            decoy.join();
            holder.join();
        }

        private void hold(Thread contender) throws InterruptedException {
            for (int round = 1; round <= times; round++) {
                synchronized (monitor) {
                    held = round;
                    while (contender.getState() != Thread.State.BLOCKED) {
                        Thread.sleep(LOOK_MS);
                    }
                    Thread.sleep(WAIT_MS);
                }
                while (entered < round || decoyed < round) {
                    Thread.sleep(LOOK_MS);
                }
            }
        }

        private void decoy() throws InterruptedException {
            for (int round = 1; round <= times; round++) {
                while (held < round) {
                    Thread.sleep(LOOK_MS);
                }
                synchronized (monitor) {
                    decoyed = round;
                }
            }
        }

        private void contend(Thread decoy) throws InterruptedException {
            for (int round = 1; round <= times; round++) {
                while (held < round || decoy.getState() != Thread.State.BLOCKED) {
                    Thread.sleep(LOOK_MS);
                }
                synchronized (monitor) {
                    entered = round;
                }
            }
        }
    }
}
