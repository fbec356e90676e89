package io.bpfagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much more CPU time real applications take for their work while the agent is there. */
final class Applications implements Chapter {
    private static final double TARGET_PERCENT = 1;
    /** In each turn, and each so many times as long as one of other chapters: its ends are read some ms apart. */
    private static final int WINDOWS = 6;
    private static final int LONGER = 2;
    /**
     * Until the agent's own code is compiled, most of it, and until it has turned off what is too dear: so many times
     * as long as until a window without it. An agent stays for hours.
     */
    private static final int AGENT_SETTLES = 15;
    /** Of the rounds: the less what an application does changes by itself, the fewer turns tell as much. */
    private static final int PAGE_PART = 3;
    private static final int DATABASE_PART = 2;
    private static final int WORD_PART = 5;
    /** Until the bill is looked at. */
    private static final int BILL_SETTLES = 30;
    private static final int BILLS = 4;
    /** The bill is of the last five seconds. */
    private static final int BILL_MS = 6_000;

    /** What one of the two has, and what the other has meanwhile. */
    private record Case(String text, Watcher watcher, Watcher beside) {
        boolean isAgent() {
            return !(watcher instanceof Nobody);
        }
    }

    private final Case nobody = new Case("nobody comes", new Nobody(), new Nobody());
    private final Case all = new Case("the agent with its defaults", new Ours(), new Nobody());
    private final Case requests = new Case("`requests=true` beside one with its defaults",
            new Ours("with requests", "requests=true"), new Ours());
    private final Table cpuTime = new Table("CPU time more for each, %", "median", "mean", "target");
    private final Table works = new Table("", "each second, both together", "us of CPU time for each, without agent",
            "thread `bpf-agent`, % of the JVM's", "JIT compilers, % of the JVM's, without agent", "with it");
    private final Table bills = new Table("of the JVM's CPU time, %", "the programs", "thread `bpf-agent`", "together",
            "had turned off");

    private final boolean http;

    private Applications(boolean http) {
        this.http = http;
    }

    static Applications http() {
        return new Applications(true);
    }

    static Applications sql() {
        return new Applications(false);
    }

    @Override
    public String name() {
        return http ? "applications-http" : "applications-sql";
    }

    @Override
    public String title() {
        return http ? "Throughput of an HTTP server" : "Throughput of an SQL database";
    }

    @Override
    public String measure(Effort effort) {
        if (!http) {
            try (ApplicationPair pair = ApplicationPair.databases(Jdks.all().get(0))) {
                measure(pair, List.of(nobody, all, requests), rounds(effort, DATABASE_PART), effort);
            }
            return sqlText(effort) + numbers(effort);
        }
        try (ApplicationPair pair = ApplicationPair.httpServers(Jdks.newest(), "page")) {
            measure(pair, List.of(nobody, all, requests), rounds(effort, PAGE_PART), effort);
        }
        try (ApplicationPair pair = ApplicationPair.httpServers(Jdks.newest(), "word")) {
            measure(pair, List.of(all), rounds(effort, WORD_PART), effort);
        }
        return httpText(effort) + numbers(effort);
    }

    /** Adds rows to each table. */
    private void measure(ApplicationPair pair, List<Case> cases, int rounds, Effort effort) {
        Map<Case, Samples> more = new HashMap<>();
        Samples perSecond = new Samples();
        Samples cpuUs = new Samples();
        Samples agent = new Samples();
        Samples jitWithout = new Samples();
        Samples jitWith = new Samples();
        pair.warmUp(effort.warmUpMs());
        // The first time the compilers have most to do.
        work(pair, new Ours(), new Ours(), AGENT_SETTLES * effort.settleMs(), 1, effort);
        Turns<Case> order = new Turns<>(cases);
        for (int round = 0; round < rounds; round++) {
            for (Case which : order.next()) {
                int settleMs = which.isAgent() ? AGENT_SETTLES * effort.settleMs() : effort.settleMs();
                ApplicationPair.Works there = work(pair, which.watcher, which.beside, settleMs, WINDOWS, effort);
                ApplicationPair.Works back = work(pair, which.beside, which.watcher, settleMs, WINDOWS, effort);
                more.computeIfAbsent(which, ignored -> new Samples()).add(morePercent(there, back));
                if (which == all) {
                    perSecond.add((there.first().done() + there.second().done()) * 1e9 / there.first().ns());
                    cpuUs.add(there.second().cpuUs()).add(back.first().cpuUs());
                    agent.add(percent(there.first().agentNs(), there.first())).add(
                            percent(back.second().agentNs(), back.second()));
                    jitWith.add(percent(there.first().jitNs(), there.first())).add(
                            percent(back.second().jitNs(), back.second()));
                    jitWithout.add(percent(there.second().jitNs(), there.second())).add(
                            percent(back.first().jitNs(), back.first()));
                }
            }
        }
        for (Case which : cases) {
            boolean counts = which.isAgent() && cases.size() > 1;
            cpuTime.row(pair.name() + ": " + which.text, more.get(which).text("%.2f"),
                    more.get(which).meanText("%.2f"),
                    counts ? more.get(which).verdictOfMean(TARGET_PERCENT) : "");
        }
        works.row(pair.name(), perSecond.text("%.0f"), cpuUs.text("%.1f"), agent.text("%.2f"),
                jitWithout.text("%.1f"), jitWith.text("%.1f"));
        bill(pair, effort);
    }

    /** What the one with the watcher takes more: it was the first there, and the second back. */
    static double morePercent(ApplicationPair.Works there, ApplicationPair.Works back) {
        return 100 * (Math.sqrt(there.ratio() / back.ratio()) - 1);
    }

    private static double percent(long ns, ApplicationHost.Work work) {
        return 100.0 * ns / work.cpuNs();
    }

    private static ApplicationPair.Works work(ApplicationPair pair, Watcher first, Watcher second, int settleMs,
            int windows, Effort effort) {
        first.start(pair.first().jvm());
        try {
            second.start(pair.second().jvm());
            try {
                Await.sleep(settleMs);
                return pair.work(windows, LONGER * effort.windowMs());
            } finally {
                second.stop();
            }
        } finally {
            first.stop();
        }
    }

    /**
     * What the agent says of itself when it has been there for a minute: most of that is the kernel's own statistics.
     */
    private void bill(ApplicationPair pair, Effort effort) {
        HostJvm jvm = pair.first().jvm();
        Samples programs = new Samples();
        Samples thread = new Samples();
        Samples together = new Samples();
        String turnedOff;
        all.watcher.start(jvm);
        try {
            Await.sleep(BILL_SETTLES * effort.settleMs());
            for (int i = 0; i < BILLS; i++) {
                Await.sleep(BILL_MS);
                JsonObject cost = jvm.status().getAsJsonObject("cost");
                double hostNs = cost.get("hostCpuNs").getAsDouble();
                programs.add(100 * cost.get("programNs").getAsDouble() / hostNs);
                thread.add(100 * cost.get("threadCpuNs").getAsDouble() / hostNs);
                together.add(100 * cost.get("share").getAsDouble());
            }
            turnedOff = turnedOff(jvm);
        } finally {
            all.watcher.stop();
        }
        bills.row(pair.name(), programs.text("%.2f"), thread.text("%.2f"), together.text("%.2f"), turnedOff);
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

    private static int rounds(Effort effort, int part) {
        return Math.max(2, effort.rounds() / part);
    }

    private static String httpText(Effort effort) {
        return """
                Two HTTP servers share one CPU, each with its client, another JVM, which asks on 8 connections that it
                keeps, as fast as it can: for a page of 30 KiB (a permit, a template from a file, a digest, compressed)
                or, the upper bound of the cost, for a word. One of the two has the agent, then the other: %d rounds of
                the page, %d of the word.""".formatted(rounds(effort, PAGE_PART), rounds(effort, WORD_PART));
    }

    private static String sqlText(Effort effort) {
        return """
                Two JVMs share one CPU, each with a database in a file and 2 threads that do transactions of five
                statements, as fast as they can. One of the two has the agent, then the other: %d rounds. (A database
                writes behind and collects garbage when it will: the ratio of the two changes more than that of two
                HTTP servers.)""".formatted(rounds(effort, DATABASE_PART));
    }

    private String numbers(Effort effort) {
        return """

                Each turn has %d windows of %d s, %d s after the agent came. What a JVM takes of the CPU for each, but
                for its compilers, is compared with what the other takes at the same time: of a CPU that is busy all
                the time, 1 %% more of that is 1 %% fewer of them. From window to window it changes by several percent,
                the ratio of the two less: `nobody comes` is what the same comparison finds where there is nothing to be
                found. (What a program does when a thread leaves its CPU to another JVM's is on that one's account.)
                Means with their standard errors. Target: at most %.0f %% more with the agent, and twice the standard
                error must leave no doubt.

                %s
                What they did, and what was beside it:

                %s
                The agent's own bill (`status`), %d s after it came and %d times 6 s later: what its programs take by
                the kernel's statistics, with 550 ns for a uprobe's trap, and its thread, which takes no more of a JVM
                that has more than half a CPU. Uprobes that nobody had asked for are turned off after 10 s of more
                than 1 %%, before anything is measured here. The bill leaves out what the programs push out of the
                CPUs' caches:

                %s""".formatted(WINDOWS, LONGER * effort.windowMs() / 1000, AGENT_SETTLES * effort.settleMs() / 1000,
                TARGET_PERCENT, cpuTime, works, BILL_SETTLES * effort.settleMs() / 1000, BILLS, bills);
    }
}
