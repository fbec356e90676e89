package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much less work is done in a JVM that collects garbage all the time when its pauses are taken apart. */
final class PauseThroughput implements Chapter {
    static final int COLLECTIONS_PER_SECOND = 100;

    private static final double TARGET_PERCENT = 1;
    /** What others do to one window is not what they do to all. */
    private static final int WINDOWS = 3;

    private final Watcher pauses = new Ours();
    private final Watcher without = new Ours("bpf-agent without its probes in HotSpot", "usdt=off");
    private final Table table = new Table("", "collections per second", "less work because of the pauses, %", "mean",
            "CPU time for each piece of work more, %", "mean", "a pause is longer, us");
    private final Table cpu = new Table("", "thread `bpf-agent`, % of a CPU", "the same with `usdt=off`",
            "JIT compilers in a turn, ms", "the same with `usdt=off`");
    private final StringBuilder verdicts = new StringBuilder();

    /**
     * What was found in one turn of a watcher.
     *
     * @param nsPerPiece   CPU time of the JVM but for its compilers
     * @param agentPercent what the agent's own thread takes of one CPU
     * @param jitMs        what the JIT compilers took from when it came
     */
    private record Turn(double piecesPerSecond, double collectionsPerSecond, double pauseNs, double nsPerPiece,
            double agentPercent, double jitMs) {}

    @Override
    public String name() {
        return "garbage";
    }

    @Override
    public String title() {
        return "Throughput of a JVM that collects garbage all the time";
    }

    @Override
    public String measure(Effort effort) {
        List<Jdk> jdks = Jdks.all();
        measure(jdks.get(0), "Parallel", effort);
        measure(jdks.get(jdks.size() - 1), "G1", effort);
        return text(effort);
    }

    /** Adds a row to each table. */
    private void measure(Jdk jdk, String collector, Effort effort) {
        Samples collections = new Samples();
        Samples less = new Samples();
        Samples cpuMore = new Samples();
        Samples longer = new Samples();
        Samples agent = new Samples();
        Samples agentWithout = new Samples();
        Samples jit = new Samples();
        Samples jitWithout = new Samples();
        Turns<Watcher> order = new Turns<>(List.of(pauses, without));
        try (GarbageHost host = new GarbageHost(jdk, collector, COLLECTIONS_PER_SECOND)) {
            // The first time the compilers have most to do.
            turn(host, pauses, effort);
            for (int round = 0; round < effort.pairs(); round++) {
                Map<Watcher, Turn> turns = new HashMap<>();
                for (Watcher watcher : order.next()) {
                    turns.put(watcher, turn(host, watcher, effort));
                }
                turns.values().forEach(turn -> collections.add(turn.collectionsPerSecond()));
                Turn ours = turns.get(pauses);
                Turn reference = turns.get(without);
                less.add(100 * (1 - ours.piecesPerSecond() / reference.piecesPerSecond()));
                cpuMore.add(100 * (ours.nsPerPiece() / reference.nsPerPiece() - 1));
                longer.add((ours.pauseNs() - reference.pauseNs()) / 1e3);
                agent.add(ours.agentPercent());
                agentWithout.add(reference.agentPercent());
                jit.add(ours.jitMs());
                jitWithout.add(reference.jitMs());
            }
            table.row(host.name(), collections.text("%.0f"), less.text("%.1f"), less.meanText("%.2f"),
                    cpuMore.text("%.1f"), cpuMore.meanText("%.2f"), longer.text("%.0f"));
            cpu.row(host.name(), agent.text("%.2f"), agentWithout.text("%.2f"), jit.text("%.0f"),
                    jitWithout.text("%.0f"));
            verdicts.append("* ").append(host.name()).append(": by work done ")
                    .append(less.verdictOfMean(TARGET_PERCENT)).append(", by CPU time ")
                    .append(cpuMore.verdictOfMean(TARGET_PERCENT)).append(".\n");
        }
    }

    private static Turn turn(GarbageHost host, Watcher watcher, Effort effort) {
        watcher.start(host.jvm());
        ThreadTimes from = host.threadTimes();
        Await.sleep(effort.settleMs());
        Samples pieces = new Samples();
        Samples collections = new Samples();
        Samples pauseNs = new Samples();
        Samples nsPerPiece = new Samples();
        Samples agent = new Samples();
        for (int i = 0; i < WINDOWS; i++) {
            GarbageHost.Work work = host.quietWork(effort.windowMs());
            pieces.add(work.piecesPerSecond());
            collections.add(work.collectionsPerSecond());
            pauseNs.add(work.pauseNs());
            nsPerPiece.add(work.nsPerPiece());
            agent.add(100 * work.agentShare());
        }
        double jitMs = host.threadTimes().since(from, ThreadTimes::isCompiler) / 1e6;
        watcher.stop();
        return new Turn(pieces.mean(), collections.mean(), pauseNs.mean(), nsPerPiece.mean(), agent.mean(), jitMs);
    }

    private String text(Effort effort) {
        return """
                Work done by 4 threads that compute and allocate, `-Xmx64m -Xmn16m`, with the agent's defaults and with
                `usdt=off` (all but the pauses and what else HotSpot's probes tell), in turns in one JVM: %d pairs, each
                turn %d windows of %d ms, %d s after the agent came. Windows in which others took 2 %% of the CPUs were
                measured again. What the JIT compilers took, who have the agent's code to compile in the first 20 s, is
                given back. The CPU time is that of the whole JVM but for them: it depends less on what others do.
                Means with their standard errors. Target: at most %.0f %% less work with the pauses than without,
                and twice
                the standard error must leave no doubt:

                %s
                %s
                CPU time of the JVM's own threads for that. The compilers compile the agent's code once.

                %s""".formatted(effort.pairs(), WINDOWS, effort.windowMs(), effort.settleMs() / 1000, TARGET_PERCENT,
                verdicts, table, cpu);
    }
}
