package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Does one thing so many times a second, evenly: up to a thousand times a second each by itself, beyond that in a burst
 * each millisecond. {@code handover}: as many pairs of threads as the machine has CPUs hand a turn over and back by
 * park and unpark. {@code park}: one thread parks with the permit already there, which does not wait and passes
 * HotSpot's probes of it.
 *
 * <p>Lines on stdin: {@code rate N RATE}, 0 is as often as possible, and {@code count N}; answered by the same line, of
 * a count with how often it was done since the rate was set, with the nanoseconds that have passed since, and with the
 * median of what one took, in picoseconds. Ends when stdin is closed.
 */
public final class RateLoad {
    private static final int BURSTS_PER_SECOND = 1_000;
    /** As often as possible: so many between two looks at the clock. */
    private static final int UNPACED = 1_000;
    private static final int KEPT = 1 << 12;

    private static final List<Worker> WORKERS = new ArrayList<>();
    private static volatile double rate = -1;

    private RateLoad() {}

    /** @param args {@code handover} or {@code park} */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "handover":
                for (int i = 1; i <= Runtime.getRuntime().availableProcessors(); i++) {
                    Pair pair = new Pair();
                    start("partner-" + i, pair::answer);
                    WORKERS.add(new Worker(pair::handOverAndBack));
                }
                break;
            case "park":
                WORKERS.add(new Worker(RateLoad::park));
                break;
            default:
                throw new IllegalArgumentException("handover or park, got " + args[0]);
        }
        WORKERS.forEach(worker -> start("worker", worker::work));
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("rate")) {
                rate = Double.parseDouble(words[2]) / WORKERS.size();
                WORKERS.forEach(Worker::beginAnew);
                System.out.println(line);
            } else {
                System.out.println(line + " " + count());
            }
        }
    }

    private static String count() {
        long done = 0;
        long fromNs = Long.MAX_VALUE;
        long[] tookPs = {};
        for (Worker worker : WORKERS) {
            done += worker.done;
            fromNs = Math.min(fromNs, worker.fromNs);
            int before = tookPs.length;
            int kept = Math.min(KEPT, worker.bursts);
            tookPs = Arrays.copyOf(tookPs, before + kept);
            System.arraycopy(worker.tookPs, 0, tookPs, before, kept);
        }
        Arrays.sort(tookPs);
        return done + " " + (System.nanoTime() - fromNs) + " " + (tookPs.length == 0 ? 0 : tookPs[tookPs.length / 2]);
    }

    private static void park() {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The turn is one side's or the other's. */
    private static final class Pair {
        private volatile Thread worker;
        private volatile Thread partner;
        private volatile boolean isPartnersTurn;

        void answer() {
            partner = Thread.currentThread();
            while (true) {
                while (!isPartnersTurn) {
                    LockSupport.park();
                }
                isPartnersTurn = false;
                LockSupport.unpark(worker);
            }
        }

        void handOverAndBack() {
            worker = Thread.currentThread();
            isPartnersTurn = true;
            LockSupport.unpark(partner);
            while (isPartnersTurn) {
                LockSupport.park();
            }
        }
    }

    /** Does it at its part of the rate. What it counts is written by its own thread alone. */
    private static final class Worker {
        private final Runnable task;
        private final long[] tookPs = new long[KEPT];
        private volatile boolean isNew = true;
        private volatile long done;
        private volatile long fromNs = System.nanoTime();
        private volatile int bursts;

        Worker(Runnable task) {
            this.task = task;
        }

        void beginAnew() {
            isNew = true;
        }

        void work() {
            long dueNs = System.nanoTime();
            while (true) {
                double perSecond = rate;
                long nowNs = System.nanoTime();
                if (isNew) {
                    isNew = false;
                    done = 0;
                    bursts = 0;
                    fromNs = nowNs;
                    dueNs = nowNs;
                }
                if (perSecond < 0) {
                    LockSupport.parkNanos(1_000_000);
                } else if (perSecond == 0) {
                    burst(UNPACED);
                } else if (nowNs < dueNs) {
                    LockSupport.parkNanos(dueNs - nowNs);
                } else {
                    int times = (int) Math.max(1, Math.round(perSecond / BURSTS_PER_SECOND));
                    burst(times);
                    // What could not be done in time is not made up for.
                    dueNs = Math.max(dueNs + (long) (times * 1e9 / perSecond), nowNs);
                }
            }
        }

        private void burst(int times) {
            long beganNs = System.nanoTime();
            for (int i = 0; i < times; i++) {
                task.run();
            }
            tookPs[bursts % KEPT] = (System.nanoTime() - beganNs) * 1_000 / times;
            bursts = bursts + 1;
            done = done + times;
        }
    }
}
