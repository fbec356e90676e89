package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much less real applications do while the agent is there. */
final class Applications implements Chapter {
    private static final double TARGET_PERCENT = 1;
    /** What others do to one window is not what they do to all. */
    private static final int WINDOWS = 2;
    /** Of the rounds: where the cost is several times the noise, fewer will do. */
    private static final int FEWER = 4;

    private final Watcher nobody = new Nobody();
    private final Watcher all = new Ours();
    private final Watcher spine = Ours.spine();
    private final Table throughput = new Table("", "without agent, per second", "with it, less, %", "mean",
            "with the spine alone, less, %", "mean");
    private final Table cpuTime = new Table("", "without agent, us for each", "with it, more, %", "mean",
            "with the spine alone, more, %", "mean");
    private final Table threads = new Table("", "thread `bpf-agent`, % of a CPU", "with the spine alone",
            "JIT compilers, % of a CPU, without agent", "with it", "with the spine alone");
    private final StringBuilder verdicts = new StringBuilder();

    /**
     * What was found in one turn of a watcher.
     *
     * @param perSecond    as if the compilers had done nothing: they would have left their time to the application
     * @param cpuUs        CPU time of the JVM for each request, but for its compilers
     * @param agentPercent what the agent's own thread takes of one CPU
     * @param jitPercent   what the compilers take of one CPU
     */
    record Turn(double perSecond, double cpuUs, double agentPercent, double jitPercent) {
        /** Of all windows together, on a machine of which all CPUs are busy. */
        static Turn of(List<ApplicationHost.Work> windows, int cpus) {
            double done = 0;
            double ns = 0;
            double cpuNs = 0;
            double agentNs = 0;
            double jitNs = 0;
            for (ApplicationHost.Work work : windows) {
                done += work.done();
                ns += work.ns();
                cpuNs += work.cpuNs();
                agentNs += work.agentNs();
                jitNs += work.jitNs();
            }
            return new Turn(done * 1e9 / (ns - jitNs / cpus), cpuNs / done / 1e3, 100 * agentNs / ns, 100 * jitNs / ns);
        }
    }

    @Override
    public String name() {
        return "applications";
    }

    @Override
    public String title() {
        return "Throughput of applications";
    }

    @Override
    public String measure(Effort effort) {
        Jdk oldest = Jdks.all().get(0);
        try (ApplicationHost host = ApplicationHost.httpServer(Jdks.newest(), "page")) {
            verdict(host, measure(host, effort.pairs(), effort));
        }
        try (ApplicationHost host = ApplicationHost.database(oldest)) {
            verdict(host, measure(host, effort.pairs(), effort));
        }
        try (ApplicationHost host = ApplicationHost.httpServer(Jdks.newest(), "word")) {
            measure(host, fewer(effort.pairs()), effort);
        }
        return text(effort);
    }

    /** Less throughput, and more CPU time for each request, in percent. */
    private record Cost(Samples less, Samples more) {
        Cost() {
            this(new Samples(), new Samples());
        }

        void add(Turn with, Turn without) {
            less.add(100 * (1 - with.perSecond / without.perSecond));
            more.add(100 * (with.cpuUs / without.cpuUs - 1));
        }
    }

    /** Adds a row to each table; what the agent costs with its defaults. */
    private Cost measure(ApplicationHost host, int rounds, Effort effort) {
        Map<Watcher, Cost> costs = Map.of(all, new Cost(), spine, new Cost());
        Map<Watcher, Samples> agent = Map.of(nobody, new Samples(), all, new Samples(), spine, new Samples());
        Map<Watcher, Samples> jit = Map.of(nobody, new Samples(), all, new Samples(), spine, new Samples());
        Samples perSecond = new Samples();
        Samples cpuUs = new Samples();
        host.warmUp(effort.warmUpMs());
        // The first time the compilers have most to do.
        turn(host, all, effort);
        Turns<Watcher> order = new Turns<>(List.of(nobody, all, spine));
        for (int round = 0; round < rounds; round++) {
            Map<Watcher, Turn> turns = new HashMap<>();
            for (Watcher watcher : order.next()) {
                Turn turn = turn(host, watcher, effort);
                turns.put(watcher, turn);
                agent.get(watcher).add(turn.agentPercent);
                jit.get(watcher).add(turn.jitPercent);
            }
            costs.forEach((watcher, cost) -> cost.add(turns.get(watcher), turns.get(nobody)));
            perSecond.add(turns.get(nobody).perSecond);
            cpuUs.add(turns.get(nobody).cpuUs);
        }
        row(throughput, host, perSecond.text("%.0f"), costs.get(all).less, costs.get(spine).less);
        row(cpuTime, host, cpuUs.text("%.1f"), costs.get(all).more, costs.get(spine).more);
        threads.row(host.name(), agent.get(all).text("%.2f"), agent.get(spine).text("%.2f"),
                jit.get(nobody).text("%.1f"), jit.get(all).text("%.1f"), jit.get(spine).text("%.1f"));
        return costs.get(all);
    }

    private static Turn turn(ApplicationHost host, Watcher watcher, Effort effort) {
        watcher.start(host.jvm());
        try {
            Await.sleep(effort.settleMs());
            List<ApplicationHost.Work> windows = new ArrayList<>();
            for (int i = 0; i < WINDOWS; i++) {
                windows.add(host.quietWork(effort.windowMs()));
            }
            return Turn.of(windows, Runtime.getRuntime().availableProcessors());
        } finally {
            watcher.stop();
        }
    }

    private static int fewer(int rounds) {
        return Math.max(2, rounds / FEWER);
    }

    private static void row(Table table, ApplicationHost host, String alone, Samples all, Samples spine) {
        table.row(host.name(), alone, all.text("%.1f"), all.meanText("%.2f"), spine.text("%.1f"),
                spine.meanText("%.2f"));
    }

    private void verdict(ApplicationHost host, Cost cost) {
        verdicts.append("* ").append(host.name()).append(": by work done ")
                .append(cost.less.verdictOfMean(TARGET_PERCENT)).append(", by CPU time ")
                .append(cost.more.verdictOfMean(TARGET_PERCENT)).append(".\n");
    }

    private String text(Effort effort) {
        return """
                Both CPUs are busy: with an HTTP server and its client, another JVM, which asks on 16 connections that it
                keeps for a page of 30 KiB (a permit, a template from a file, a digest, compressed) or, the upper bound of
                the cost, for a word; or with a database in a file and 4 threads in the same JVM that do transactions of
                five statements. Without the agent, with its defaults, and with the spine alone
                (%s), in turns in one JVM:
                %d rounds (%d of the word), each turn %d windows of %d ms, %d s after the agent came or went. Windows in
                which others took 2 %% more than usual, or the compilers a tenth of a CPU, were measured again. Means with
                their standard errors. Target: at most %.0f %% less with the agent, and twice the standard error must leave
                no doubt:

                %s
                Requests and transactions per second, without what the JIT compilers took of the CPUs, who have the
                agent's code to compile in the first 20 s:

                %s
                CPU time of the JVM for each of them, but for its compilers, which depends less on what others do:

                %s
                Threads that are beside the application:

                %s""".formatted(Ours.SPINE_TEXT, effort.pairs(), fewer(effort.pairs()), WINDOWS, effort.windowMs(),
                effort.settleMs() / 1000, TARGET_PERCENT, verdicts, throughput, cpuTime, threads);
    }
}
