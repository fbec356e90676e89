package io.bpfagent.bench;

import io.bpfagent.it.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How much less work is done in a JVM that collects garbage all the time when its pauses are taken apart. */
final class PauseThroughput {
    private static final double TARGET_PERCENT = 1;
    /** What others do to one window is not what they do to all. */
    private static final int WINDOWS = 4;

    private final int settleMs;
    private final Watcher pauses = new Ours(Ours.NAME, "");
    private final Watcher without = new Ours("bpf-agent without its probes in HotSpot", "usdt=off");
    private final Watcher nobody = new Nobody();
    private final Table table = new Table("", "collections per second", "less work because of the pauses, %",
            "a pause is longer because of that, us", "less work because of all the agent, %");
    private final Table cpu;
    private final StringBuilder verdicts = new StringBuilder();

    /**
     * What was found in one turn of a watcher.
     *
     * @param agentPercent what its own thread takes of one CPU
     * @param jitMs        what the JIT compilers took while it settled
     */
    private record Turn(double piecesPerSecond, double collectionsPerSecond, double pauseNs, double agentPercent,
            double jitMs) {}

    PauseThroughput(int settleMs) {
        this.settleMs = settleMs;
        this.cpu = new Table("", "thread `bpf-agent`, % of a CPU", "the same with `usdt=off`",
                "JIT compilers in the first " + settleMs / 1000 + " s, ms", "the same with `usdt=off`");
    }

    /** Adds a row to each table. */
    void measure(GarbageHost host, int rounds, int windowMs) {
        Samples collections = new Samples();
        Samples less = new Samples();
        Samples longer = new Samples();
        Samples lessThanAlone = new Samples();
        Samples agent = new Samples();
        Samples agentWithout = new Samples();
        Samples jit = new Samples();
        Samples jitWithout = new Samples();
        List<Watcher> order = new ArrayList<>(List.of(pauses, without, nobody));
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, new Random(round));
            Map<Watcher, Turn> turns = new HashMap<>();
            for (Watcher watcher : order) {
                turns.put(watcher, turn(host, watcher, windowMs));
            }
            turns.values().forEach(turn -> collections.add(turn.collectionsPerSecond()));
            Turn ours = turns.get(pauses);
            Turn reference = turns.get(without);
            less.add(lessPercent(ours.piecesPerSecond(), reference.piecesPerSecond()));
            longer.add((ours.pauseNs() - reference.pauseNs()) / 1e3);
            lessThanAlone.add(lessPercent(ours.piecesPerSecond(), turns.get(nobody).piecesPerSecond()));
            agent.add(ours.agentPercent());
            agentWithout.add(reference.agentPercent());
            jit.add(ours.jitMs());
            jitWithout.add(reference.jitMs());
        }
        table.row(host.name(), collections.text("%.0f"), less.text("%.1f"), longer.text("%.0f"),
                lessThanAlone.text("%.1f"));
        cpu.row(host.name(), agent.text("%.2f"), agentWithout.text("%.2f"), jit.text("%.0f"), jitWithout.text("%.0f"));
        verdicts.append(verdicts.length() == 0 ? "" : "; ").append(host.name()).append(": ")
                .append(less.verdict(TARGET_PERCENT));
    }

    private Turn turn(GarbageHost host, Watcher watcher, int windowMs) {
        watcher.start(host.jvm());
        long jitFrom = jitNs(host);
        Await.sleep(settleMs);
        double jitMs = (jitNs(host) - jitFrom) / 1e6;
        long agentFrom = host.cpuNs("bpf-agent");
        long beganNs = System.nanoTime();
        double pieces = 0;
        double collections = 0;
        double pauseNs = 0;
        for (int i = 0; i < WINDOWS; i++) {
            GarbageHost.Work work = host.quietWork(windowMs);
            pieces += work.piecesPerSecond() / WINDOWS;
            collections += work.collectionsPerSecond() / WINDOWS;
            pauseNs += work.pauseNs() / WINDOWS;
        }
        double agentPercent = 100.0 * (host.cpuNs("bpf-agent") - agentFrom) / (System.nanoTime() - beganNs);
        watcher.stop();
        return new Turn(pieces, collections, pauseNs, agentPercent, jitMs);
    }

    private static long jitNs(GarbageHost host) {
        return host.cpuNs("C1 ") + host.cpuNs("C2 ");
    }

    private static double lessPercent(double found, double reference) {
        return 100 * (1 - found / reference);
    }

    @Override
    public String toString() {
        return "Work done by 4 threads that compute and allocate, `-Xmx64m -Xmn16m`, with the agent's defaults, with\n"
                + "`usdt=off` (all but the pauses and what else HotSpot's probes tell), and without the agent, in turns in one\n"
                + "JVM; each turn is " + WINDOWS + " windows, " + settleMs / 1000 + " s after the agent came. Windows in"
                + " which others took 2 % of the CPUs were\nmeasured again. Target: at most 1 % less with the pauses than"
                + " without. " + verdicts + ".\n\n" + table + "\n"
                + "CPU time of the JVM's own threads for that. The compilers compile the agent's code once.\n\n" + cpu;
    }
}
