package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SlowReport;
import java.util.List;

/** What the agent's thread takes the more slow events there are: a JVM that hands over, and a lower and lower limit. */
final class SlowEventGrowth implements Chapter {
    private static final String AGENT_THREAD = "bpf-agent";
    private static final int PAIRS = 2;

    private final Curve curve = Curve.total("growth-slow-events", "slow events a second",
            "% of a CPU in the agent's thread");

    @Override
    public String name() {
        return "growth-events";
    }

    @Override
    public String title() {
        return "Growth: slow events";
    }

    @Override
    public List<Curve> curves() {
        return List.of(curve);
    }

    /** Each handover is two waits: the threshold says how many of them are slow events. */
    @Override
    public String measure(Effort effort) {
        Table table = new Table("slow events a second", "threshold", "CPU of the agent's thread, % of one",
                "dropped, %", "ns of the programs at a wake-up and a switch", "handovers, of those without");
        Samples without = new Samples();
        int place = 0;
        for (String slow : new String[] {"off", "1ms", "100us", "30us", "10us", "3us", "1us"}) {
            Samples perSecond = new Samples();
            Samples percent = new Samples();
            Samples dropped = new Samples();
            Samples ns = new Samples();
            Samples handovers = new Samples();
            try (LoadHost host = new LoadHost(Jdks.newest(), PAIRS, 0)) {
                host.go();
                host.jvm().attach("stacks=false,max-cost=off,slow.blocked_park=" + slow);
                host.jvm().await("on");
                Await.sleep(effort.warmUpMs() / 4);
                for (int round = 0; round < effort.rounds(); round++) {
                    Window window = window(host, effort.windowMs());
                    perSecond.add(window.all / window.seconds);
                    percent.add(window.agentNs / window.seconds / 1e7);
                    dropped.add(window.all == 0 ? 0 : 100.0 * window.dropped / window.all);
                    handovers.add(window.handovers);
                    ns.add(SchedulerCost.within(OurBpf.heldBy(host.jvm().pid()).programs(), effort.windowMs() / 2)
                            .sum());
                    if (slow.equals("off")) {
                        without.add(window.handovers);
                        continue;
                    }
                    curve.add(place, window.all / window.seconds, window.agentNs / window.seconds / 1e7);
                }
            }
            table.row(perSecond.text("%,.0f"), slow, percent.text("%.1f"), dropped.text("%.1f"),
                    ns.text("%.0f"), handovers.times(1 / without.median()).text("%.2f"));
            place++;
        }
        return "A JVM that hands over (" + PAIRS + " pairs) and whose `slow.blocked_park` gets lower"
                + " and lower; without stacks.\nWhat is dropped is in `lost_slow_events`; the ns are with the kernel's"
                + " counting.\n\n" + table + "\n" + curve;
    }

    /** @param all slow events, the dropped ones too */
    private record Window(double seconds, long all, long dropped, long agentNs, double handovers) {}

    /** From a snapshot to a later one: what an event is counted in. */
    private static Window window(LoadHost host, int windowMs) {
        SlowReport first = host.jvm().freshEvents();
        ThreadTimes before = ThreadTimes.of(host.jvm().pid());
        LoadHost.Count began = host.count();
        Await.sleep(windowMs);
        SlowReport last = host.jvm().freshEvents();
        long agentNs = ThreadTimes.of(host.jvm().pid()).since(before, AGENT_THREAD::equals);
        LoadHost.Count ended = host.count();
        long dropped = last.loss("lost_slow_events") - first.loss("lost_slow_events");
        return new Window((ended.atNs() - began.atNs()) / 1e9, last.seen() - first.seen() + dropped, dropped, agentNs,
                ended.perSecondSince(began));
    }
}
