package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the wall time of pauses went, added up from scrape to scrape: each pause is taken apart once. Any thread.
 *
 * <p>Taking one apart takes well under a millisecond. Of those that are new at a scrape the last {@link #MOST} are
 * taken apart, the others count as not looked at; one that was never listed ({@code lost_pauses}) is in none.
 */
final class PauseParts {
    /** At one scrape each second more than the agent itself would like to look at. */
    private static final int MOST = 32;
    private static final double NS_PER_SECOND = 1e9;

    private long lastNumber;
    private long reachingNs;
    private long workingNs;
    private long noCpuNs;
    private long blockedNs;
    private long otherNs;

    /** Adds the pauses that are new. */
    synchronized void addTo(Families families, Snapshot snapshot) {
        List<Pause> pauses = snapshot.pauses();
        for (int i = 0; i < pauses.size(); i++) {
            if (pauses.get(i).number() > lastNumber) {
                add(pauses.get(i), i >= pauses.size() - MOST);
                lastNumber = pauses.get(i).number();
            }
        }
        if (lastNumber > 0) {
            List<CounterDataPointSnapshot> parts = new ArrayList<>();
            parts.add(part(reachingNs, "reaching"));
            parts.add(part(workingNs, "working"));
            parts.add(part(noCpuNs, "no_cpu"));
            parts.add(part(blockedNs, "blocked"));
            parts.add(part(otherNs, "not_looked_at"));
            families.counters("pause_part_seconds", "Where the time of pauses went: until all threads had stopped;"
                    + " then the"
                    + " VM thread or a GC worker was on a CPU, or could have been, or none could.", Unit.SECONDS,
                    parts);
        }
    }

    private void add(Pause pause, boolean isTakenApart) {
        if (isTakenApart) {
            reachingNs += pause.parts().reachingNs();
            workingNs += pause.parts().workingNs();
            noCpuNs += pause.parts().noCpuNs();
            blockedNs += pause.parts().vmBlocked().wallNs();
        } else {
            otherNs += pause.totalNs();
        }
    }

    private static CounterDataPointSnapshot part(long ns, String name) {
        return Families.counter(ns / NS_PER_SECOND, Labels.of("part", name));
    }
}
