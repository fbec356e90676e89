package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SlowReport;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How what the agent costs grows with what its user has more of. */
final class CostGrowth implements Chapter {
    private static final String AGENT_THREAD = "bpf-agent";
    private static final int PAIRS = 2;
    private static final double MS = 1e6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return "How cost grows";
    }

    @Override
    public String measure(Effort effort) {
        String kept = ProgramCounters.kept();
        try {
            return jvms(effort) + "\n" + threads(effort) + "\n" + events(effort);
        } finally {
            ProgramCounters.keep(kept);
        }
    }

    /** A JVM without the agent hands over from thread to thread, beside so many idle ones that have it. */
    private static String jvms(Effort effort) {
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
        return "### JVMs on one machine\n\nWhat others pay: a JVM without the agent that does nothing but hand over"
                + " from thread to thread (" + PAIRS + "\npairs), beside idle JVMs that have it. The ns are the"
                + " kernel's count, with the 40 ns or so that counting takes\nat each run; the handovers are without"
                + " that count.\n\n"
                + table;
    }

    /** Handovers a second; and adds what a wake-up and a switch cost all these agents together. */
    private static double beside(List<HostJvm> watched, LoadHost stranger, int windowMs, Samples ns) {
        watched.forEach(jvm -> jvm.attach(""));
        try {
            watched.forEach(jvm -> jvm.await("on"));
            Await.sleep(500);
            LoadHost.Count before = stranger.count();
            Await.sleep(windowMs);
            double perSecond = stranger.count().perSecondSince(before);
            if (!watched.isEmpty()) {
                Set<Integer> programs = new HashSet<>();
                watched.forEach(jvm -> programs.addAll(OurBpf.heldBy(jvm.pid()).programs()));
                ns.add(schedulerNs(programs, windowMs / 2));
            }
            return perSecond;
        } finally {
            watched.forEach(HostJvm::detach);
        }
    }

    private static double schedulerNs(Set<Integer> programs, int windowMs) {
        ProgramCounters.keep("1");
        try {
            Map<Integer, ProgramCounters.Counter> before = ProgramCounters.read();
            Await.sleep(windowMs);
            return SchedulerCost.between(programs, before, ProgramCounters.read()).sum();
        } finally {
            ProgramCounters.keep("0");
        }
    }

    /** A JVM of so many parked threads, two of which hand over. */
    private static String threads(Effort effort) {
        Table table = new Table("threads", "ns at a wake-up and a switch", "CPU of the agent's thread, ms a second",
                "kernel memory, MiB", "losses");
        for (int count : effort == Effort.QUICK ? new int[] {10, 1_000} : new int[] {10, 100, 1_000, 10_000}) {
            try (HostJvm host = HostJvm.of(Jdks.newest()).jvm("-Xss256k").main(Scenes.class)
                    .agent("threads=16384,max-cost=off").start()) {
                host.await("on");
                host.send("park-many " + count);
                host.awaitLine("done park-many", PATIENCE);
                host.send("pairs 1 " + Integer.MAX_VALUE);
                Await.sleep(effort.warmUpMs() / 4);
                ThreadTimes before = ThreadTimes.of(host.pid());
                long beganNs = System.nanoTime();
                double ns = schedulerNs(OurBpf.heldBy(host.pid()).programs(), effort.windowMs());
                Await.sleep(effort.windowMs());
                double seconds = (System.nanoTime() - beganNs) / 1e9;
                double ms = ThreadTimes.of(host.pid()).since(before, AGENT_THREAD::equals) / MS / seconds;
                long mib = host.status().get("kernelMemoryBytes").getAsLong() >> 20;
                Map<String, Long> losses = host.freshReport().losses();
                table.row(Integer.toString(count), Samples.number("%.0f", ns), Samples.number("%.1f", ms),
                        Long.toString(mib), losses.isEmpty() ? "none" : losses.toString());
            }
        }
        return "### Threads of the JVM\n\nAll but two are parked, and these hand over to each other; a snapshot each"
                + " second, `threads=16384`. The ns are\nwith the kernel's counting.\n\n" + table;
    }

    /** Each handover is two waits: the threshold says how many of them are slow events. */
    private static String events(Effort effort) {
        Table table = new Table("slow events a second", "threshold", "CPU of the agent's thread, % of one",
                "dropped, %", "handovers, of those without slow events");
        Samples without = new Samples();
        for (String slow : new String[] {"off", "1ms", "100us", "30us", "10us", "3us", "1us"}) {
            try (LoadHost host = new LoadHost(Jdks.newest(), PAIRS, 0)) {
                host.go();
                host.jvm().attach("stacks=false,max-cost=off,slow.blocked_park=" + slow);
                host.jvm().await("on");
                Await.sleep(effort.warmUpMs() / 4);
                SlowReport first = host.jvm().freshEvents();
                ThreadTimes before = ThreadTimes.of(host.jvm().pid());
                LoadHost.Count began = host.count();
                Await.sleep(2L * effort.windowMs());
                LoadHost.Count ended = host.count();
                double seconds = (ended.atNs() - began.atNs()) / 1e9;
                double percent = ThreadTimes.of(host.jvm().pid()).since(before, AGENT_THREAD::equals) / seconds / 1e7;
                SlowReport last = host.jvm().freshEvents();
                long dropped = last.loss("lost_slow_events") - first.loss("lost_slow_events");
                long all = last.seen() - first.seen() + dropped;
                double handovers = ended.perSecondSince(began);
                if (slow.equals("off")) {
                    without.add(handovers);
                }
                table.row(Samples.number("%.0f", all / seconds), slow, Samples.number("%.1f", percent),
                        all == 0 ? "0" : Samples.number("%.1f", 100.0 * dropped / all),
                        Samples.number("%.2f", handovers / without.median()));
            }
        }
        return "### Slow events\n\nA JVM that hands over (" + PAIRS + " pairs) and whose `slow.blocked_park` gets lower"
                + " and lower; without stacks.\nWhat is dropped is in `lost_slow_events`.\n\n" + table;
    }
}
