package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Pairs of threads that hand a turn to each other by park and unpark, and threads that compute: while
 * stdin says so. In between all of them are parked, so that two who count begin and end at the same event.
 *
 * <p>Lines on stdin: {@code go}, {@code stop}, {@code count N}; answered by {@code going},
 * {@code stopped}, {@code count N HANDOVERS NANOTIME}. Ends when stdin is closed.
 */
public final class Load {
    private static final List<Thread> THREADS = new ArrayList<>();
    private static final LongAdder HANDOVERS = new LongAdder();
    private static volatile boolean going;

    private Load() {}

    /** A pair; the turn is its owner's. */
    private static final class Pair {
        private volatile Thread owner;
        private final Thread[] threads = new Thread[2];
    }

    /** @param args how many pairs, and how many threads that compute */
    public static void main(String[] args) throws IOException {
        for (int i = 1; i <= Integer.parseInt(args[0]); i++) {
            Pair pair = new Pair();
            for (int side = 0; side < 2; side++) {
                int other = 1 - side;
                pair.threads[side] = thread("handover-" + i + "-" + side, () -> handOver(pair, other));
            }
            pair.owner = pair.threads[0];
        }
        for (int i = 1; i <= Integer.parseInt(args[1]); i++) {
            thread("computer-" + i, Load::compute);
        }
        THREADS.forEach(Thread::start);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line));
        }
    }

    private static String answer(String line) {
        switch (line) {
            case "go":
                going = true;
                THREADS.forEach(LockSupport::unpark);
                return "going";
            case "stop":
                going = false;
                return "stopped";
            default:
                return line + " " + HANDOVERS.sum() + " " + System.nanoTime();
        }
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        THREADS.add(thread);
        return thread;
    }

    private static void handOver(Pair pair, int other) {
        Thread self = Thread.currentThread();
        while (true) {
            while (pair.owner != self || !going) {
                LockSupport.park(pair);
            }
            pair.owner = pair.threads[other];
            HANDOVERS.increment();
            LockSupport.unpark(pair.threads[other]);
        }
    }

    private static void compute() {
        double value = 1;
        while (true) {
            while (!going) {
                LockSupport.park(Load.class);
            }
            for (int i = 0; i < 100_000; i++) {
                value = Math.sqrt(value + i);
            }
        }
    }
}
