package io.bpfagent.report;

import io.bpfagent.correlation.Snapshot;

/**
 * Shows snapshots to somebody. One thread, the agent's own, updates and closes it; what it shows is
 * asked for by any thread.
 */
public interface SnapshotReport extends AutoCloseable {
    /** Takes note of a new snapshot. Never throws. */
    void update(Snapshot snapshot);

    /** Called several times a second: begins to show if that is possible now. Cheap; never throws. */
    void look();

    /** Whether this works in this JVM, for the status. */
    Probe probe();

    /** Takes back all it registered. Twice is harmless; never throws. */
    @Override
    void close();
}
