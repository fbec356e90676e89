package io.bpfagent.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A small application that prints the same bytes in every run: {@code begin}, the results of a pool
 * of threads, then for each line on stdin what it is, and {@code end} after the line {@code end}.
 */
public final class Errand {
    private static final int TASKS = 23;

    private Errand() {}

    /** @param args none */
    public static void main(String[] args) throws Exception {
        System.out.println("begin");
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Future<Long>> results = new ArrayList<>();
        for (int task = 1; task <= TASKS; task++) {
            int upTo = task * 100;
            results.add(pool.submit(() -> sumOfSquares(upTo)));
        }
        for (Future<Long> result : results) {
            System.out.println(result.get());
        }
        untilEnd();
        pool.shutdown();
        System.out.println("end");
    }

    /** Prints every line from stdin, up to the line "end" or the end of stdin. */
    static void untilEnd() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            System.out.println(line);
        }
    }

    private static long sumOfSquares(int upTo) throws InterruptedException {
        Thread.sleep(1);
        long sum = 0;
        for (int i = 1; i <= upTo; i++) {
            sum += (long) i * i;
        }
        return sum;
    }
}
