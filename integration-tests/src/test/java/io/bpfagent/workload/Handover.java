package io.bpfagent.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

/** Pairs of threads that wake each other. */
final class Handover {
    private Handover() {}

    /** {@code spin 4 1500}: so many threads, "spinner-1" and so on, run for so many ms. */
    static void spin(String[] arguments) throws InterruptedException {
        long endNs = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000;
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(arguments[0]); i++) {
            threads.add(Scenes.start("spinner-" + i, () -> {
                while (System.nanoTime() < endNs) {
                    Thread.onSpinWait();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** {@code pairs 4 20000}: so many pairs, each handing over so many times. */
    static void pairs(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[1]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(arguments[0]); i++) {
            SynchronousQueue<Integer> queue = new SynchronousQueue<>();
            threads.add(Scenes.start("giver-" + i, () -> {
                for (int turn = 0; turn < times; turn++) {
                    queue.put(turn);
                }
            }));
            threads.add(Scenes.start("taker-" + i, () -> {
                for (int turn = 0; turn < times; turn++) {
                    queue.take();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
