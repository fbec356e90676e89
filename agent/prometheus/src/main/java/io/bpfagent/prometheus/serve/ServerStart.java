package io.bpfagent.prometheus.serve;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Makes a server in a group of threads of its own, so that it is known which ones it makes: the JDK gives them names
 * like HTTP-Dispatcher, and they would be taken for the host's own.
 */
final class ServerStart implements Runnable {
    /** Connections that wait to be accepted. */
    private static final int BACKLOG = 8;
    /** The server's, one or two timers, and this one, with room to spare. */
    private static final int MOST_THREADS = 16;

    private final InetSocketAddress address;
    private final HttpHandler handler;
    private final ScrapeThreads threads;
    private HttpServer server;
    private IOException problem;
    private RuntimeException failure;
    private LinkageError missing;

    private ServerStart(InetSocketAddress address, HttpHandler handler, ScrapeThreads threads) {
        this.address = address;
        this.handler = handler;
        this.threads = threads;
    }

    /**
     * A server that has begun.
     *
     * @param threads answer, and adopt what threads it makes itself
     * @throws IOException if it cannot listen there
     */
    static HttpServer start(InetSocketAddress address, HttpHandler handler, ScrapeThreads threads) throws IOException {
        ServerStart start = new ServerStart(address, handler, threads);
        ThreadGroup group = new ThreadGroup(ScrapeThreads.NAME);
        // Not the host's thread locals, nor its class loader; and what a daemon starts are daemons.
        Thread thread = new Thread(group, start, ScrapeThreads.NAME, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        await(thread);
        if (start.problem != null) {
            throw start.problem;
        }
        if (start.failure != null) {
            throw start.failure;
        }
        if (start.missing != null) {
            throw start.missing;
        }
        return start.server;
    }

    /** What it has written is seen then. */
    private static void await(Thread thread) {
        while (true) {
            try {
                thread.join();
                return;
            } catch (InterruptedException e) {
                // Nobody of ours interrupts; a host that interrupts all threads must not hurry us.
                continue;
            }
        }
    }

    @Override
    public void run() {
        try {
            server = HttpServer.create(address, BACKLOG);
            server.createContext("/", handler);
            server.setExecutor(threads);
            server.start();
            adopt();
        } catch (IOException e) {
            problem = e;
        } catch (RuntimeException e) {
            failure = e;
        } catch (LinkageError e) {
            // A JVM without that module.
            missing = e;
        }
    }

    private void adopt() {
        Thread[] made = new Thread[MOST_THREADS];
        int count = Thread.currentThread().getThreadGroup().enumerate(made);
        for (int i = 0; i < count; i++) {
            if (made[i] != Thread.currentThread()) {
                threads.adopt(made[i]);
            }
        }
    }
}
