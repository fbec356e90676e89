package io.bpfagent.agent;

import io.bpfagent.correlation.Snapshot;

/**
 * The time between two snapshots. Their difference is made when somebody asks, which in most
 * intervals nobody does. Any thread.
 */
final class Interval {
    private final Snapshot begin;
    private final Snapshot end;
    private volatile Snapshot difference;

    Interval(Snapshot begin, Snapshot end) {
        this.begin = begin;
        this.end = end;
    }

    /** What happened in between; two who ask at once may each make one. */
    Snapshot difference() {
        Snapshot made = difference;
        if (made == null) {
            made = end.minus(begin);
            difference = made;
        }
        return made;
    }
}
