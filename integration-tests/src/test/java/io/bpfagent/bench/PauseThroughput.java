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
    /** What the agent does once has been done then. */
    private static final int SETTLE_MS = 1_500;

    private final Watcher pauses = new Ours(Ours.NAME, "");
    private final Watcher without = new Ours("bpf-agent without its probes in HotSpot", "usdt=off");
    private final Watcher nobody = new Nobody();
    private final Table table = new Table("", "collections per second", "less work because of the pauses, %",
            "per CPU second, %", "less work because of all the agent, %");
    private final StringBuilder verdicts = new StringBuilder();

    /** Adds a row. */
    void measure(GarbageHost host, int rounds, int windowMs) {
        Samples collections = new Samples();
        Samples less = new Samples();
        Samples lessPerCpu = new Samples();
        Samples lessThanAlone = new Samples();
        List<Watcher> order = new ArrayList<>(List.of(pauses, without, nobody));
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, new Random(round));
            Map<Watcher, GarbageHost.Work> work = new HashMap<>();
            for (Watcher watcher : order) {
                watcher.start(host.jvm());
                Await.sleep(SETTLE_MS);
                work.put(watcher, host.quietWork(windowMs));
                watcher.stop();
            }
            work.values().forEach(found -> collections.add(found.collectionsPerSecond()));
            GarbageHost.Work ours = work.get(pauses);
            less.add(lessPercent(ours.piecesPerSecond(), work.get(without).piecesPerSecond()));
            lessPerCpu.add(lessPercent(ours.piecesPerCpuSecond(), work.get(without).piecesPerCpuSecond()));
            lessThanAlone.add(lessPercent(ours.piecesPerSecond(), work.get(nobody).piecesPerSecond()));
        }
        table.row(host.name(), collections.text("%.0f"), less.text("%.1f"), lessPerCpu.text("%.1f"),
                lessThanAlone.text("%.1f"));
        verdicts.append(verdicts.length() == 0 ? "" : "; ").append(host.name()).append(": ")
                .append(less.verdict(TARGET_PERCENT));
    }

    private static double lessPercent(double found, double reference) {
        return 100 * (1 - found / reference);
    }

    @Override
    public String toString() {
        return "Work done by 4 threads that compute and allocate, `-Xmx64m -Xmn16m`, with the agent's defaults, with\n"
                + "`usdt=off` (all but the pauses and what else HotSpot's probes tell), and without the agent, in turns in one\n"
                + "JVM. Windows in which others took 2 % of the CPUs were measured again. Target: at most 1 % less with the\n"
                + "pauses than without. " + verdicts + ".\n\n" + table;
    }
}
