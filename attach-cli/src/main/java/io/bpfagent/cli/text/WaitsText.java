package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.control.ThreadsDocument.Entry;
import io.bpfagent.cli.control.ThreadsDocument.Pool;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of {@code threads --waits}: who had the CPU for which pools and threads waited, the one that waited longest
 * first, and what else the kernel counts of them.
 */
public final class WaitsText {

    private static final int NAME_WIDTH = 19;
    private static final List<String> BEHIND = List.of("own", "cgroup", "process", "kernel", "idle", "throttled");
    private static final String RUNNABLE = "runnable";

    private WaitsText() {
    }

    /** The table, what its words mean, and what was lost. */
    public static String of(Title title, ThreadsDocument document) {
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": waits for a CPU, "
            + Title.covered(document.interval(), document.wallNs())));
        text.append('\n').append(row("POOL", "RUNNABLE", "OWN", "CGROUP", "OTHER", "KERNEL", "IDLE", "QUOTA", "REST",
            "MOVES", "FAULT"));
        Map<String, List<Entry>> members = document.threads().stream().collect(Collectors.groupingBy(Entry::pool));
        document.pools().stream()
            .filter(pool -> pool.timesNs().getOrDefault(RUNNABLE, 0L) > 0)
            .sorted(Comparator.comparing((Pool pool) -> -pool.timesNs().get(RUNNABLE)).thenComparing(Pool::pool))
            .forEach(pool -> text.append(rows(pool, members.getOrDefault(pool.pool(), List.of()))));
        text.append('\n').append(Layout.wrap("", "Of the time runnable, who had the CPU last: OWN threads, a process of"
            + " the same CGROUP, an OTHER one, the KERNEL; IDLE: nobody, the CPU was waking up; QUOTA: nobody, the"
            + " cgroup's was used up. REST: waits of under 16 us, and who had the CPU before the last. MOVES to another"
            + " CPU; FAULTs that had to read something."));
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static String rows(Pool pool, List<Entry> members) {
        StringBuilder rows = new StringBuilder(row(pool.pool(), pool.timesNs(), pool.waitedNs(), pool.migrations(),
            pool.majorFaults()));
        boolean alone = members.size() == 1 && pool.ended() == 0 && pool.pool().equals(members.get(0).name());
        if (!alone) {
            members.stream()
                .filter(thread -> thread.timesNs().getOrDefault(RUNNABLE, 0L) > 0)
                .sorted(Comparator.comparing((Entry thread) -> -thread.timesNs().get(RUNNABLE))
                .thenComparing(Entry::tid))
                .forEach(thread -> rows.append(row("  " + Layout.shorten(thread.name(), NAME_WIDTH - 3),
                    thread.timesNs(), thread.waitedNs(), thread.migrations(), thread.majorFaults())));
        }
        return rows.toString();
    }

    private static String row(String name, Map<String, Long> timesNs, Map<String, Long> waitedNs, long moves,
        long faults) {
        long runnableNs = timesNs.getOrDefault(RUNNABLE, 0L);
        List<String> shares = BEHIND.stream()
            .map(behind -> Quantity.roughShare(waitedNs.getOrDefault(behind, 0L), runnableNs)).toList();
        // Of numbers read at two moments a little more may be explained than there is.
        long explainedNs = BEHIND.stream().mapToLong(behind -> waitedNs.getOrDefault(behind, 0L)).sum();
        long restNs = Math.max(0, runnableNs - explainedNs);
        return row(name, Quantity.duration(runnableNs), shares.get(0), shares.get(1), shares.get(2), shares.get(3),
            shares.get(4), shares.get(5), Quantity.roughShare(restNs, runnableNs), Quantity.brief(moves),
            Quantity.brief(faults));
    }

    private static String row(String name, String runnable, String own, String cgroup, String others, String kernel,
        String idle, String quota, String rest, String moves, String faults) {
        return Layout.left(Layout.shorten(name, NAME_WIDTH - 1), NAME_WIDTH) + Layout.right(runnable, 8)
            + Layout.right(own, 5) + Layout.right(cgroup, 7) + Layout.right(others, 6) + Layout.right(kernel, 7)
            + Layout.right(idle, 5) + Layout.right(quota, 6) + Layout.right(rest, 5) + Layout.right(moves, 6)
            + Layout.right(faults, 6) + "\n";
    }
}
