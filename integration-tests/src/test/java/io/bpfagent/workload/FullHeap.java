package io.bpfagent.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An application that runs out of heap, lives on, and does so again. Prints the same in every run. */
public final class FullHeap {
    private static final int TIMES = 5;
    private static final long HOLD_MS = 200;
    private static final int LEAST_BYTES = 16;
    private static final int MOST_ARRAYS = 100_000;

    private FullHeap() {}

    /**
     * Fills it.
     *
     * @param args {@code now}; {@code later}: after the first line on stdin; or {@code held}: after the first line, and
     *     then it stays full until the second one
     */
    public static void main(String[] args) throws Exception {
        // JDK 25 makes a class of its own for the first sleep, and prints on stdout when there is no room for it.
        Thread.sleep(1);
        System.out.println("begin");
        boolean held = args[0].equals("held");
        if (held || args[0].equals("later")) {
            System.in.read();
        }
        for (int i = 1; i <= TIMES; i++) {
            fill(held && i == 1);
            System.out.println("full " + i);
        }
        Errand.untilEnd();
        System.out.println("end");
    }

    /**
     * Holds every byte of the heap for a while, so that whoever else allocates gets an error.
     *
     * @param untilTold whether for as long as there is nothing on stdin, with all that others give back meanwhile
     */
    private static void fill(boolean untilTold) throws IOException, InterruptedException {
        List<byte[]> held = new ArrayList<>(MOST_ARRAYS);
        do {
            take(held);
            hold();
        } while (untilTold && !isTold());
    }

    /** The JDK, too, may want memory for that. */
    private static boolean isTold() throws IOException {
        try {
            return System.in.available() > 0;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static void hold() throws InterruptedException {
        try {
            Thread.sleep(HOLD_MS);
        } catch (OutOfMemoryError e) {
            // then it is full for less long
        }
    }

    private static void take(List<byte[]> held) {
        for (int bytes = 1 << 20; bytes >= LEAST_BYTES; bytes /= 2) {
            try {
                while (true) {
                    held.add(new byte[bytes]);
                }
            } catch (OutOfMemoryError e) {
                // now with less
            }
        }
    }
}
