package io.bpfagent.bench;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the agent's thread takes, and a snapshot, and the programs, in a JVM of so many parked threads. */
final class ThreadGrowth implements Chapter {
    private static final String AGENT_THREAD = "bpf-agent";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double MS = 1e6;
    /** Snapshots in a second, at the interval that it begins with and at a shorter one. */
    private static final double SELDOM = 1;
    private static final double OFTEN = 4;

    private final Curve cpu = Curve.total("growth-threads", "threads", "ms of CPU a second in the agent's thread");
    private final Curve snapshots = Curve.total("growth-snapshot", "threads", "ms of CPU for each snapshot");

    @Override
    public String name() {
        return "growth-threads";
    }

    @Override
    public String title() {
        return "Growth: threads of the JVM";
    }

    @Override
    public List<Curve> curves() {
        return List.of(cpu, snapshots);
    }

    @Override
    public String measure(Effort effort) {
        Table table = new Table("threads", "ns at a wake-up and a switch", "CPU of the agent's thread, ms a second",
                "a snapshot, ms of CPU", "kernel memory, MiB", "losses");
        int place = 0;
        for (int count : effort == Effort.QUICK ? new int[] {10, 1_000} : new int[] {10, 100, 1_000, 10_000}) {
            try (HostJvm host = HostJvm.of(Jdks.newest()).jvm("-Xss256k").main(Scenes.class)
                    .agent("threads=16384,max-cost=off").start()) {
                host.await("on");
                host.send("park-many " + count);
                host.awaitLine("done park-many", PATIENCE);
                host.send("pairs 1 " + Integer.MAX_VALUE);
                Await.sleep(effort.warmUpMs() / 4);
                Samples ns = new Samples();
                Samples seldom = new Samples();
                Samples snapshot = new Samples();
                for (int round = 0; round < effort.rounds(); round++) {
                    set(host, "interval=1s");
                    ns.add(SchedulerCost.within(OurBpf.heldBy(host.pid()).programs(), effort.windowMs() / 2).sum());
                    double ms = msPerSecond(host, effort.windowMs());
                    set(host, "interval=250ms");
                    double more = msPerSecond(host, effort.windowMs()) - ms;
                    seldom.add(ms);
                    snapshot.add(more / (OFTEN - SELDOM));
                    cpu.add(place, count, ms);
                    snapshots.add(place, count, more / (OFTEN - SELDOM));
                }
                long mib = host.status().get("kernelMemoryBytes").getAsLong() >> 20;
                Map<String, Long> losses = host.freshReport().losses();
                table.row(Integer.toString(count), ns.text("%.0f"), seldom.text("%.1f"), snapshot.text("%.2f"),
                        Long.toString(mib), losses.isEmpty() ? "none" : losses.toString());
            }
            place++;
        }
        return "All but two are parked, and these hand over to each other; a snapshot each"
                + " second, `threads=16384`. What a snapshot\ntakes is what the agent's thread takes more with one each"
                + " 250 ms, for each that there are more. The ns are with the\nkernel's counting.\n\n"
                + table + "\n" + cpu + "\n" + snapshots;
    }

    private static double msPerSecond(HostJvm host, int windowMs) {
        Await.sleep(500); // the interval that was under way
        ThreadTimes before = ThreadTimes.of(host.pid());
        long beganNs = System.nanoTime();
        Await.sleep(windowMs);
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        return ThreadTimes.of(host.pid()).since(before, AGENT_THREAD::equals) / MS / seconds;
    }

    private static void set(HostJvm host, String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        host.control().get(request);
    }
}
