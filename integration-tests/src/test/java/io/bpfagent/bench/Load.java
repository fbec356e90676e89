package io.bpfagent.bench;

import io.bpfagent.boot.ContextRuntime;
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
 *
 * <p>{@code contexts each}: from now on each handover is a context; {@code long}: a thread is in one for a hundred of
 * them; {@code none}: in none. The agent must then have been there with contexts.
 */
public final class Load {
    private static final List<Thread> THREADS = new ArrayList<>();
    private static final LongAdder HANDOVERS = new LongAdder();
    private static final int LONG = 100;
    private static volatile boolean going;
    /** After so many handovers a thread begins a context anew; 0: never. */
    private static volatile int handoversOfContext;

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
            case "contexts none":
                handoversOfContext = 0;
                return line;
            case "contexts long":
                handoversOfContext = LONG;
                return line;
            case "contexts each":
                handoversOfContext = 1;
                return line;
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
            int handovers = handoversOfContext;
            if (handovers == 0) {
                handOver(pair, other, self);
            } else {
                handOverInContext(pair, other, self, handovers);
            }
        }
    }

    /** Apart, since there is no such class before an agent with contexts has come. */
    private static void handOverInContext(Pair pair, int other, Thread self, int handovers) {
        long before = ContextRuntime.enter(ContextRuntime.context(ContextRuntime.TASK, "handover"));
        for (int i = 0; i < handovers; i++) {
            handOver(pair, other, self);
        }
        ContextRuntime.leave(before);
    }

    private static void handOver(Pair pair, int other, Thread self) {
        while (pair.owner != self || !going) {
            LockSupport.park(pair);
        }
        pair.owner = pair.threads[other];
        HANDOVERS.increment();
        LockSupport.unpark(pair.threads[other]);
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
