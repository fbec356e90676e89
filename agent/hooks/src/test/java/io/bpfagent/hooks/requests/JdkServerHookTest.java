package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JdkServerHookTest {
    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    @Test
    void namesRequests() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<String> seen = new CopyOnWriteArrayList<>();
        server.setExecutor(pool);
        server.createContext("/jdk", exchange -> {
            seen.add(Woven.path());
            if (exchange.getRequestURI().getPath().endsWith("/0")) {
                throw new IllegalStateException("of the test");
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }).getFilters().add(new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                seen.add("filter " + Woven.path());
                chain.doFilter(exchange);
            }

            @Override
            public String description() {
                return "sees";
            }
        });
        server.start();
        try {
            for (int i = 1; i <= 23; i++) {
                assertEquals(204, get(server, "/jdk/orders/" + i + "?x=y"));
            }
            try {
                get(server, "/jdk/orders/0");
            } catch (IOException e) {
                // The server closes such a connection.
            }
            assertEquals(204, get(server, "/jdk/new"));
        } finally {
            server.stop(0);
            pool.shutdown();
        }
        assertEquals("filter GET /jdk/orders/*", seen.get(0));
        assertEquals("GET /jdk/orders/*", seen.get(1));
        assertEquals("GET /jdk/new", seen.get(seen.size() - 1));
        // A client may ask a second time when there was no answer.
        assertEquals((seen.size() - 2) / 2, woven.entered("GET /jdk/orders/*"));
        assertEquals(1, woven.entered("GET /jdk/new"));
        assertEquals(1, woven.report("jdk http").classes());
    }

    private static int get(HttpServer server, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path).toURL().openConnection();
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
