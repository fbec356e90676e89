package io.bpfagent.bench;

import java.io.IOException;

/** 50 threads that do next to nothing: each sleeps, a little differently long. Ends when stdin is closed. */
public final class Idlers {
    private static final int THREADS = 50;

    private Idlers() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        for (int i = 0; i < THREADS; i++) {
            long ms = 20 + i % 10;
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        Thread.sleep(ms);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }, "idler-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        System.in.read();
    }
}
