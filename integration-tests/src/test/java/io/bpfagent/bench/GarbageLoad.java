package io.bpfagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Threads that compute and allocate, so that the garbage collector has as much to do as stdin says.
 *
 * <p>Lines on stdin: {@code bytes N} sets how much each piece of work allocates; {@code count N} is answered
 * by {@code count N PIECES COLLECTIONS NANOTIME}. Ends when stdin is closed.
 */
public final class GarbageLoad {
    private static final int OBJECT_BYTES = 1_000;
    /** What a thread holds at a time: what the collector finds alive, 1 MB. */
    private static final int HELD = 1_000;

    private static final LongAdder PIECES = new LongAdder();
    private static volatile int bytesPerPiece = 10_000;
    private static volatile double sink;

    private GarbageLoad() {}

    /** @param args how many threads */
    public static void main(String[] args) throws IOException {
        for (int i = 1; i <= Integer.parseInt(args[0]); i++) {
            Thread thread = new Thread(GarbageLoad::work, "mutator-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("bytes ")) {
                bytesPerPiece = Integer.parseInt(line.substring("bytes ".length()));
                System.out.println("done " + line);
            } else {
                long collections = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
                System.out.println(line + " " + PIECES.sum() + " " + collections + " " + System.nanoTime());
            }
        }
    }

    private static void work() {
        List<byte[]> held = new ArrayList<>();
        double value = 1;
        for (int next = 0; true; next = (next + 1) % HELD) {
            for (int left = bytesPerPiece; left > 0; left -= OBJECT_BYTES) {
                byte[] object = new byte[Math.min(left, OBJECT_BYTES)];
                if (held.size() < HELD) {
                    held.add(object);
                } else {
                    held.set(next, object);
                }
            }
            for (int i = 0; i < 5_000; i++) {
                value = Math.sqrt(value + i);
            }
            sink = value;
            PIECES.increment();
        }
    }
}
