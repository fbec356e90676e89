package io.bpfagent.bench;

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
    /** In one of other chapters. */
    private static final int SHORT_WINDOWS = 10;
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
        try (LoadPair loads = new LoadPair(PAIRS)) {
            for (String how : List.of("none", "long", "each")) {
                Cost cost = new Cost();
                for (int round = 0; round < rounds(effort); round++) {
                    LoadPair.Comparison found = loads.compare(new InContexts(how), new Ours(),
                            effort.windowMs() / SHORT_WINDOWS);
                    cost.without.add(found.other().sum());
                    cost.with.add(found.one().sum());
                    cost.more.add(found.one().sum() - found.other().sum());
                    cost.percent.add(found.percent());
                }
                table.row(texts.get(how), cost.without.text("%.0f"), cost.with.text("%.0f"), cost.more.text("%.0f"),
                        cost.percent.text("%.1f"), cost.percent.meanText("%.1f"));
                if (how.equals("long")) {
                    verdict = cost.percent.verdictOfMean(KERNEL_TARGET_PERCENT);
                }
            }
        }
        return """
                And the programs, on two JVMs of %d pairs of threads that hand over by park and unpark, one with the
                agent and its defaults, one with contexts=on too: %d rounds, in each of which the programs are loaded in
                each of the two, and the loads run by turns, %d each. Target: at most %.0f %% more where threads are in
                a context: %s. Where each stay on a CPU has to be divided among several, it is more.

                %s""".formatted(PAIRS, rounds(effort), LoadPair.TURNS, KERNEL_TARGET_PERCENT, verdict, table);
    }

    private static int rounds(Effort effort) {
        return Math.max(2, effort.rounds() / 2);
    }
}
