package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JettyHookTest {
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
    void namesRequests() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                seen.add(Woven.path());
                response.setStatus(204);
                callback.succeeded();
                return true;
            }
        });
        server.start();
        try {
            for (int i = 0; i < 23; i++) {
                HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:"
                        + connector.getLocalPort() + "/jetty/" + i + "?x=" + i).toURL().openConnection();
                assertEquals(204, connection.getResponseCode());
            }
        } finally {
            server.stop();
        }
        assertEquals(23, seen.size());
        assertEquals("GET /jetty/*", seen.get(22));
        assertEquals(23, woven.entered("GET /jetty/*"));
        assertEquals(1, woven.report("jetty").classes());
    }
}
