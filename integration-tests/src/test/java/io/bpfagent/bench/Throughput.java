package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import java.util.HashMap;
import java.util.Map;

/** How many handovers are left while it is watched: the worst case, a JVM that does nothing but switch threads. */
final class Throughput implements Chapter {
    private static final int PAIRS = 4;
    private static final int SETTLE_MS = 1_200;
    /** Of the handovers, %. */
    private static final int LEAST_KEPT = 95;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String title() {
        return "Throughput of a JVM that only hands over";
    }

    @Override
    public String measure(Effort effort) {
        Watcher ours = new Ours();
        Watchers watchers = new Watchers(ours, Peer.runqlat(), Peer.cpudist(), Peer.offcputime(), Peer.syscount(),
                Peer.bpftrace(), new EmptyPrograms());
        Map<Watcher, Samples> kept = new HashMap<>();
        watchers.present().forEach(watcher -> kept.put(watcher, new Samples()));
        Samples alone = new Samples();
        try (LoadHost host = new LoadHost(Jdks.all().get(0), PAIRS, 0)) {
            host.go();
            Await.sleep(5_000);
            Turns<Watcher> turns = new Turns<>(watchers.present());
            for (int round = 0; round < effort.rounds(); round++) {
                for (Watcher watcher : turns.next()) {
                    // Before and after each: a machine that gets slower or faster meanwhile is then no bias.
                    double before = perSecond(host, effort.windowMs());
                    watcher.start(host.jvm());
                    Await.sleep(SETTLE_MS);
                    double watched = perSecond(host, effort.windowMs());
                    watcher.stop();
                    Await.sleep(SETTLE_MS);
                    double after = perSecond(host, effort.windowMs());
                    alone.add(before).add(after);
                    kept.get(watcher).add(100 * watched / ((before + after) / 2));
                }
            }
        }
        Table table = new Table("", "handovers left, %", "mean");
        watchers.present().forEach(watcher ->
                table.row(watcher.name(), kept.get(watcher).text("%.0f"), kept.get(watcher).meanText("%.1f")));
        String verdict = kept.get(ours).median() >= LEAST_KEPT ? "met" : "**missed**";
        return "Handovers per second of " + PAIRS
                + " pairs of threads while watched, in percent of the same just before and after\n("
                + alone.text("%.0f")
                + " per second unwatched). No application is like this; it is the upper bound of the cost.\n"
                + "Nobody can do without the empty programs at the same events. Target: at least " + LEAST_KEPT + " %: "
                + verdict + ".\n\n" + table + watchers.absent();
    }

    private static double perSecond(LoadHost host, int windowMs) {
        LoadHost.Count from = host.count();
        Await.sleep(windowMs);
        return host.count().perSecondSince(from);
    }
}
