package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PausePartSums;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.prometheus.ScrapeSource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** Makes metric families of the latest snapshot. Any thread. */
final class Scrape {
    /** At one scrape each second more pauses than the agent itself would like to take apart. */
    private static final int MOST_PAUSES = 32;
    private static final double NS_PER_SECOND = 1e9;

    private final ScrapeSource source;
    private final PausePartSums pauseParts = new PausePartSums(MOST_PAUSES);
    /** Of the first snapshot that was seen: the clock of the system may be set meanwhile. 0 before. */
    private volatile long beganMs;

    Scrape(ScrapeSource source) {
        this.source = source;
    }

    /** Takes note of the pauses in it. */
    void note(Snapshot snapshot) {
        pauseParts.note(snapshot);
    }

    /** All families as they are now. */
    Families families() {
        Families families = new Families();
        Snapshot snapshot = source.latest();
        if (snapshot == null) {
            families.info("bpfagent", "The agent.", Labels.of("version", source.version()));
            return families;
        }
        List<Metric> metrics = source.metrics();
        new ThreadFamilies(snapshot, metrics, beganMs(snapshot)).addTo(families);
        new ProcessFamilies(snapshot, metrics, beganMs(snapshot)).addTo(families, source);
        addPauseParts(families);
        new DeviceFamilies(snapshot, beganMs(snapshot)).addTo(families);
        ContextFamilies.addTo(families, snapshot);
        new UserFamilies(snapshot).addTo(families, metrics);
        return families;
    }

    private void addPauseParts(Families families) {
        List<CounterDataPointSnapshot> parts = new ArrayList<>();
        pauseParts.forEach((part, ns) -> parts.add(Families.counter(ns / NS_PER_SECOND, Labels.of("part", part))));
        families.counters("pause_part_seconds", "Where the time of pauses went: until all threads had stopped; then the"
                + " VM thread or a GC worker was on a CPU, or could have been, or none could.", Unit.SECONDS, parts);
    }

    private long beganMs(Snapshot snapshot) {
        if (beganMs == 0) {
            beganMs = System.currentTimeMillis() - (System.nanoTime() - snapshot.beganNs()) / 1_000_000;
        }
        return beganMs;
    }
}
