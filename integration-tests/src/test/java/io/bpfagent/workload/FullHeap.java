package io.bpfagent.workload;

import java.util.ArrayList;
import java.util.List;

/** An application that runs out of heap, lives on, and does so again. Prints the same in every run. */
public final class FullHeap {
    private static final int TIMES = 5;
    private static final long HOLD_MS = 200;
    private static final int LEAST_BYTES = 16;

    private FullHeap() {}

    /** @param args {@code now}, or {@code later}: after the first line on stdin */
    public static void main(String[] args) throws Exception {
        // JDK 25 makes a class of its own for the first sleep, and prints on stdout when there is no room for it.
        Thread.sleep(1);
        System.out.println("begin");
        if (args[0].equals("later")) {
            System.in.read();
        }
        for (int i = 1; i <= TIMES; i++) {
            fill();
            System.out.println("full " + i);
        }
        Errand.untilEnd();
        System.out.println("end");
    }

    /** Holds every byte of the heap for a while, so that whoever else allocates gets an error. */
    private static void fill() throws InterruptedException {
        List<byte[]> held = new ArrayList<>(100_000);
        for (int bytes = 1 << 20; bytes >= LEAST_BYTES; bytes /= 2) {
            try {
                while (true) {
                    held.add(new byte[bytes]);
                }
            } catch (OutOfMemoryError e) {
                // now with less
            }
        }
        Thread.sleep(HOLD_MS);
    }
}
