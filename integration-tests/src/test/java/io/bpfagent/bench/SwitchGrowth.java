package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.OurBpf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the programs take of a CPU the more context switches there are: a JVM with the agent, at a rate and without. */
final class SwitchGrowth implements Chapter {
    /** Handovers and back, a second: each is four switches or so, with those to idle CPUs. 0: as often as possible. */
    private static final List<Integer> RATES = List.of(250, 2_500, 25_000, 0);
    private static final int SETTLE_MS = 400;

    private final Curve share = Curve.total("growth-switches", "context switches a second",
            "% of a CPU in the scheduler's programs");
    private final Curve each = Curve.each("growth-switch-ns", "context switches a second",
            "ns in the programs for each switch");

    @Override
    public String name() {
        return "growth-switches";
    }

    @Override
    public String title() {
        return "Growth: context switches";
    }

    @Override
    public List<Curve> curves() {
        return List.of(share, each);
    }

    @Override
    public String measure(Effort effort) {
        List<Samples> switches = samples();
        List<Samples> ns = samples();
        List<Samples> percent = samples();
        try (RateHost host = new RateHost("handover")) {
            host.rate(0);
            host.jvm().attach("max-cost=off");
            host.jvm().await("on");
            Set<Integer> programs = OurBpf.heldBy(host.jvm().pid()).programs();
            Await.sleep(effort.warmUpMs() / 4);
            Turns<Integer> turns = new Turns<>(RATES);
            for (int round = 0; round < effort.rounds(); round++) {
                for (int rate : turns.next()) {
                    host.rate(rate);
                    Await.sleep(SETTLE_MS);
                    Window window = window(programs, effort.windowMs() / 2);
                    int place = RATES.indexOf(rate);
                    switches.get(place).add(window.switchesPerSecond);
                    percent.get(place).add(window.percent());
                    ns.get(place).add(window.nsEach());
                    share.add(place, window.switchesPerSecond, window.percent());
                    each.add(place, window.switchesPerSecond, window.nsEach());
                }
            }
        }
        Table table = new Table("context switches a second", "ns for each", "% of a CPU");
        for (int place = 0; place < RATES.size(); place++) {
            table.row(switches.get(place).text("%,.0f"), ns.get(place).text("%.0f"), percent.get(place).text("%.2f"));
        }
        return "A JVM with the agent whose threads hand over to each other, at a rate and at"
                + " last as fast as this machine does.\nThe switches are all of the machine's, those to idle CPUs too,"
                + " as the agent's program saw them; the ns are of all\nruns at switches and wake-ups, by the kernel's"
                + " count, with the 20 to 40 ns that counting takes at each run. Where\nswitches are rare, their code"
                + " and data are not in the CPU's caches any more.\n\n" + table + "\n" + share + "\n" + each;
    }

    private static List<Samples> samples() {
        List<Samples> samples = new ArrayList<>();
        RATES.forEach(rate -> samples.add(new Samples()));
        return samples;
    }

    /** @param nsPerSecond of all runs of the scheduler's programs */
    private record Window(double switchesPerSecond, double nsPerSecond) {
        double percent() {
            return nsPerSecond / 1e7;
        }

        double nsEach() {
            return nsPerSecond / switchesPerSecond;
        }
    }

    private static Window window(Set<Integer> programs, int windowMs) {
        return ProgramCounters.whileCounting(() -> {
            Map<Integer, ProgramCounters.Counter> before = ProgramCounters.read();
            long fromNs = System.nanoTime();
            Await.sleep(windowMs);
            Map<Integer, ProgramCounters.Counter> after = ProgramCounters.read();
            double seconds = (System.nanoTime() - fromNs) / 1e9;
            long runs = 0;
            long ns = 0;
            for (int id : programs) {
                ProgramCounters.Counter counter = after.get(id);
                if (counter != null && before.containsKey(id) && counter.name().startsWith("sched_")) {
                    ProgramCounters.Counter difference = counter.since(before.get(id));
                    ns += difference.ns();
                    runs += counter.name().equals("sched_switch") ? difference.runs() : 0;
                }
            }
            return new Window(runs / seconds, ns / seconds);
        });
    }
}
