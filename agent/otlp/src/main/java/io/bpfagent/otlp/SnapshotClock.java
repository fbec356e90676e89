package io.bpfagent.otlp;

import io.bpfagent.correlation.Snapshot;

/**
 * What time snapshots are of, in ns since 1970. Their own clock stands still while the machine is suspended and does
 * not know what day it is; when the numbers began is worked out once, so that receivers see one beginning.
 */
final class SnapshotClock {
    private static final long NS_PER_MS = 1_000_000;

    private long beganNs = Long.MIN_VALUE;
    private long beganEpochNs;

    /** When the numbers of {@code snapshot} began. */
    long beganEpochNs(Snapshot snapshot) {
        if (snapshot.beganNs() != beganNs) {
            beganNs = snapshot.beganNs();
            beganEpochNs = epochNs(beganNs);
        }
        return beganEpochNs;
    }

    /** When it was taken; never before its beginning, whatever happens to the machine's clock. */
    long atEpochNs(Snapshot snapshot) {
        return Math.max(epochNs(snapshot.atNs()), beganEpochNs(snapshot));
    }

    private static long epochNs(long monotonicNs) {
        return System.currentTimeMillis() * NS_PER_MS - (System.nanoTime() - monotonicNs);
    }
}
