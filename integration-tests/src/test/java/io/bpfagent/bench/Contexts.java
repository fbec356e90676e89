package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What contexts cost: to the thread that begins and ends one, and in the kernel where a thread is in one. */
final class Contexts implements Chapter {
    private static final double PAIR_TARGET_NS = 10;
    private static final double KERNEL_TARGET_PERCENT = 10;
    private static final int PAIRS = 4;
    private static final int MEASURE_MS = 1_500;
    private static final int QUICK_MEASURE_MS = 700;
    private static final List<String> LOADS = List.of("alone", "fenced", "two", "nested", "apart");
    private static final Map<String, String> TEXTS = Map.of("alone", "one context, in a loop that does nothing else",
            "fenced", "one, with a volatile store in it", "two", "two, one after the other", "nested",
            "two, one in the other", "apart", "one, around 4 us of work");

    /** The agent with contexts, of a load that begins them. */
    private static final class InContexts implements Watcher {
        private final Ours ours = new Ours("contexts", "contexts=on");
        private final String how;
        private LoadHost host;

        InContexts(String how) {
            this.how = how;
        }

        @Override
        public String name() {
            return how;
        }

        @Override
        public String missing() {
            return null;
        }

        @Override
        public void start(HostJvm jvm) {
            ours.start(jvm);
            jvm.send("contexts " + how);
        }

        @Override
        public Set<Integer> programs() {
            return ours.programs();
        }

        @Override
        public void stop() {
            ours.stop();
        }
    }

    /** In the kernel, pair by pair. */
    private static final class Cost {
        private final Samples without = new Samples();
        private final Samples with = new Samples();
        private final Samples more = new Samples();
        private final Samples percent = new Samples();
    }

    @Override
    public String name() {
        return "contexts";
    }

    @Override
    public String title() {
        return "Contexts";
    }

    @Override
    public String measure(Effort effort) {
        return pairs(effort) + "\n" + kernel(effort);
    }

    /** In a JVM of its own in each round: how it lays out its memory and compiles is a matter of luck. */
    private static String pairs(Effort effort) {
        Map<String, Samples> ns = new HashMap<>();
        Map<String, String> bytes = new HashMap<>();
        Samples alone = new Samples();
        int ms = effort == Effort.FULL ? MEASURE_MS : QUICK_MEASURE_MS;
        Turns<Jdk> jdks = new Turns<>(Jdks.all());
        for (int round = 0; round < effort.rounds(); round++) {
            for (Jdk jdk : jdks.next()) {
                try (HostJvm host = HostJvm.of(jdk).agent("contexts=on").main(ContextLoad.class).start()) {
                    host.awaitLine("ready");
                    host.await("on");
                    for (String load : LOADS) {
                        String line = load + " " + ms;
                        host.send(line);
                        String[] words = host.awaitLine(line + " ", Duration.ofSeconds(60)).split(" ");
                        String row = TEXTS.get(load) + ", " + jdk;
                        double found = Double.parseDouble(words[2]);
                        ns.computeIfAbsent(row, ignored -> new Samples()).add(found);
                        bytes.put(row, words[3]);
                        if (load.equals("alone")) {
                            alone.add(found);
                        }
                    }
                }
            }
        }
        Table table = new Table("ns for enter and leave", "ns", "bytes allocated");
        for (Jdk jdk : Jdks.all()) {
            for (String load : LOADS) {
                String row = TEXTS.get(load) + ", " + jdk;
                table.row(row, ns.get(row).text("%.1f"), bytes.get(row));
            }
        }
        return "What a thread pays to begin and end a context, without the loop around it. Target: at most "
                + Samples.number("%.0f", PAIR_TARGET_NS) + " ns, and nothing allocated: "
                + alone.verdict(PAIR_TARGET_NS)
                + ".\nWhere contexts change so fast, most changes do without the clock; where they do not, each"
                + " reads it.\n\n"
                + table;
    }

    private static String kernel(Effort effort) {
        Map<String, String> texts = new HashMap<>();
        texts.put("none", "on, no thread is in one");
        texts.put("long", "each thread is in one for long");
        texts.put("each", "each handover is one");
        Table table = new Table("ns of a wake-up and a switch", "without contexts", "with", "more", "more, %", "mean");
        String verdict = "";
        try (LoadHost host = new LoadHost(Jdks.all().get(0), PAIRS, 0)) {
            host.go();
            Await.sleep(3_000);
            for (String how : List.of("none", "long", "each")) {
                Cost cost = new Cost();
                Watcher without = new Ours();
                Watcher with = new InContexts(how);
                Turns<Watcher> turns = new Turns<>(List.of(without, with));
                for (int round = 0; round < effort.pairs(); round++) {
                    Map<Watcher, SchedulerCost> found = new HashMap<>();
                    for (Watcher watcher : turns.next()) {
                        found.put(watcher, SchedulerCost.of(watcher, host, effort.windowMs() / 2));
                    }
                    double off = found.get(without).sum();
                    double on = found.get(with).sum();
                    cost.without.add(off);
                    cost.with.add(on);
                    cost.more.add(on - off);
                    cost.percent.add(100 * (on / off - 1));
                }
                table.row(texts.get(how), cost.without.text("%.0f"), cost.with.text("%.0f"), cost.more.text("%.0f"),
                        cost.percent.text("%.1f"), cost.percent.meanText("%.1f"));
                if (how.equals("long")) {
                    verdict = cost.percent.verdictOfMean(KERNEL_TARGET_PERCENT);
                }
            }
        }
        return "And the programs, on a JVM of " + PAIRS + " pairs of threads that hand over by park and unpark; the"
                + " agent\n"
                + "with its defaults, and the same with contexts=on, loaded anew for each turn. Target: at most "
                + Samples.number("%.0f", KERNEL_TARGET_PERCENT) + " % more where\nthreads are in a context: " + verdict
                + ". Where each stay on a CPU has to be divided among several, it is more.\n\n" + table;
    }
}
