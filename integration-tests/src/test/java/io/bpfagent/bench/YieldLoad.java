package io.bpfagent.bench;

import io.bpfagent.boot.ContextRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Virtual threads that do nothing but yield to each other.
 *
 * <p>Lines on stdin: {@code go} and {@code stop}; {@code count N}, answered by {@code count N YIELDS CPU}, with the CPU
 * time of the process in ns. Ends when stdin is closed. Compiled for Java 17, which has no virtual threads: so by
 * reflection.
 */
public final class YieldLoad {
    private static final int BATCH = 1024;
    private static final int CACHE_LINE = 16;
    private static final long LOOK_NS = 5_000_000;
    private static AtomicLongArray yields;
    private static volatile boolean stopped = true;

    private YieldLoad() {}

    /** @param args how many of them; {@code contexts} if each is to be in one */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        int threads = Integer.parseInt(args[0]);
        boolean contexts = args.length > 1;
        yields = new AtomicLongArray((threads + 1) * CACHE_LINE);
        for (int i = 1; i <= threads; i++) {
            int number = i;
            Thread.class.getMethod("startVirtualThread", Runnable.class)
                    .invoke(null, (Runnable) () -> yieldForGood(number, contexts));
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        com.sun.management.OperatingSystemMXBean process =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("go") || line.equals("stop")) {
                stopped = line.equals("stop");
            } else {
                long sum = 0;
                for (int i = 1; i <= threads; i++) {
                    sum += yields.get(i * CACHE_LINE);
                }
                System.out.println(line + " " + sum + " " + process.getProcessCpuTime());
            }
        }
    }

    private static void yieldForGood(int number, boolean contexts) {
        boolean begun = false;
        while (true) {
            while (stopped) {
                LockSupport.parkNanos(LOOK_NS);
            }
            if (contexts && !begun) {
                ContextRuntime.enter(ContextRuntime.context(ContextRuntime.TASK, "yielding " + (number & 7)));
                begun = true;
            }
            for (int i = 0; i < BATCH; i++) {
                Thread.yield();
            }
            yields.lazySet(number * CACHE_LINE, yields.get(number * CACHE_LINE) + BATCH);
        }
    }
}
