package io.bpfagent.agent;

import io.bpfagent.control.ControlServer;

/**
 * Closes the control channel and detaches the uprobes when the host ends.
 *
 * <p>HotSpot waits up to 300 ms at its end for Java threads in native code (vmOperations.cpp,
 * VM_Exit::wait_for_threads_in_native_to_block), daemons too, and the channel's thread always is in
 * epoll_wait: without this every host would end 300 ms later. It also takes the socket's directory away. Uprobes
 * take the kernel some 50 ms for each of their links ({@link Session#endProcess}).
 */
final class ExitHook implements Runnable, AutoCloseable {
    private final Log log;
    private final Thread thread;
    private volatile ControlServer server;
    private volatile Session session;
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

    /** Names the server to be closed, when there is one. */
    void closes(ControlServer opened) {
        server = opened;
        if (ending) {
            opened.closeAtExit();
        }
    }

    /** Names the session to be ended, or null when there is none any more. */
    void ends(Session opened) {
        session = opened;
    }

    /** Called at the host's end. */
    @Override
    public void run() {
        // What fails from now on fails because files, libraries and threads are going away.
        log.silence();
        ending = true;
        ControlServer opened = server;
        if (opened != null) {
            opened.closeAtExit();
        }
        Session attached = session;
        if (attached != null) {
            endQuietly(attached);
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
            if (!ending) {
                Runtime.getRuntime().removeShutdownHook(thread);
            }
        } catch (IllegalStateException e) {
            // it runs, or has run
        } catch (SecurityException e) {
            // a security manager has come after the agent: the hook stays, and finds nothing to do
        }
    }
}
