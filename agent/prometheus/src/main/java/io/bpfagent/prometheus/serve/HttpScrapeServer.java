package io.bpfagent.prometheus.serve;

import com.sun.net.httpserver.HttpServer;
import io.bpfagent.prometheus.ScrapeServer;
import io.bpfagent.prometheus.ScrapeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** The JDK's server with our handler. */
final class HttpScrapeServer implements ScrapeServer {
    private final HttpServer server;
    private final ScrapeThreads threads;
    private final ScrapeHandler handler;
    private boolean closed;

    private HttpScrapeServer(HttpServer server, ScrapeThreads threads, ScrapeHandler handler) {
        this.server = server;
        this.threads = threads;
        this.handler = handler;
    }

    static HttpScrapeServer open(InetSocketAddress address, ScrapeSource source) throws IOException {
        ScrapeThreads threads = ScrapeThreads.create();
        ScrapeHandler handler = new ScrapeHandler(new Scrape(source));
        HttpServer server = ServerStart.start(address, handler, threads);
        return new HttpScrapeServer(server, threads, handler);
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public long scrapes() {
        return handler.scrapes();
    }

    @Override
    public List<Thread> threads() {
        return threads.threads();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
