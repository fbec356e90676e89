package io.bpfagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
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
    private static final int WINDOWS = 4;
    /** Of the rounds: where the cost is several times the noise, fewer will do. */
    private static final int FEWER = 4;
    /** Until the bill is looked at, so many times as long as until a window: then the agent's own code is compiled. */
    private static final int BILL_SETTLES = 30;
    private static final int BILLS = 4;
    /** The bill is of the last five seconds. */
    private static final int BILL_MS = 6_000;
    /**
     * Until the agent's own code is compiled, most of it, so many times as long as until a window without it: an agent
     * stays for hours.
     */
    private static final int AGENT_SETTLES = 10;

    private final Watcher nobody = new Nobody();
    private final Watcher all = new Ours();
    private final Watcher spine = Ours.spine();
    private final Watcher requests = new Ours("with requests", "requests=true");
    private final Table throughput = new Table("", "without agent, per second", "with it, less, %", "mean",
            "with the spine alone, less, %", "mean");
    private final Table cpuTime = new Table("", "without agent, us for each", "with it, more, %", "mean",
            "with the spine alone, more, %", "mean");
    private final Table threads = new Table("", "thread `bpf-agent`, % of a CPU", "with the spine alone",
            "JIT compilers, % of a CPU, without agent", "with it", "with the spine alone");
    private final Table bills = new Table("of the JVM's CPU time, %", "the programs", "thread `bpf-agent`", "together",
            "had turned off");
    private final Table hooks = new Table("with `requests=true` more than without", "less work, %", "mean",
            "more CPU time for each, %", "mean");
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
            hookVerdict(host, measureHooks(host, half(effort.pairs()), effort));
        }
        try (ApplicationHost host = ApplicationHost.database(oldest)) {
            verdict(host, measure(host, effort.pairs(), effort));
            hookVerdict(host, measureHooks(host, half(effort.pairs()), effort));
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
        turn(host, all, AGENT_SETTLES * effort.settleMs(), effort);
        Turns<Watcher> order = new Turns<>(List.of(nobody, all, spine));
        for (int round = 0; round < rounds; round++) {
            Map<Watcher, Turn> turns = new HashMap<>();
            for (Watcher watcher : order.next()) {
                int settles = watcher == nobody ? 1 : AGENT_SETTLES;
                Turn turn = turn(host, watcher, settles * effort.settleMs(), effort);
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
        bill(host, effort);
        return costs.get(all);
    }

    /** What requests as contexts cost where the agent is there in any case; adds a row to the table. */
    private Cost measureHooks(ApplicationHost host, int rounds, Effort effort) {
        Cost cost = new Cost();
        int settleMs = AGENT_SETTLES * effort.settleMs();
        turn(host, requests, settleMs, effort);
        Turns<Watcher> order = new Turns<>(List.of(all, requests));
        for (int round = 0; round < rounds; round++) {
            Map<Watcher, Turn> turns = new HashMap<>();
            for (Watcher watcher : order.next()) {
                turns.put(watcher, turn(host, watcher, settleMs, effort));
            }
            cost.add(turns.get(requests), turns.get(all));
        }
        hooks.row(host.name(), cost.less.text("%.1f"), cost.less.meanText("%.2f"), cost.more.text("%.1f"),
                cost.more.meanText("%.2f"));
        return cost;
    }

    /**
     * What the agent says of itself when it has been there for a minute: most of that is the kernel's own statistics.
     */
    private void bill(ApplicationHost host, Effort effort) {
        Samples programs = new Samples();
        Samples thread = new Samples();
        Samples together = new Samples();
        String turnedOff;
        all.start(host.jvm());
        try {
            Await.sleep(BILL_SETTLES * effort.settleMs());
            for (int i = 0; i < BILLS; i++) {
                Await.sleep(BILL_MS);
                JsonObject cost = host.jvm().status().getAsJsonObject("cost");
                double hostNs = cost.get("hostCpuNs").getAsDouble();
                programs.add(100 * cost.get("programNs").getAsDouble() / hostNs);
                thread.add(100 * cost.get("threadCpuNs").getAsDouble() / hostNs);
                together.add(100 * cost.get("share").getAsDouble());
            }
            turnedOff = turnedOff(host.jvm());
        } finally {
            all.stop();
        }
        bills.row(host.name(), programs.text("%.2f"), thread.text("%.2f"), together.text("%.2f"), turnedOff);
    }

    /** What nobody had asked for and was too dear for that. */
    private static String turnedOff(HostJvm jvm) {
        List<String> names = new ArrayList<>();
        for (JsonElement element : jvm.control().get(ControlClient.request("probes")).getAsJsonArray("probes")) {
            JsonObject probe = element.getAsJsonObject();
            if (!probe.get("why").isJsonNull() && probe.get("why").getAsString().startsWith("not asked for: ")) {
                names.add("`" + probe.get("name").getAsString() + "`");
            }
        }
        return names.isEmpty() ? "–" : String.join(", ", names);
    }

    private static Turn turn(ApplicationHost host, Watcher watcher, int settleMs, Effort effort) {
        watcher.start(host.jvm());
        try {
            Await.sleep(settleMs);
            List<ApplicationHost.Work> windows = new ArrayList<>();
            for (int i = 0; i < WINDOWS; i++) {
                windows.add(host.quietWork(effort.windowMs()));
            }
            return Turn.of(windows, Runtime.getRuntime().availableProcessors());
        } finally {
            watcher.stop();
        }
    }

    private static int half(int rounds) {
        return Math.max(2, rounds / 2);
    }

    private static int fewer(int rounds) {
        return Math.max(2, rounds / FEWER);
    }

    private static void row(Table table, ApplicationHost host, String alone, Samples all, Samples spine) {
        table.row(host.name(), alone, all.text("%.1f"), all.meanText("%.2f"), spine.text("%.1f"),
                spine.meanText("%.2f"));
    }

    private void verdict(ApplicationHost host, Cost cost) {
        verdict(host.name(), cost);
    }

    private void hookVerdict(ApplicationHost host, Cost cost) {
        verdict(host.name() + ", `requests=true` on top of that", cost);
    }

    private void verdict(String what, Cost cost) {
        verdicts.append("* ").append(what).append(": by work done ")
                .append(cost.less.verdictOfMean(TARGET_PERCENT)).append(", by CPU time ")
                .append(cost.more.verdictOfMean(TARGET_PERCENT)).append(".\n");
    }

    private String text(Effort effort) {
        return """
                Both CPUs are busy: with an HTTP server and its client, another JVM,
                which asks on 16 connections that it
                keeps for a page of 30 KiB (a permit, a template from a file, a digest, compressed) or,
                the upper bound of
                the cost, for a word; or with a database in a file and 4 threads in the same JVM that do transactions of
                five statements. Without the agent, with its defaults, and with the spine alone
                (%s), in turns in one JVM:
                %d rounds (%d of the word), each turn %d windows of %d ms, %d s after the agent came and %d s after it
                went. Windows in which others took 2 %% more than usual, or the compilers a tenth of a CPU,
                were measured again. Means with their standard errors. Target: at most %.0f %% less with the agent,
                and twice the standard error must leave no doubt:

                %s
                Requests and transactions per second, without what the JIT compilers took of the CPUs, who have the
                agent's code to compile at first:

                %s
                CPU time of the JVM for each of them, but for its compilers, which depends less on what others do:

                %s
                With `requests=true` (each request a context, with what it waited for), measured against the agent with
                its defaults in %d rounds, %d s after its hooks were woven in or taken out:

                %s
                Threads that are beside the application:

                %s
                The agent's own bill (`status`), %d s after it came and %d times 6 s later: what its programs take by \
                the
                kernel's statistics, with 550 ns for a uprobe's trap, and its thread. Uprobes that nobody had asked \
                for are
                turned off after 10 s of more than 1 %%, before anything is measured here. It leaves out what the \
                programs push
                out of the CPUs' caches, and what others do to the figures above has no part in it:

                %s""".formatted(Ours.SPINE_TEXT, effort.pairs(), fewer(effort.pairs()), WINDOWS, effort.windowMs(),
                AGENT_SETTLES * effort.settleMs() / 1000, effort.settleMs() / 1000, TARGET_PERCENT, verdicts,
                throughput, cpuTime, half(effort.pairs()), AGENT_SETTLES * effort.settleMs() / 1000, hooks, threads,
                BILL_SETTLES * effort.settleMs() / 1000, BILLS, bills);
    }
}
