package io.bpfagent.agent;

import io.bpfagent.control.ControlServer;

/**
 * Closes the control channel when the host ends.
 *
 * <p>HotSpot waits up to 300 ms at its end for Java threads in native code (vmOperations.cpp,
 * VM_Exit::wait_for_threads_in_native_to_block), daemons too, and the channel's thread always is in
 * epoll_wait: without this every host would end 300 ms later. It also takes the socket's directory away.
 */
final class ExitHook implements AutoCloseable {
    private final Thread thread;

    private ExitHook(Thread thread) {
        this.thread = thread;
    }

    /** From now until {@link #close}; does nothing for null and when the host is ending already. */
    static ExitHook of(ControlServer server) {
        Thread thread = null;
        if (server != null) {
            thread = new Thread(null, server::closeAtExit, "bpf-agent-exit", 0, false);
            thread.setContextClassLoader(null);
            try {
                Runtime.getRuntime().addShutdownHook(thread);
            } catch (IllegalStateException ending) {
                server.closeAtExit();
                thread = null;
            }
        }
        return new ExitHook(thread);
    }

    @Override
    public void close() {
        try {
            if (thread != null) {
                Runtime.getRuntime().removeShutdownHook(thread);
            }
        } catch (IllegalStateException ending) {
            // it runs, or has run
        }
    }
}
