package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An application whose own shutdown hook takes until stdin says {@code go}, as one that still serves its last clients.
 * It prints {@code begin}, and in its hook {@code ending} and {@code ended}. Before, {@code return} on stdin lets main
 * return, and a number is what it exits with.
 */
public final class LongEnd {
    private LongEnd() {}

    /** @param args none */
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(go), "long end"));
        BlockingQueue<String> ways = new LinkedBlockingQueue<>();
        Scenes.start("reader", () -> read(ways, go));
        System.out.println("begin");
        String way = ways.take();
        if (!way.equals("return")) {
            System.exit(Integer.parseInt(way));
        }
    }

    private static void end(CountDownLatch go) {
        System.out.println("ending");
        try {
            go.await();
        } catch (InterruptedException e) {
            System.out.println("interrupted");
        }
        System.out.println("ended");
    }

    private static void read(BlockingQueue<String> ways, CountDownLatch go) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("go"); line = in.readLine()) {
            ways.add(line);
        }
        go.countDown();
    }
}
