package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What others pay: a JVM without the agent hands over from thread to thread, beside so many idle ones that have it. */
final class JvmGrowth implements Chapter {
    private static final int PAIRS = 2;

    private final Curve curve = Curve.total("growth-jvms", "JVMs with the agent",
            "ns of their programs at a wake-up and a switch");

    @Override
    public String name() {
        return "growth-jvms";
    }

    @Override
    public String title() {
        return "Growth: JVMs on one machine";
    }

    @Override
    public List<Curve> curves() {
        return List.of(curve);
    }

    @Override
    public String measure(Effort effort) {
        int most = effort == Effort.QUICK ? 4 : 16;
        List<Integer> counts = new ArrayList<>(List.of(0, 1));
        for (int count = 2; count <= most; count *= 2) {
            counts.add(count);
        }
        Map<Integer, Samples> ns = new TreeMap<>();
        Map<Integer, Samples> kept = new TreeMap<>();
        List<HostJvm> idle = new ArrayList<>();
        try (LoadHost stranger = new LoadHost(Jdks.newest(), PAIRS, 0)) {
            for (int i = 0; i < most; i++) {
                idle.add(HostJvm.of(Jdks.newest()).jvm("-Xmx32m", "-XX:+UseSerialGC").main(ManyPools.class, "0")
                        .start());
            }
            stranger.go();
            Await.sleep(effort.warmUpMs() / 4);
            Turns<Integer> turns = new Turns<>(counts);
            for (int round = 0; round < effort.rounds(); round++) {
                Map<Integer, Double> handovers = new TreeMap<>();
                for (int count : turns.next()) {
                    handovers.put(count, beside(idle.subList(0, count), stranger, effort.windowMs(),
                            ns.computeIfAbsent(count, c -> new Samples())));
                }
                handovers.forEach((count, perSecond) -> kept.computeIfAbsent(count, c -> new Samples())
                        .add(perSecond / handovers.get(0)));
            }
        } finally {
            idle.forEach(HostJvm::close);
        }
        Table table = new Table("JVMs with the agent",
                "ns of their programs at a wake-up and a switch of another process",
                "that process' handovers, of those without");
        for (int count : counts) {
            table.row(Integer.toString(count), count == 0 ? "0" : ns.get(count).text("%.0f"),
                    kept.get(count).text("%.2f"));
        }
        return "What others pay: a JVM without the agent that does nothing but hand over"
                + " from thread to thread (" + PAIRS + "\npairs), beside idle JVMs that have it. The ns are the"
                + " kernel's count, of which counting is more than half\n(the whole price without it is in the next"
                + " chapter); the handovers are without that count.\n\n"
                + table + "\n" + curve;
    }

    /** Handovers a second; and adds what a wake-up and a switch cost all these agents together. */
    private double beside(List<HostJvm> watched, LoadHost stranger, int windowMs, Samples ns) {
        // Beside it who comes and goes waits for a CPU for seconds, and the kernel's own threads do too.
        stranger.stop();
        watched.forEach(jvm -> jvm.attach(""));
        try {
            watched.forEach(jvm -> jvm.await("on"));
            stranger.go();
            Await.sleep(500);
            LoadHost.Count before = stranger.count();
            Await.sleep(windowMs);
            double perSecond = stranger.count().perSecondSince(before);
            if (!watched.isEmpty()) {
                Set<Integer> programs = new HashSet<>();
                watched.forEach(jvm -> programs.addAll(OurBpf.heldBy(jvm.pid()).programs()));
                double sum = SchedulerCost.within(programs, windowMs / 2).sum();
                ns.add(sum);
                curve.add(watched.size(), watched.size(), sum);
            }
            return perSecond;
        } finally {
            stranger.stop();
            watched.forEach(HostJvm::detach);
        }
    }
}
