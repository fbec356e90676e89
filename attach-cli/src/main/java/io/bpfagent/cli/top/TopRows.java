package io.bpfagent.cli.top;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.text.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The rows of a view: filtered and sorted, not yet text. Each has a key, by which the cursor stays on it. */
final class TopRows {

    /**
     * A pool, a thread or a context.
     *
     * @param second {@code x4}, a tid, or how often it was entered
     * @param pool the pool itself, or the thread's; of a context its kind
     * @param timesNs by state; of a context with what was entered inside of it
     * @param context the context, null of the others
     */
    record Usage(String key, String name, String second, String pool, long wallNs, Map<String, Long> timesNs,
        Map<String, Long> waitedNs, long migrations, long majorFaults, ContextsDocument.Context context) {
    }

    private TopRows() {
    }

    /** The keys of the rows of a view, from the top. */
    static List<String> keys(TopData data, ViewState state) {
        return switch (state.view()) {
            case pools, threads, contexts -> usages(data, state).stream().map(Usage::key).toList();
            case pauses -> pauses(data, state).stream().map(pause -> Long.toString(pause.number())).toList();
            case events -> events(data, state).stream().map(event -> Long.toString(event.number())).toList();
        };
    }

    static List<Usage> usages(TopData data, ViewState state) {
        List<Usage> rows = new ArrayList<>();
        if (state.view() == TopView.pools) {
            for (ThreadsDocument.Pool pool : data.threads().pools()) {
                long wallNs = pool.wallNs();
                if (wallNs > 0 || pool.threads() > 0) {
                    rows.add(new Usage(pool.pool(), pool.pool(), "x" + pool.threads(), pool.pool(), wallNs,
                        pool.timesNs(), pool.waitedNs(), pool.migrations(), pool.majorFaults(), null));
                }
            }
        } else if (state.view() == TopView.contexts) {
            for (ContextsDocument.Context one : data.contexts() == null ? List.<ContextsDocument.Context>of()
                : data.contexts().contexts()) {
                if (one.isUsed()) {
                    rows.add(new Usage(one.key(), one.name(), Quantity.brief(one.count()), one.kind(), one.wallNs(),
                        one.inclusive(), Map.of(), 0, 0, one));
                }
            }
        } else {
            for (ThreadsDocument.Entry thread : data.threads().threads()) {
                if (state.pool() == null || state.pool().equals(thread.pool())) {
                    rows.add(new Usage(Integer.toString(thread.tid()), thread.name() == null ? "?" : thread.name(),
                        Integer.toString(thread.tid()), thread.pool(), thread.wallNs(), thread.timesNs(),
                        thread.waitedNs(), thread.migrations(), thread.majorFaults(), null));
                }
            }
        }
        rows.removeIf(row -> !matches(state.filter(), row.name(), row.pool()));
        // What is equal stands in the order of the other thing that matters, so that rows do not jump about.
        Comparator<Usage> byName = Comparator.comparing(Usage::name).thenComparing(Usage::key);
        Comparator<Usage> most = Comparator.comparingLong((Usage row) -> -state.order().ns(row.timesNs()))
            .thenComparingLong(row -> -ThreadState.RUNNING.ns(row.timesNs())).thenComparing(byName);
        rows.sort(state.order().equals(TopOrder.NAME) ? byName : most);
        return rows;
    }

    static List<PausesDocument.Entry> pauses(TopData data, ViewState state) {
        return listed(data.pauses().listed().stream().filter(pause -> matches(state.filter(), pause.operation()))
                .toList(),
            state, PausesDocument.Entry::totalNs);
    }

    static List<EventsDocument.Entry> events(TopData data, ViewState state) {
        return listed(data.events().listed().stream().filter(event -> matches(state.filter(), event.metric(),
            event.thread().name(), event.thread().pool(), event.on().path(), event.on().address(), event.on().host(),
            event.on().device(), event.context())).toList(), state, EventsDocument.Entry::durationNs);
    }

    private static <E> List<E> listed(List<E> oldestFirst, ViewState state, ToLongFunction<E> length) {
        List<E> rows = new ArrayList<>(oldestFirst);
        Collections.reverse(rows);
        if (state.longest()) {
            rows.sort(Comparator.comparingLong(row -> -length.applyAsLong(row)));
        }
        return rows;
    }

    private static boolean matches(String filter, String... names) {
        String part = filter.toLowerCase(Locale.ROOT);
        for (String name : names) {
            if (name != null && name.toLowerCase(Locale.ROOT).contains(part)) {
                return true;
            }
        }
        return part.isEmpty();
    }
}
