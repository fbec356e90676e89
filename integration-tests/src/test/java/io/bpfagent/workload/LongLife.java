package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;

/**
 * An application that goes on for months, in short: it collects garbage, writes a file to its disk, looks up names
 * and looks for classes that do not exist, all the time, and has an MBean server. The line {@code weigh} on stdin
 * makes it print what it holds, {@code calls} how often {@link OtherAgent} has been called.
 */
public final class LongLife {
    private static final int PACE_MS = 20;
    private static final int KIB = 1024;

    private LongLife() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        // Every look-up is to reach the C library.
        Security.setProperty("networkaddress.cache.ttl", "0");
        ManagementFactory.getPlatformMBeanServer();
        Path file = Files.createTempFile("long-life", ".tmp");
        file.toFile().deleteOnExit();
        start("collector", LongLife::collect);
        start("syncer", () -> sync(file));
        start("resolver", LongLife::resolve);
        start("seeker", LongLife::seek);
        answer("", () -> { });
    }

    /** What is done when a line comes. */
    @FunctionalInterface
    interface Begin {
        void run() throws IOException;
    }

    /** Prints {@code begin}, then answers stdin until it ends or {@code end} comes; the line {@code go} with that. */
    static void answer(String go, Begin begin) throws IOException {
        System.out.println("begin");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int weighed = 0;
        int asked = 0;
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            if (line.equals("weigh")) {
                weighed++;
                System.out.println("weight " + weighed + " " + weigh());
            } else if (line.equals("calls")) {
                asked++;
                System.out.println("calls " + asked + " " + Integer.getInteger("other.agent.calls", 0));
            } else if (line.equals(go)) {
                begin.run();
            }
        }
        System.out.println("end");
    }

    /** What a thread does again and again. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    static void start(String name, Step step) {
        Thread thread = new Thread(() -> repeat(step), name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void repeat(Step step) {
        try {
            while (true) {
                step.run();
                Thread.sleep(PACE_MS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect() throws InterruptedException {
        System.gc();
        Thread.sleep(3 * PACE_MS);
    }

    private static void sync(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(1);
            file.getFD().sync();
        }
    }

    static void resolve() throws IOException {
        InetAddress.getByName("localhost");
    }

    /** Applications do so: for optional libraries, translated messages, services. */
    private static void seek() {
        try {
            Class.forName("no.such.Class");
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new IllegalStateException("there is a no.such.Class");
    }

    /** Classes, and KiB of metaspace and heap, that are in use after a collection that unloads classes. */
    private static String weigh() {
        System.gc();
        System.gc();
        long metaspace = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            metaspace += pool.getName().equals("Metaspace") ? pool.getUsage().getUsed() : 0;
        }
        return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() + " " + metaspace / KIB + " "
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / KIB;
    }
}
