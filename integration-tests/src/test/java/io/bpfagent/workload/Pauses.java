package io.bpfagent.workload;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What makes the JVM stop all threads. */
final class Pauses {
    private static final int LIVE_ARRAYS = 2_000;
    private static final int COPIED_BYTES = 8 << 20;
    private static final Object[] LIVE = new Object[LIVE_ARRAYS];

    private static volatile Object sink;
    /** Beyond the reach of every optimization, so that what is kept in it stays. */
    private static volatile Object kept;

    private Pauses() {}

    /**
     * {@code pauses 3000}: for so many ms garbage, full collections, dumps of threads and searches for deadlocks;
     * meanwhile the thread "pauses copier" is sometimes late.
     */
    static void pauses(String[] arguments) throws InterruptedException {
        long endNs = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Thread copier = Scenes.start("pauses copier", () -> copyNowAndThen(endNs));
        for (int step = 1; System.nanoTime() < endNs; step++) {
            allocate(step);
            if (step % 5 == 0) {
                threads.findDeadlockedThreads();
            }
            if (step % 3 == 0) {
                sink = Thread.getAllStackTraces();
            }
            if (step % 10 == 0) {
                System.gc();
            }
            Thread.sleep(2);
        }
        copier.join();
    }

    /** About 4 MB, of which something lives on for a while. */
    private static void allocate(int step) {
        for (int i = 0; i < 400; i++) {
            byte[] array = new byte[(step + i * 1009) % 20_000];
            sink = array;
            if (i % 40 == 0) {
                LIVE[(step * 10 + i / 40) % LIVE_ARRAYS] = array;
            }
        }
    }

    /** A copy of an array has no safepoint in it. */
    private static void copyNowAndThen(long endNs) throws InterruptedException {
        byte[] from = new byte[COPIED_BYTES];
        byte[] to = new byte[COPIED_BYTES];
        while (System.nanoTime() < endNs) {
            System.arraycopy(from, 0, to, 0, COPIED_BYTES);
            Thread.sleep(3);
        }
        sink = to;
    }

    /** {@code live 60}: from now on so many MB of small objects live, in many lists. */
    static void live(String[] arguments) {
        int nodes = (Integer.parseInt(arguments[0]) << 20) / Node.BYTES;
        Node[] lists = new Node[10_000];
        for (int i = 0; i < nodes; i++) {
            lists[i % lists.length] = new Node(lists[i % lists.length]);
        }
        kept = lists;
    }

    /** {@code collections 3}: so many full collections, one after the other. */
    static void collections(String[] arguments) {
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            System.gc();
        }
    }

    /** {@code storm 3000}: for so many ms one pause follows the other, one in 50 of them a full collection. */
    static void storm(String[] arguments) {
        long endNs = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000;
        for (int i = 1; System.nanoTime() < endNs; i++) {
            if (i % 50 == 0) {
                System.gc();
            } else {
                sink = Thread.getAllStackTraces();
            }
        }
    }

    /** {@code dumps 23}: the threads are dumped so many times, one after the other. */
    static void dumps(String[] arguments) {
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            sink = Thread.getAllStackTraces();
        }
    }

    private static final class Node {
        /** A header, and one compressed reference. */
        static final int BYTES = 16;
        private final Node next;

        Node(Node next) {
            this.next = next;
        }
    }
}
