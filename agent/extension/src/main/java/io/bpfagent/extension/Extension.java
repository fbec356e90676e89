package io.bpfagent.extension;

import io.bpfagent.correlation.Snapshot;

/**
 * An export that is open.
 *
 * <p>Assumptions: {@link #update} and {@link #close} are called by one thread, the agent's; {@link #note} by any. What
 * is thrown out of {@code update} closes the extension and is told in one line; the agent and the application run on.
 */
public interface Extension extends AutoCloseable {
    /**
     * Takes note of a new snapshot: once per interval, and sooner when pauses or a request make one. It must return at
     * once, for nothing is read meanwhile: it keeps the snapshot, and does on its own thread what takes time.
     */
    void update(Snapshot snapshot);

    /** How it goes, for the status; must not wait for anything. */
    Note note();

    /**
     * Ends all that it has begun, threads too; what may take long, after a second at most. Called once, and after
     * anything was thrown too.
     */
    @Override
    void close();
}
