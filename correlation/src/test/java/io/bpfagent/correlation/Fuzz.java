package io.bpfagent.correlation;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Rounds with memory that makes no sense, each with a seed of its own. What fails says which it was, and
 * {@code mvn test -Dfuzz.seed=SEED -Dtest=...} plays that round alone.
 */
public final class Fuzz {
    /** A round takes some 100 ms. */
    private static final Duration ENDLESS = Duration.ofSeconds(60);
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long[] EDGES = {0, 1, -1, 2, Byte.MAX_VALUE, Byte.MIN_VALUE, 0xff, 0x100, Short.MAX_VALUE,
        Short.MIN_VALUE, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff_ffffL, 1L << 32, 1L << 48,
        1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1};

    private Fuzz() {}

    /** One round. */
    public interface Round {
        /** Plays it with what this gives. @return how many inputs it had */
        long play(RandomGenerator random) throws Exception;
    }

    /** Plays rounds until they have had so many inputs; seeds are new each time. */
    public static void play(long inputs, Round round) {
        Long only = Long.getLong("fuzz.seed");
        if (only != null) {
            playOne(only, round);
            return;
        }
        long played = 0;
        for (long seed = System.nanoTime(); played < inputs; seed++) {
            played += playOne(seed, round);
        }
    }

    private static long playOne(long seed, Round round) {
        FutureTask<Long> task = new FutureTask<>(() -> round.play(new SplittableRandom(seed)));
        Thread thread = new Thread(task, "fuzz");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(ENDLESS.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed with -Dfuzz.seed=" + seed + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            AssertionError endless = new AssertionError("does not end with -Dfuzz.seed=" + seed);
            endless.setStackTrace(thread.getStackTrace());
            throw endless;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All of it is anything. */
    public static void noise(RandomGenerator random, ByteBuffer memory) {
        for (int at = 0; at + Long.BYTES <= memory.capacity(); at += Long.BYTES) {
            memory.putLong(at, random.nextLong());
        }
    }

    /**
     * Changes one thing between {@code from} and {@code to}, as what is broken is: a bit, a byte, a number that is the
     * least or the most that there is, one that is a bit more or less, or what stands elsewhere.
     */
    public static void mutate(RandomGenerator random, ByteBuffer memory, int from, int to) {
        int at = from + random.nextInt(to - from);
        int bytes = 1 << random.nextInt(4);
        int word = Math.max(from, at & -bytes);
        if (word + bytes > to) {
            bytes = 1;
            word = at;
        }
        switch (random.nextInt(6)) {
            case 0 -> memory.put(at, (byte) (memory.get(at) ^ 1 << random.nextInt(Byte.SIZE)));
            case 1 -> memory.put(at, (byte) random.nextInt());
            case 2 -> put(memory, word, bytes, EDGES[random.nextInt(EDGES.length)]);
            case 3 -> put(memory, word, bytes, get(memory, word, bytes) + random.nextInt(-35, 36));
            case 4 -> put(memory, word, bytes, random.nextLong());
            default -> put(memory, word, bytes, get(memory, random.nextInt(memory.capacity() - bytes + 1), bytes));
        }
    }

    private static void put(ByteBuffer memory, int at, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            memory.put(at + i, (byte) (value >>> i * Byte.SIZE));
        }
    }

    private static long get(ByteBuffer memory, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) Byte.toUnsignedInt(memory.get(at + i)) << i * Byte.SIZE;
        }
        return value;
    }

    /** What reads one input. */
    public interface Input {
        void read() throws Exception;
    }

    /** Reads it, and fails when that has allocated more than so many bytes on this thread, garbage and all. */
    public static void allocating(long mostBytes, Input input) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        input.read();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > mostBytes) {
            throw new AssertionError(allocated + " bytes were allocated, at most " + mostBytes + " are expected");
        }
    }

    /** What is reachable, and hardly anything else; bytes. */
    public static long reachableBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
