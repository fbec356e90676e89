package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Does one thing all the time: parks, allocates, or enters a monitor that another thread has.
 *
 * <p>Lines on stdin: {@code count N}, answered by {@code count N EVENTS CPU}, with the CPU time of the threads that
 * do it in ns. Ends when stdin is closed.
 */
public final class EventLoad {
    private static final Object MONITOR = new Object();
    private static final List<Thread> THREADS = new ArrayList<>();

    /** Written by one thread at a time. */
    private static volatile long events;
    private static volatile Thread holder;
    private static volatile Object sink;

    private EventLoad() {}

    /** @param args {@code park}, {@code allocate} or {@code contend} */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "park":
                start(new Thread(EventLoad::park, "parker"));
                break;
            case "allocate":
                start(new Thread(EventLoad::allocate, "allocator"));
                break;
            case "contend":
                Thread[] contenders = new Thread[2];
                contenders[0] = new Thread(() -> contend(contenders[1]), "contender-1");
                contenders[1] = new Thread(() -> contend(contenders[0]), "contender-2");
                start(contenders);
                break;
            default:
                throw new IllegalArgumentException("one of park, allocate, contend, got " + args[0]);
        }
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            long cpuNs = THREADS.stream().mapToLong(thread -> bean.getThreadCpuTime(thread.getId())).sum();
            System.out.println(line + " " + events + " " + cpuNs);
        }
    }

    private static void start(Thread... threads) {
        for (Thread thread : threads) {
            THREADS.add(thread);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The permit is there: what is measured is the call, not a wait. */
    private static void park() {
        Thread self = Thread.currentThread();
        for (long done = 0; true; done++) {
            LockSupport.unpark(self);
            LockSupport.park();
            events = done;
        }
    }

    private static void allocate() {
        for (long done = 0; true; done++) {
            sink = new Object();
            events = done;
        }
    }

    /** Each has the monitor until the other is blocked on it, and wants it again when the other has it. */
    private static void contend(Thread other) {
        Thread self = Thread.currentThread();
        while (true) {
            synchronized (MONITOR) {
                holder = self;
                while (other.getState() != Thread.State.BLOCKED) {
                    Thread.yield();
                }
                events = events + 1;
            }
            while (holder == self) {
                Thread.yield();
            }
        }
    }
}
