package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.control.ThreadsDocument.Count;
import io.bpfagent.cli.control.ThreadsDocument.CounterState;
import io.bpfagent.cli.control.ThreadsDocument.Counts;
import io.bpfagent.cli.control.ThreadsDocument.Entry;
import io.bpfagent.cli.control.ThreadsDocument.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of {@code threads --counters}: what was counted of pools and threads, and why something was not. */
public final class CountersText {

    private static final int NAME_WIDTH = 20;
    private static final int COLUMN_WIDTH = 10;
    private static final int COLUMNS = (Layout.WIDTH - NAME_WIDTH) / COLUMN_WIDTH;
    private static final String CLOCK = "cpu_clock";
    private static final String PER_CYCLE = "instructionsPerCycle";
    private static final String MISS_SHARE = "cacheMissShare";
    /** Those that do not fit, or say more, in another way. */
    private static final Map<String, String> HEADS = Map.ofEntries(
        Map.entry("instructions", "INSTR"), Map.entry("cache_references", "CACHE-REF"),
        Map.entry("cache_misses", "CACHE-MISS"), Map.entry("branch_misses", "BR-MISS"),
        Map.entry("stalled_cycles_frontend", "STALLS-F"), Map.entry("stalled_cycles_backend", "STALLS-B"),
        Map.entry("ref_cycles", "REF-CYC"), Map.entry("llc_loads", "LLC-LOADS"),
        Map.entry("llc_load_misses", "LLC-MISS"),
        Map.entry("l1d_load_misses", "L1D-MISS"), Map.entry("dtlb_load_misses", "DTLB-MISS"),
        Map.entry(CLOCK, "CPU-TIME"),
        Map.entry("page_faults", "FAULTS"), Map.entry("context_switches", "SWITCHES"), Map.entry(PER_CYCLE, "IPC"),
        Map.entry(MISS_SHARE, "MISSED"));

    private CountersText() {
    }

    /** The tables, what does not count and why, and what was lost. */
    public static String of(Title title, ThreadsDocument document) {
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": counters, "
            + Title.covered(document.interval(), document.wallNs())));
        if (document.counters().isEmpty()) {
            text.append('\n').append(Layout.wrap("", "None was asked for. They are an argument of the agent, when it is"
                + " attached: counters=cycles+instructions+cache_misses."));
        }
        List<String> columns = columns(document);
        if (!columns.isEmpty()) {
            for (int first = 0; first < columns.size(); first += COLUMNS) {
                text.append('\n').append(table(document, columns.get(0),
                    columns.subList(first, Math.min(columns.size(), first + COLUMNS))));
            }
            text.append('\n').append(Layout.wrap("", legend(document, columns)));
        }
        Map<String, List<CounterState>> missing = document.counters().stream().filter(state -> !state.counts())
            .collect(Collectors.groupingBy(state -> state.status() + ": " + state.detail(), LinkedHashMap::new,
                Collectors.toList()));
        missing.forEach((why, states) -> text.append('\n').append(Layout.wrap("", states.stream()
            .map(CounterState::counter).collect(Collectors.joining(", ")) + ": " + why + ".")));
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    /** What counts, in the order in which it was asked for, and behind it what follows of it. */
    private static List<String> columns(ThreadsDocument document) {
        List<String> columns = document.counters().stream().filter(CounterState::counts).map(CounterState::counter)
            .collect(Collectors.toCollection(ArrayList::new));
        if (columns.contains("cycles") && columns.contains("instructions")) {
            columns.add(PER_CYCLE);
        }
        if (columns.contains("cache_references") && columns.contains("cache_misses")) {
            columns.add(MISS_SHARE);
        }
        return columns;
    }

    private static String legend(ThreadsDocument document, List<String> columns) {
        StringBuilder legend = new StringBuilder("As of the last snapshot, with what the kernel did for the thread.");
        if (columns.contains(PER_CYCLE)) {
            legend.append(" IPC: instructions per cycle.");
        }
        if (columns.contains(MISS_SHARE)) {
            legend.append(" MISSED: of the references to the cache.");
        }
        if (document.pools().stream().anyMatch(pool -> has(pool, true))) {
            legend.append(" ~: counted a part of the time, and scaled.");
        }
        if (document.pools().stream().anyMatch(pool -> has(pool, false))) {
            legend.append(" -: on a CPU, but not counted in that time.");
        }
        return legend.toString();
    }

    /** Whether a counter of it was scaled; or is not known. */
    private static boolean has(Pool pool, boolean scaled) {
        return pool.counts().counters().values().stream()
            .anyMatch(count -> count.isScaled() && (count.count() != null) == scaled);
    }

    private static String table(ThreadsDocument document, String order, List<String> columns) {
        StringBuilder table = new StringBuilder(Layout.left("POOL", NAME_WIDTH));
        columns.forEach(column -> table.append(Layout.right(head(column), COLUMN_WIDTH)));
        table.append('\n');
        Map<String, List<Entry>> members = document.threads().stream().collect(Collectors.groupingBy(Entry::pool));
        document.pools().stream()
            .filter(pool -> columns.stream().anyMatch(column -> pool.counts().count(column) != 0))
            .sorted(Comparator.comparing((Pool pool) -> -pool.counts().count(order)).thenComparing(Pool::pool))
            .forEach(pool -> table.append(rows(pool, members.getOrDefault(pool.pool(), List.of()), order, columns)));
        return table.toString();
    }

    private static String head(String column) {
        return HEADS.getOrDefault(column, column.toUpperCase(Locale.ROOT));
    }

    private static String rows(Pool pool, List<Entry> members, String order, List<String> columns) {
        StringBuilder rows = new StringBuilder(row(pool.pool(), pool.counts(), columns));
        boolean alone = members.size() == 1 && pool.ended() == 0 && pool.pool().equals(members.get(0).name());
        if (!alone) {
            members.stream()
                .filter(thread -> columns.stream().anyMatch(column -> thread.counts().count(column) != 0))
                .sorted(Comparator.comparing((Entry thread) -> -thread.counts().count(order)).thenComparing(Entry::tid))
                .forEach(thread -> rows.append(row("  " + Layout.shorten(thread.name(), NAME_WIDTH - 3),
                    thread.counts(), columns)));
        }
        return rows.toString();
    }

    private static String row(String name, Counts counts, List<String> columns) {
        StringBuilder row = new StringBuilder(Layout.left(Layout.shorten(name, NAME_WIDTH - 1), NAME_WIDTH));
        columns.forEach(column -> row.append(Layout.right(value(column, counts), COLUMN_WIDTH)));
        return row.append('\n').toString();
    }

    private static String value(String column, Counts counts) {
        if (column.equals(PER_CYCLE)) {
            Double perCycle = counts.instructionsPerCycle();
            return perCycle == null ? "-" : String.format(Locale.ROOT, "%.2f", perCycle);
        }
        if (column.equals(MISS_SHARE)) {
            Double share = counts.cacheMissShare();
            return share == null ? "-" : Quantity.share(share, 1);
        }
        Count count = counts.counters().get(column);
        if (count == null || count.count() == null) {
            return "-";
        }
        String value = column.equals(CLOCK) ? Quantity.duration(count.count()) : Quantity.count(count.count());
        return (count.isScaled() ? "~" : "") + value;
    }
}
