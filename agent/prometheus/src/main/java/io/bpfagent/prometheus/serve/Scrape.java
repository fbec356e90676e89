package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.prometheus.ScrapeSource;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/** Makes metric families of the latest snapshot. Any thread. */
final class Scrape {
    private final ScrapeSource source;
    private final PauseParts pauseParts = new PauseParts();
    /** Of the first snapshot that was seen: the clock of the system may be set meanwhile. 0 before. */
    private volatile long beganMs;

    Scrape(ScrapeSource source) {
        this.source = source;
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
        pauseParts.addTo(families, snapshot);
        new DeviceFamilies(snapshot, beganMs(snapshot)).addTo(families);
        ContextFamilies.addTo(families, snapshot);
        new UserFamilies(snapshot).addTo(families, metrics);
        return families;
    }

    private long beganMs(Snapshot snapshot) {
        if (beganMs == 0) {
            beganMs = System.currentTimeMillis() - (System.nanoTime() - snapshot.beganNs()) / 1_000_000;
        }
        return beganMs;
    }
}
