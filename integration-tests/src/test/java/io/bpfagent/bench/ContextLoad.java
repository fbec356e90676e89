package io.bpfagent.bench;

import io.bpfagent.boot.ContextRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * A thread that begins and ends contexts, and nothing else: what a pair takes.
 *
 * <p>A line on stdin: {@code alone N}, {@code fenced N}, {@code two N}, {@code nested N}, {@code apart N}: so many ms;
 * answered by {@code NAME N NS BYTES}, of a pair and without what the loop itself takes. Ends when stdin is closed. The
 * agent must be on, with contexts.
 */
public final class ContextLoad {
    private static final int PAIRS = 100_000;
    private static final int STEPS_APART = 1_500;
    private static final int ROUNDS_MS = 20;

    private static final VarHandle SINK = sink();

    private static double sink;
    private static int first;
    private static int second;

    private ContextLoad() {}

    /** What is measured. */
    private interface Body {
        void run(int pairs);
    }

    private static VarHandle sink() {
        try {
            return MethodHandles.lookup().findStaticVarHandle(ContextLoad.class, "sink", double.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** @param args none */
    public static void main(String[] args) throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            first = ContextRuntime.context(ContextRuntime.METHOD, "first");
            second = ContextRuntime.context(ContextRuntime.METHOD, "second");
            System.out.println(line + " " + measured(words[0], Long.parseLong(words[1])));
        }
    }

    private static String measured(String name, long ms) {
        return switch (name) {
            case "alone" -> measured(ContextLoad::alone, ContextLoad::nothing, 1, PAIRS, ms);
            case "fenced" -> measured(ContextLoad::fenced, ContextLoad::fence, 1, PAIRS, ms);
            case "two" -> measured(ContextLoad::two, ContextLoad::nothing, 2, PAIRS, ms);
            case "nested" -> measured(ContextLoad::nested, ContextLoad::nothing, 2, PAIRS, ms);
            default -> measured(ContextLoad::apart, ContextLoad::steps, 1, PAIRS / 100, ms);
        };
    }

    private static String measured(Body body, Body empty, int pairsOfOne, int times, long ms) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        double with = Double.MAX_VALUE;
        double without = Double.MAX_VALUE;
        long end = System.nanoTime() + ms * 1_000_000;
        long allocated = 0;
        while (System.nanoTime() < end) {
            // By turns, and the least of some: the machine has other things to do as well.
            long bytes = threads.getCurrentThreadAllocatedBytes();
            with = Math.min(with, least(body, times));
            allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
            without = Math.min(without, least(empty, times));
        }
        return (with - without) / pairsOfOne + " " + allocated;
    }

    private static double least(Body body, int times) {
        double least = Double.MAX_VALUE;
        for (long end = System.nanoTime() + ROUNDS_MS * 1_000_000L, now = System.nanoTime(); now < end;) {
            body.run(times);
            long then = System.nanoTime();
            least = Math.min(least, (then - now) / (double) times);
            now = then;
        }
        return least;
    }

    /** Opaque stores: the loops do as many as they say, and nothing waits for them. */
    private static void nothing(int pairs) {
        for (int i = 0; i < pairs; i++) {
            SINK.setOpaque((double) i);
        }
    }

    private static void alone(int pairs) {
        for (int i = 0; i < pairs; i++) {
            long before = ContextRuntime.enter(first);
            SINK.setOpaque((double) i);
            ContextRuntime.leave(before);
        }
    }

    private static void fence(int pairs) {
        for (int i = 0; i < pairs; i++) {
            SINK.setVolatile((double) i);
        }
    }

    /** A fence in between: on x86 it waits until all that was stored before is out of the store buffer. */
    private static void fenced(int pairs) {
        for (int i = 0; i < pairs; i++) {
            long before = ContextRuntime.enter(first);
            SINK.setVolatile((double) i);
            ContextRuntime.leave(before);
        }
    }

    private static void two(int pairs) {
        for (int i = 0; i < pairs; i++) {
            long before = ContextRuntime.enter(first);
            SINK.setOpaque((double) i);
            ContextRuntime.leave(before);
            before = ContextRuntime.enter(second);
            ContextRuntime.leave(before);
        }
    }

    private static void nested(int pairs) {
        for (int i = 0; i < pairs; i++) {
            long before = ContextRuntime.enter(first);
            long inside = ContextRuntime.enter(second);
            SINK.setOpaque((double) i);
            ContextRuntime.leave(inside);
            ContextRuntime.leave(before);
        }
    }

    private static void steps(int pairs) {
        for (int i = 0; i < pairs; i++) {
            step();
        }
    }

    /** Some us of work in between, so that the clock is read each time. */
    private static void apart(int pairs) {
        for (int i = 0; i < pairs; i++) {
            long before = ContextRuntime.enter(first);
            step();
            ContextRuntime.leave(before);
        }
    }

    private static void step() {
        double value = (double) SINK.getOpaque();
        for (int i = 0; i < STEPS_APART; i++) {
            value = value * 0.999 + i;
        }
        SINK.setOpaque(value);
    }
}
