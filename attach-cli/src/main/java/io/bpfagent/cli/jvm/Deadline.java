package io.bpfagent.cli.jvm;

import java.io.Closeable;
import java.io.IOException;

/**
 * Closes a channel when the time is up: a socket channel has no time limit of its own, and even
 * connecting waits for ever when the agent's queue is full.
 *
 * <p>Assumptions: one thread uses the channel and closes the deadline. Guarantees: when the time is
 * up, that thread's call ends with an exception and {@link #passed()} is true.
 */
public final class Deadline implements AutoCloseable {

    private final long timeoutMs;
    private volatile boolean passed;
    private Thread guard;

    /** @param timeoutMs from {@link #watch} on */
    public Deadline(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    /** Begins to count. */
    public void watch(Closeable channel) {
        guard = new Thread(() -> {
            try {
                Thread.sleep(timeoutMs);
                passed = true;
                channel.close();
            } catch (InterruptedException | IOException done) {
                // Interrupted: the answer came in time. A close that fails leaves nothing to do.
            }
        }, "deadline");
        guard.setDaemon(true);
        guard.start();
    }

    /** Whether the time is up: then that is why a call has failed. */
    public boolean passed() {
        return passed;
    }

    @Override
    public void close() {
        if (guard != null) {
            guard.interrupt();
        }
    }
}
