package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.ContextsDocument.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The text of {@code contexts}: a table for each kind. All shares of a context are of the same whole, its wall time, so
 * that what it does itself can be compared with what is done inside of it.
 */
public final class ContextsText {

    /** The order that is not a state: most wall time first. */
    public static final String WALL = "wall";
    /** The other one: most often entered first. */
    public static final String COUNT = "count";

    private static final int NAME_WIDTH = 36;
    private static final String RUNNING = "running";
    private static final String RUNNABLE = "runnable";
    private static final String BLOCKED = "blocked_";
    /** Of the wall time: what is less is in no list of states. */
    private static final double WORTH = 0.001;
    /** From outside to inside, as they are nested most often; kinds of a later agent come behind them. */
    private static final List<String> KINDS = List.of("request", "poll", "task", "api", "method", "statement");

    private final String order;
    private final StringBuilder text = new StringBuilder();

    private ContextsText(String order) {
        this.order = order;
    }

    /** @param order a state, {@link #WALL} or {@link #COUNT} */
    public static String of(Title title, ContextsDocument document, String order) {
        return new ContextsText(order).write(title, document);
    }

    private String write(Title title, ContextsDocument document) {
        List<Context> used = document.contexts().stream().filter(Context::isUsed).toList();
        text.append(Layout.wrap("", title.jvm() + ": " + Quantity.counted(used.size(), "context") + ", "
            + Title.covered(document.interval(), document.wallNs())));
        if (used.isEmpty()) {
            text.append('\n').append(Layout.wrap("", document.reason() == null ? "Nothing has been entered."
                : "No context is known: " + document.reason().replaceFirst("\\.$", "") + "."));
            return text.append('\n').append(LossesText.of(document.losses())).toString();
        }
        byKind(used).forEach(this::table);
        text.append('\n').append(Layout.wrap("", "Shares are of the context's wall time, from each enter to its leave,"
            + " with the contexts inside of it; 'itself' is without them."));
        long outsideNs = wallNs(document.outsideNs());
        if (outsideNs > 0) {
            List<String> shares = shares(document.outsideNs(), outsideNs, "");
            text.append('\n').append(Layout.wrap("in no context: ", Quantity.duration(outsideNs) + " of all threads, "
                + String.join(", ", shares)));
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static Map<String, List<Context>> byKind(List<Context> contexts) {
        List<Context> sorted = new ArrayList<>(contexts);
        sorted.sort(Comparator.comparingInt((Context context) -> rank(context.kind())).thenComparing(Context::kind));
        Map<String, List<Context>> byKind = new LinkedHashMap<>();
        sorted.forEach(context -> byKind.computeIfAbsent(context.kind(), kind -> new ArrayList<>()).add(context));
        return byKind;
    }

    private static int rank(String kind) {
        int rank = KINDS.indexOf(kind);
        return rank < 0 ? KINDS.size() : rank;
    }

    private void table(String kind, List<Context> contexts) {
        text.append('\n');
        row(kind.toUpperCase(Locale.ROOT), "COUNT", "MEAN", "WALL", "RUNNING", "RUNNABLE");
        contexts.sort(Comparator.comparingLong((Context context) -> -worth(context))
            .thenComparingLong(context -> -context.wallNs()).thenComparing(Context::name));
        contexts.forEach(this::context);
    }

    private long worth(Context context) {
        return order.equals(WALL) ? context.wallNs() : order.equals(COUNT) ? context.count()
            : context.inclusive().getOrDefault(order, 0L);
    }

    private void context(Context context) {
        long wallNs = context.wallNs();
        Map<String, Long> times = context.inclusive();
        row(context.name(), Quantity.count(context.count()),
            context.count() == 0 ? "-" : Quantity.duration((double) wallNs / context.count()),
            Quantity.duration(wallNs),
            Quantity.share(times.getOrDefault(RUNNING, 0L), wallNs),
            Quantity.share(times.getOrDefault(RUNNABLE, 0L), wallNs));
        List<String> blocked = shares(times, wallNs, BLOCKED);
        if (!blocked.isEmpty()) {
            text.append(Layout.wrap("    blocked: ", String.join(", ", blocked)));
        }
        long itselfNs = context.exclusiveWallNs();
        if (itselfNs != wallNs) {
            Map<String, Long> own = new LinkedHashMap<>();
            context.exclusive().forEach((state, stays) -> own.put(state, stays.ns()));
            List<String> shares = shares(own, wallNs, "");
            text.append(Layout.wrap("    itself " + Quantity.roughShare(itselfNs, wallNs)
                    + (shares.isEmpty() ? "" : ": "),
                String.join(", ", shares)));
        }
    }

    /** {@code disk 41%}: of the states that begin so, the longest first, what is worth it. */
    private static List<String> shares(Map<String, Long> timesNs, long wallNs, String prefix) {
        List<String> shares = new ArrayList<>();
        timesNs.entrySet().stream()
            .filter(state -> state.getKey().startsWith(prefix) && Objects.requireNonNullElse(state.getValue(), 0L) > 0
                && state.getValue() >= wallNs * WORTH)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
            .forEach(state -> shares.add(Layout.together((state.getKey().startsWith(BLOCKED)
                ? state.getKey().substring(BLOCKED.length()) : state.getKey())
                + " " + Quantity.roughShare(state.getValue(), wallNs))));
        return shares;
    }

    private static long wallNs(Map<String, Long> timesNs) {
        return timesNs.values().stream().filter(Objects::nonNull).mapToLong(Long::longValue).sum();
    }

    private void row(String name, String count, String mean, String wall, String running, String runnable) {
        text.append(Layout.left(Layout.shorten(name, NAME_WIDTH), NAME_WIDTH)).append(Layout.right(count, 9))
            .append(Layout.right(mean, 9)).append(Layout.right(wall, 9)).append(Layout.right(running, 8))
            .append(Layout.right(runnable, 9)).append('\n');
    }
}
