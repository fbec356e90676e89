package io.bpfagent.export;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;

/**
 * An export that was asked for at the start and cannot be had: a line in the status.
 *
 * @param argument by which it was asked for
 * @param name     what it is
 * @param line     what the user was told
 */
record FailedExport(String argument, String name, String line) implements SnapshotReport {
    @Override
    public void update(Snapshot snapshot) {
        // nobody is shown anything
    }

    @Override
    public void look() {
        // what failed is tried again when it is set again
    }

    @Override
    public Probe probe() {
        return new Probe(name, Probe.FAILED, line, 0, 0);
    }

    @Override
    public void close() {
        // nothing is open
    }
}
