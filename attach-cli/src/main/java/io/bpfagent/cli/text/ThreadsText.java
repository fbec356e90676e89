package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.control.ThreadsDocument.Entry;
import io.bpfagent.cli.control.ThreadsDocument.Pool;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of {@code threads}: pools, the one with most of the wanted state first, and their
 * threads below them, in the same order.
 */
public final class ThreadsText {

    private static final int MAX_NAME = 22;
    private static final int MIN_NAME = 12;
    private static final int TID_WIDTH = 8;
    private static final int WALL_WIDTH = 9;
    private static final int RUNNING_WIDTH = 8;
    private static final int RUNNABLE_WIDTH = 9;
    private static final String BLOCKED = "blocked_";
    /** Ends a row whose reasons go on. */
    private static final String MORE = "..";
    /** Of the wall time: a reason with that much is not left out without {@link #MORE}. */
    private static final double WORTH_MORE = 0.01;

    private final String metric;
    private final int nameWidth;
    private final StringBuilder text = new StringBuilder();

    private ThreadsText(String metric, int nameWidth) {
        this.metric = metric;
        this.nameWidth = nameWidth;
    }

    /** @param metric the state to sort by, one of the document's keys */
    public static String of(Title title, ThreadsDocument document, String metric) {
        int longest = document.threads().stream().mapToInt(thread -> name(thread).length() + 2).max().orElse(0);
        int pool = document.pools().stream().mapToInt(p -> p.pool().length()).max().orElse(0);
        int width = Math.max(MIN_NAME, Math.min(MAX_NAME, Math.max(longest, pool)));
        return new ThreadsText(metric, width).write(title, document);
    }

    private String write(Title title, ThreadsDocument document) {
        text.append(Layout.wrap("", title.jvm() + ": " + Quantity.counted(document.threads().size(), "thread") + " in "
            + Quantity.counted(document.pools().size(), "pool") + ", "
            + Title.covered(document.interval(), document.wallNs())));
        text.append('\n');
        row("POOL", "TID", "WALL", "RUNNING", "RUNNABLE", "BLOCKED ON");
        Map<String, List<Entry>> members = document.threads().stream().collect(Collectors.groupingBy(Entry::pool));
        Comparator<Pool> most = Comparator.comparingLong(pool -> -time(pool.timesNs(), metric));
        document.pools().stream()
            .sorted(most.thenComparing(Pool::pool))
            .forEach(pool -> write(pool, members.getOrDefault(pool.pool(), List.of())));
        if (document.pools().stream().anyMatch(pool -> pool.ended() > 0)) {
            text.append('\n').append("xN+M: N live threads and M that ended; the pool's times are of all of them.\n");
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private void write(Pool pool, List<Entry> members) {
        boolean alone = members.size() == 1 && pool.ended() == 0 && name(members.get(0)).equals(pool.pool());
        String second = alone ? Integer.toString(members.get(0).tid())
            : "x" + Quantity.brief(pool.threads()) + (pool.ended() > 0 ? "+" + Quantity.brief(pool.ended()) : "");
        times(pool.pool(), second, pool.wallNs(), pool.timesNs());
        if (alone) {
            return;
        }
        Comparator<Entry> most = Comparator.comparingLong(thread -> -time(thread.timesNs(), metric));
        members.stream()
            .sorted(most.thenComparing(ThreadsText::name).thenComparing(Entry::tid))
            .forEach(thread -> times("  " + Layout.shorten(name(thread), nameWidth - 2),
                Integer.toString(thread.tid()), thread.wallNs(), thread.timesNs()));
    }

    private void times(String name, String second, long wallNs, Map<String, Long> timesNs) {
        row(name, second, Quantity.duration(wallNs), Quantity.share(time(timesNs, "running"), wallNs),
            Quantity.share(time(timesNs, "runnable"), wallNs), reasons(timesNs, wallNs));
    }

    private void row(String name, String second, String wall, String running, String runnable, String reasons) {
        String line = Layout.left(Layout.shorten(name, nameWidth), nameWidth) + Layout.right(second, TID_WIDTH)
            + Layout.right(wall, WALL_WIDTH) + Layout.right(running, RUNNING_WIDTH)
            + Layout.right(runnable, RUNNABLE_WIDTH) + "  " + reasons;
        text.append(line.stripTrailing()).append('\n');
    }

    /**
     * As many reasons as fit, the longest time first; what is below a tenth of a percent is left out.
     * Where one of 1 % or more does not fit the row ends with "..".
     */
    private String reasons(Map<String, Long> timesNs, long wallNs) {
        int room = Layout.WIDTH - nameWidth - TID_WIDTH - WALL_WIDTH - RUNNING_WIDTH - RUNNABLE_WIDTH - 2;
        StringBuilder reasons = new StringBuilder();
        List<Map.Entry<String, Long>> blocked = timesNs.entrySet().stream()
            .filter(state -> state.getKey().startsWith(BLOCKED) && state.getValue() * 1000.0 >= wallNs
                && state.getValue() > 0)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
            .toList();
        for (int i = 0; i < blocked.size(); i++) {
            Map.Entry<String, Long> state = blocked.get(i);
            boolean last = i + 1 == blocked.size() || blocked.get(i + 1).getValue() < wallNs * WORTH_MORE;
            String reason = state.getKey().substring(BLOCKED.length()) + " "
                + Quantity.roughShare(state.getValue(), wallNs);
            int needed = reasons.length() + reason.length() + 1 + (last ? 0 : MORE.length());
            if (needed > room && !reasons.isEmpty()) {
                boolean worth = state.getValue() >= wallNs * WORTH_MORE;
                return reasons + (!worth ? "" : reasons.length() + 1 + MORE.length() <= room ? " " + MORE : MORE);
            }
            reasons.append(reasons.isEmpty() ? "" : " ").append(reason);
        }
        return reasons.toString();
    }

    private static String name(Entry thread) {
        return thread.name() == null ? "?" : thread.name();
    }

    private static long time(Map<String, Long> timesNs, String state) {
        return timesNs.getOrDefault(state, 0L);
    }
}
