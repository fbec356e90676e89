package io.bpfagent.prometheus.serve;

import com.sun.net.httpserver.HttpServer;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.prometheus.ScrapeServer;
import io.bpfagent.prometheus.ScrapeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** The JDK's server with our handler. */
final class HttpScrapeServer implements ScrapeServer {
    private final HttpServer server;
    private final ScrapeThreads threads;
    private final Scrape scrape;
    private final ScrapeHandler handler;
    private boolean closed;

    private HttpScrapeServer(HttpServer server, ScrapeThreads threads, Scrape scrape, ScrapeHandler handler) {
        this.server = server;
        this.threads = threads;
        this.scrape = scrape;
        this.handler = handler;
    }

    static HttpScrapeServer open(InetSocketAddress address, ScrapeSource source) throws IOException {
        ScrapeThreads threads = ScrapeThreads.create();
        Scrape scrape = new Scrape(source);
        ScrapeHandler handler = new ScrapeHandler(scrape);
        HttpServer server = ServerStart.start(address, handler, threads);
        return new HttpScrapeServer(server, threads, scrape, handler);
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void note(Snapshot snapshot) {
        scrape.note(snapshot);
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
