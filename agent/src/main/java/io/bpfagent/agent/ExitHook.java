package io.bpfagent.agent;

import io.bpfagent.control.ControlServer;

/**
 * Closes the control channel and detaches the uprobes when the host ends.
 *
 * <p>HotSpot waits up to 300 ms at its end for Java threads in native code (vmOperations.cpp,
 * VM_Exit::wait_for_threads_in_native_to_block), daemons too, and the channel's thread always is in
 * epoll_wait: without this every host would end 300 ms later. It also takes the socket's directory away. Uprobes
 * take the kernel some 50 ms for each of their links ({@link Session#endProcess}).
 *
 * <p>A host may be ending for as long as its own hooks take. An agent that comes only then would be there without a
 * channel, so it does not begin ({@link #isEnding}).
 */
final class ExitHook implements Runnable, AutoCloseable {
    /** For a channel that is just being opened, which takes 100 ms in a JVM that has just begun. */
    private static final long OPENING_MS = 1_000;

    private final Log log;
    private final Thread thread;
    // guarded by this
    private ControlServer server;
    private boolean opening;
    private Session session;
    private volatile boolean ending;

    private ExitHook(Log log) {
        this.log = log;
        this.thread = new Thread(null, this, "bpf-agent-exit", 0, false);
        thread.setContextClassLoader(null);
    }

    /** From now until {@link #close}; acts at once when the host is ending already. */
    static ExitHook of(Log log) {
        ExitHook hook = new ExitHook(log);
        try {
            Runtime.getRuntime().addShutdownHook(hook.thread);
        } catch (IllegalStateException e) {
            hook.run();
        }
        return hook;
    }

    /** Whether the host ends. Any thread. */
    boolean isEnding() {
        return ending;
    }

    /** Whether a server may be opened: nobody would close it when the host ends. Who may calls {@link #closes}. */
    synchronized boolean mayOpen() {
        opening |= !ending;
        return !ending;
    }

    /** Names the server to be closed; null when it could not be opened. */
    void closes(ControlServer opened) {
        synchronized (this) {
            server = opened;
            opening = false;
            notifyAll();
        }
        if (ending && opened != null) {
            opened.closeAtExit(); // in case it took too long to be waited for
        }
    }

    /** Names the session to be ended, or null when there is none any more. */
    synchronized void ends(Session opened) {
        session = opened;
    }

    /** Called at the host's end. */
    @Override
    public void run() {
        // What fails from now on fails because files, libraries and threads are going away.
        log.silence();
        ControlServer opened;
        Session attached;
        synchronized (this) {
            ending = true;
            attached = session;
            awaitOpened();
            opened = server;
        }
        if (opened != null) {
            opened.closeAtExit();
        }
        if (attached != null) {
            endQuietly(attached);
        }
    }

    /** Else its directory would stay. */
    private synchronized void awaitOpened() {
        long endNs = System.nanoTime() + OPENING_MS * 1_000_000;
        try {
            for (long leftMs = OPENING_MS; opening && leftMs > 0; leftMs = (endNs - System.nanoTime()) / 1_000_000) {
                wait(leftMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the host is in a hurry
        }
    }

    private static void endQuietly(Session attached) {
        try {
            attached.endProcess();
        } catch (RuntimeException | Error e) {
            // out of threads, say; then the kernel does it alone, and takes longer
            return;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // it runs, or has run
        } catch (SecurityException e) {
            // a security manager has come after the agent: the hook stays, and finds nothing to do
        }
    }
}
