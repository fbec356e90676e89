package io.bpfagent.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A shop over HTTP, and its customers in the same JVM. Nothing in it knows the agent.
 *
 * <ul>
 *   <li>{@code POST /orders}: checks the order, which computes; charges, which waits 10 ms for somebody else; saves it
 * in the       {@link Store}, which writes and fsyncs while it holds the store's lock;
 *   <li>{@code GET /orders/17}: looks it up in the store, for which it needs the same lock, and makes 64 KiB of
 * garbage.
 * </ul>
 *
 * <p>Prints one line with its pid when it listens, then nothing. Runs until it is killed, or for as many seconds as its
 * argument says. Leaves no file behind however it ends.
 */
public final class SampleShop {
    private static final int WORKERS = 8;
    private static final int BUYERS = 2;
    private static final int READERS = 4;
    private static final long CHARGE_MS = 10;
    private static final long THINK_MS = 5;

    private final Store store = new Store();
    /** Written so that what is computed is not optimized away. */
    private static volatile long sink;

    private SampleShop() { }

    /** @param args none, or the number of seconds to run, at least 1 */
    public static void main(String[] args) throws IOException, InterruptedException {
        SampleShop shop = new SampleShop();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/orders", shop::answer);
        server.setExecutor(workers());
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
        for (int i = 1; i <= BUYERS + READERS; i++) {
            boolean buys = i <= BUYERS;
            Thread customer = new Thread(() -> shop(url, buys), "customer-" + i);
            customer.setDaemon(true);
            customer.start();
        }
        System.out.println("sample: pid " + ProcessHandle.current().pid() + ", " + WORKERS + " workers, " + BUYERS
                + " buyers, " + READERS + " readers at " + url);
        TimeUnit.SECONDS.sleep(args.length == 0 ? Integer.MAX_VALUE : Long.parseLong(args[0]));
        System.exit(0); // the server's own thread would go on
    }

    private static ExecutorService workers() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(WORKERS, task -> {
            Thread thread = new Thread(task, "http-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            body.readAllBytes();
        }
        String path = exchange.getRequestURI().getPath();
        byte[] answer = exchange.getRequestMethod().equals("POST") ? Long.toString(buy())
                .getBytes(StandardCharsets.US_ASCII)
                : store.find(Long.parseLong(path.substring(path.lastIndexOf('/') + 1)));
        exchange.sendResponseHeaders(200, answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    private long buy() {
        long value = sink;
        for (int i = 0; i < 1_000_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        sink = value;
        charge();
        return store.save(value);
    }

    /** Stands for a call of a service that takes its time. */
    private static void charge() {
        try {
            Thread.sleep(CHARGE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shop(String url, boolean buys) {
        try {
            for (long number = 1;; number++) {
                HttpURLConnection connection = (HttpURLConnection) new URL(buys ? url : url + "/" + number)
                        .openConnection();
                if (buys) {
                    connection.setRequestMethod("POST");
                    connection.setDoOutput(true);
                    connection.getOutputStream().write('1');
                }
                try (InputStream answer = connection.getInputStream()) {
                    answer.readAllBytes();
                }
                Thread.sleep(THINK_MS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
