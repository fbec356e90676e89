package io.bpfagent.control;

import io.bpfagent.report.Probe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The control channel: a unix socket {@code /tmp/.bpf-agent-PID/control.sock} (directory 0700, socket
 * 0600), open to the host's user and to root, one JSON document per line both ways.
 *
 * <p>Assumptions: the handler does not need the thread that calls {@link #close}. Guarantees: one
 * daemon thread {@code bpf-agent-control}, which sleeps in the kernel while nobody asks; a client
 * that is slow or silent, or waits for what takes long, holds up no other; nothing thrown leaves the
 * thread; the files are gone when {@link #close} returns, or when a client has the answer that ended the server.
 */
public final class ControlServer implements Runnable, AutoCloseable {
    /** Where the command line looks, below {@code /proc/PID/root}. */
    public static final Path BASE = Path.of("/tmp");

    /** Each costs a descriptor of the host and 64 KiB at most; more wait until one leaves. */
    private static final int MAX_CLIENTS = 16;
    /** When the host is out of descriptors, accept fails at once, again and again. */
    private static final long ACCEPT_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** Between two looks for an answer that comes late. */
    private static final long LATE_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** What close waits for an answer that is being sent. */
    private static final long CLOSE_WAIT_MS = 7_000;
    /**
     * While the host has no memory, all that is open is given back again and again, for as long as {@link #close}
     * waits.
     */
    private static final int RELEASES = 60;
    private static final long RELEASE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The host's end is not to wait longer for its thread, which needs 1 ms. */
    private static final long EXIT_WAIT_MS = 100;

    private final ControlHandler handler;
    private final Runnable whenFailed;
    private final ControlDirectory directory;
    private final PeerCredentials credentials;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final SelectionKey acceptKey;
    private final Thread thread;
    private long acceptAgainNs = System.nanoTime();
    private volatile boolean closing;
    private volatile boolean failed;
    /** Guarded by this. */
    private boolean released;
    private volatile String forbidden;
    private volatile boolean listening = true;

    private ControlServer(ControlDirectory directory, ControlHandler handler, Runnable whenFailed,
            ServerSocketChannel server, Selector selector) throws IOException {
        this.directory = directory;
        this.handler = handler;
        this.whenFailed = whenFailed;
        this.server = server;
        this.selector = selector;
        server.bind(UnixDomainSocketAddress.of(directory.socket()));
        Files.setPosixFilePermissions(directory.socket(), PosixFilePermissions.fromString("rw-------"));
        credentials = new PeerCredentials(directory.socket());
        server.configureBlocking(false);
        acceptKey = server.register(selector, SelectionKey.OP_ACCEPT);
        thread = new Thread(null, this, "bpf-agent-control", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // the host's must not be kept alive by us
        thread.setUncaughtExceptionHandler(new Silence());
    }

    /**
     * Makes directory and socket and begins to answer.
     *
     * @param base       where the directory is made, {@link #BASE} but in tests
     * @param pid        the host's, as it sees itself
     * @param whenFailed called once {@link #hasFailed}, on the server's own thread
     * @throws IOException with one line that says what to do
     */
    public static ControlServer open(Path base, long pid, ControlHandler handler, Runnable whenFailed)
            throws IOException {
        ControlDirectory directory = new ControlDirectory(base, pid);
        ServerSocketChannel server = null;
        Selector selector = null;
        boolean made = false;
        try {
            directory.open();
            made = true;
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            selector = Selector.open();
            ControlServer control = new ControlServer(directory, handler, whenFailed, server, selector);
            control.thread.start();
            return control;
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // Out of threads is an OutOfMemoryError; a library of the JDK that cannot be loaded is a LinkageError.
            closeQuietly(server);
            closeQuietly(selector);
            if (made) {
                directory.remove();
            }
            throw notOpened(reason(e), directory, e);
        }
    }

    /** As {@link #open} does: what keeps its caller from opening one. @param pid as for open */
    public static IOException notOpened(String why, Path base, long pid) {
        return notOpened(why, new ControlDirectory(base, pid), null);
    }

    private static IOException notOpened(String why, ControlDirectory directory, Throwable cause) {
        return new IOException("Cannot open the control channel: " + why + " (" + directory.socket()
                + "). attach-cli cannot talk to this JVM; JMX can."
                + " See TROUBLESHOOTING.md, \"Cannot open the control channel\".", cause);
    }

    /** An Error's message alone may be a bare name. */
    private static String reason(Throwable e) {
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    /** Where, beside the channel's own, a socket may be made for programs to be handed over. @param pid as for open */
    public static Path handOverSocket(Path base, long pid) {
        return new ControlDirectory(base, pid).handOverSocket();
    }

    /** Whether the channel works, for the status. */
    public Probe probe() {
        return listening
                ? new Probe("control", Probe.ATTACHED, directory.socket().toString(), 0, 0)
                : new Probe("control", Probe.FAILED, "closed", 0, 0);
    }

    /**
     * What a security manager that has come meanwhile has denied, so that the channel is closed; null while it has
     * not.
     */
    public String forbidden() {
        return forbidden;
    }

    /** Whether it has ended by itself, for want of memory for example: another one may be opened. */
    public boolean hasFailed() {
        return failed;
    }

    /**
     * Ends the server: an answer that is being made or sent still goes out, for seven seconds at most.
     * Any thread; twice is harmless.
     */
    @Override
    public void close() {
        closing = true;
        if (Thread.currentThread() == thread) {
            return; // the loop sees it
        }
        try {
            selector.wakeup();
            thread.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and no more waiting
        }
        releaseAtLast();
    }

    /** As {@link #close}, for the end of the host: waits 100 ms at most, and takes the files away then. Any thread. */
    public void closeAtExit() {
        closing = true;
        try {
            selector.wakeup();
            thread.join(EXIT_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the host is in a hurry
        }
        if (listening) {
            directory.remove();
        }
    }

    /** The one thread that answers. */
    public Thread thread() {
        return thread;
    }

    private static final class Silence implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread failed, Throwable e) {
            // nothing of ours reaches the host's default handler
        }
    }

    /** The life of the control thread; nobody else calls it. */
    @Override
    public void run() {
        boolean asWanted = false;
        try {
            while (!closing || hasOutput()) {
                step();
            }
            asWanted = true;
        } catch (SecurityException e) {
            asWanted = true;
            forbidden = e.getMessage();
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // A selector that fails does not recover; the status shows the channel closed.
            asWanted = false;
        } finally {
            closing = true;
            if (!asWanted) {
                failed = true;
                whenFailed.run();
            }
            releaseAtLast();
        }
    }

    /**
     * Where there is no memory, not even for that, as soon as there is: who connects to a socket that is open while
     * nobody listens would wait for ever.
     */
    private void releaseAtLast() {
        for (int i = 0; i < RELEASES; i++) {
            try {
                release();
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(RELEASE_PAUSE_NS);
            }
        }
    }

    private void step() throws IOException {
        selector.select(waitMs());
        long now = System.nanoTime();
        boolean acceptable = selector.selectedKeys().remove(acceptKey) && acceptKey.isValid();
        for (SelectionKey key : selector.selectedKeys()) {
            proceed(key);
        }
        selector.selectedKeys().clear();
        int clients = 0;
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ControlConnection client) {
                if (client.isWaiting() && client.hasCome()) {
                    proceed(key);
                }
                if (client.deadlineNs() - now < 0) {
                    end(client);
                }
                clients += key.isValid() ? 1 : 0;
            }
        }
        if (acceptable && clients < MAX_CLIENTS) {
            clients += accept() ? 1 : 0;
        }
        if (acceptKey.isValid()) {
            boolean pause = clients >= MAX_CLIENTS || acceptAgainNs - now > 0;
            acceptKey.interestOps(pause ? 0 : SelectionKey.OP_ACCEPT);
        }
    }

    /** How long nothing is to be done unless somebody asks; 0 is for ever. */
    private long waitMs() {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ControlConnection client) {
                wait = Math.min(wait, client.isWaiting() ? LATE_LOOK_NS : client.deadlineNs() - now);
            } else if (acceptAgainNs - now > 0) {
                wait = Math.min(wait, acceptAgainNs - now);
            }
        }
        return wait == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait) + 1);
    }

    /** Takes one client; true if it stays. */
    private boolean accept() {
        SocketChannel client = null;
        try {
            client = server.accept();
            if (client == null) {
                return false;
            }
            if (!credentials.allow(client)) {
                client.close();
                return false;
            }
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ);
            key.attach(new ControlConnection(client, key, handler, this::stopListening));
            return true;
        } catch (IOException | OutOfMemoryError e) {
            // Who has been let in already must not wait for an answer that nobody will give.
            closeQuietly(client);
            acceptAgainNs = System.nanoTime() + ACCEPT_PAUSE_NS;
            return false;
        }
    }

    private void proceed(SelectionKey key) {
        ControlConnection client = (ControlConnection) key.attachment();
        boolean goesOn;
        try {
            goesOn = key.isValid() && client.proceed();
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            goesOn = false;
        }
        if (!goesOn) {
            end(client);
        }
    }

    private void end(ControlConnection client) {
        client.close();
        if (client.wasLast()) {
            closing = true;
        }
    }

    private boolean hasOutput() {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ControlConnection client && key.isValid() && client.hasOutput()) {
                return true;
            }
        }
        return false;
    }

    /** Before the last answer: who gets it can attach again at once. */
    private void stopListening() {
        closeQuietly(server);
        directory.remove();
        listening = false;
    }

    /** By the control thread at its end, and by who closes, in case that thread hangs. */
    private synchronized void release() {
        if (listening) {
            stopListening();
        }
        if (released) {
            return;
        }
        try {
            for (SelectionKey key : selector.keys()) {
                closeQuietly(key.channel());
            }
            selector.close();
        } catch (ClosedSelectorException | IOException e) {
            // done before
        }
        released = true;
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (Exception e) {
            // given back all the same
        }
    }
}
