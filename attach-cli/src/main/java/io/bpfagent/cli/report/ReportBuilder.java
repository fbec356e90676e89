package io.bpfagent.cli.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Adds up a recording, interval by interval. One thread.
 *
 * <p>What it keeps is bounded, however long the recording is and however much goes on in it.
 */
final class ReportBuilder {

    /** Of pauses: of an hour with one each two seconds all. */
    static final int PAUSES = 2_000;
    /** Of slow events of each metric, for a metric of which there are many must not push out another. */
    static final int EVENTS = 1_000;

    /** 64 MB: an hour of fifty busy threads has two thirds of it. Where there are more, those of pools become wider. */
    private static final long MOST_CELLS = 8 << 20;

    /** How many columns a cell of a histogram covers: of the process, and of a pool or an operation. */
    private static final int[][] WIDTHS = {{1, 1}, {1, 4}, {2, 8}, {4, 16}, {8, 64}, {8, 1024}};
    /** So many make a picture; and they are not what a page is large of. */
    private static final int LEAST_COLUMNS = 150;

    /** As docs/json.md has them. */
    private static final List<String> STATES = List.of("running", "runnable", "blocked_monitor", "blocked_park",
        "blocked_wait", "blocked_sleep", "blocked_safepoint", "blocked_vm", "blocked_futex", "blocked_poll",
        "blocked_socket", "blocked_disk", "blocked_fault", "blocked_reclaim", "blocked_process", "blocked_other");

    private RecordedLine.Begin begin;
    private final TimeColumns columns = new TimeColumns();
    private final List<String> states = new ArrayList<>(STATES);
    private final Map<String, PoolSums> pools = new LinkedHashMap<>();
    private final ThreadSums threads = new ThreadSums();
    private final Map<String, HistogramSums> histograms = new LinkedHashMap<>();
    private final Longest pauses = new Longest(PAUSES);
    private final Map<String, Longest> events = new HashMap<>();
    private final Map<String, Integer> frames = new LinkedHashMap<>();
    private final Map<String, ContextSums> contexts = new LinkedHashMap<>();
    private final Map<String, Long> outsideNs = new HashMap<>();
    /** The greatest of each column. */
    private final JsonObject[] cost = new JsonObject[TimeColumns.MOST];
    private JsonObject lastCost;
    private JsonElement disks = new JsonArray();
    private JsonElement remotes = new JsonArray();
    private Map<String, Long> losses = Map.of();
    private String end = "cut";
    /** Numbers in the cells of all histograms. */
    private long cells;
    private long fromMs;
    private long toMs;
    private long wallNs;
    private long intervals;
    private long missingPauses;
    private long missingEvents;
    private int widths;
    private int atMostPauses = PAUSES;
    private int atMostEvents = EVENTS;

    /** Of a context. */
    private static final class ContextSums {
        private long count;
        private final Map<String, Long> inclusive = new HashMap<>();
        private final Map<String, Long> exclusive = new HashMap<>();
        private final ContextsDocument.Context first;

        ContextSums(ContextsDocument.Context first) {
            this.first = first;
        }
    }

    /** Adds a line; the first one is the recording's begin. */
    void add(RecordedLine line) {
        if (line instanceof RecordedLine.Begin first) {
            begin = first;
        } else if (line instanceof RecordedLine.Interval interval) {
            add(interval);
        } else if (line instanceof RecordedLine.End last) {
            end = last.reason() == null ? end : last.reason();
            losses = last.losses() == null || last.losses().isEmpty() ? losses : last.losses();
        }
    }

    /** How many intervals there have been. */
    long intervals() {
        return intervals;
    }

    private void add(RecordedLine.Interval interval) {
        if (columns.areFull()) {
            halve();
        }
        int column = columns.add(interval.fromMs(), interval.toMs());
        fromMs = intervals == 0 ? interval.fromMs() : fromMs;
        toMs = interval.toMs();
        wallNs += interval.wallNs();
        intervals++;
        for (ThreadsDocument.Pool pool : interval.pools()) {
            know(pool.timesNs());
            pools.computeIfAbsent(pool.pool(), PoolSums::new).add(column, pool);
        }
        threads.add(interval.threads());
        for (HistogramsDocument.Entry one : interval.histograms()) {
            HistogramSums sums = histograms.computeIfAbsent(one.metric() + '\n' + one.pool() + '\n' + one.operation(),
                any -> new HistogramSums(one));
            cells -= sums.size();
            sums.add(column, one);
            cells += sums.size();
        }
        missingPauses += interval.missingPauses();
        missingEvents += interval.missingEvents();
        interval.pauses().forEach(pause -> pauses.add(one(pause, "totalNs")));
        interval.events().forEach(event -> events.computeIfAbsent(
            event.has("metric") ? event.get("metric").getAsString() : "", any -> new Longest(EVENTS))
            .add(one(event, "durationNs")));
        interval.contexts().forEach(this::add);
        Usage.add(outsideNs, interval.outsideNs());
        disks = interval.disks() == null || interval.disks().disks() == null ? disks : interval.disks().disks();
        remotes = interval.remotes() == null || interval.remotes().remotes() == null ? remotes
            : interval.remotes().remotes();
        if (interval.cost() != null) {
            JsonObject atMs = new JsonObject();
            atMs.addProperty("atMs", interval.toMs());
            interval.cost().asMap().forEach(atMs::add);
            cost[column] = greater(cost[column], atMs);
            lastCost = atMs;
        }
        losses = interval.losses() == null ? losses : interval.losses();
        if (cells > MOST_CELLS) {
            histograms.values().stream().filter(one -> !one.isOfProcess()).forEach(HistogramSums::widen);
            count();
        }
    }

    private void halve() {
        columns.halve();
        pools.values().forEach(PoolSums::halve);
        histograms.values().forEach(HistogramSums::halve);
        count();
        for (int i = 0; i < cost.length; i++) {
            JsonObject later = cost[i];
            cost[i] = null;
            cost[i / 2] = greater(cost[i / 2], later);
        }
    }

    /** The one with the greater share: means can be had from totals, the greatest from nothing else. */
    private static JsonObject greater(JsonObject earlier, JsonObject later) {
        return earlier == null || later != null && share(later) >= share(earlier) ? later : earlier;
    }

    private static double share(JsonObject of) {
        JsonElement share = of.get("share");
        return share == null || share.isJsonNull() ? 0 : share.getAsDouble();
    }

    private void count() {
        cells = histograms.values().stream().mapToLong(HistogramSums::size).sum();
    }

    private void know(Map<String, Long> timesNs) {
        if (timesNs != null) {
            for (String state : timesNs.keySet()) {
                if (!states.contains(state)) {
                    states.add(state); // of a later agent
                }
            }
        }
    }

    private void add(ContextsDocument.Context context) {
        ContextSums sums = contexts.computeIfAbsent(context.key(), any -> new ContextSums(context));
        sums.count += context.count();
        know(context.inclusive());
        Usage.add(sums.inclusive, context.inclusive());
        context.exclusive().forEach((state, stays) -> sums.exclusive.merge(state, stays.ns(), Long::sum));
    }

    private Longest.One one(JsonObject document, String length) {
        JsonArray stack = document.has("stack") ? document.remove("stack").getAsJsonArray() : new JsonArray();
        int[] indexes = new int[stack.size()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = frames.computeIfAbsent(stack.get(i).getAsString(), any -> frames.size());
        }
        long number = document.get("number").getAsLong();
        return new Longest.One(number, document.get(length).getAsLong(), Lean.of(document), indexes);
    }

    /**
     * Leaves out some more, for a page that would be too large: first how exactly it was when of the histograms, which
     * are most of it, then of all.
     */
    void shrink() {
        if (widths < WIDTHS.length - 1) {
            widths++;
        } else {
            if (columns.size() >= 2 * LEAST_COLUMNS) {
                halve();
            }
            atMostPauses /= 2;
            atMostEvents /= 2;
        }
    }

    /** All that there is; what is added later may be in it. */
    ReportData data() {
        List<Longest.One> shown = events.values().stream().flatMap(longest -> longest.kept(atMostEvents))
            .sorted(Comparator.comparingLong(Longest.One::number)).toList();
        // Of events that are not there the frames are not, either.
        int[] places = new int[frames.size()];
        Arrays.fill(places, -1);
        List<String> names = new ArrayList<>(frames.keySet());
        List<String> shownFrames = new ArrayList<>();
        List<ReportData.Raw> shownEvents = new ArrayList<>();
        for (Longest.One event : shown) {
            int[] stack = new int[event.stack().length];
            for (int i = 0; i < stack.length; i++) {
                int frame = event.stack()[i];
                if (places[frame] < 0) {
                    places[frame] = shownFrames.size();
                    shownFrames.add(names.get(frame));
                }
                stack[i] = places[frame];
            }
            shownEvents.add(new ReportData.Raw(event.json().substring(0, event.json().length() - 1) + ",\"stack\":"
                + Arrays.toString(stack).replace(" ", "") + "}"));
        }
        return new ReportData(ReportData.SCHEMA, new ReportData.Jvm(begin.pid(), begin.name()), begin.machine(),
            begin.attachCli(), begin.intervalNs(), begin.status(), fromMs, toMs, wallNs, intervals, end,
            columns.all(), states,
            pools.values().stream().map(pool -> pool.data(states, columns)).toList(),
            threads.data(states), threads.leftOut(),
            new Written(List.copyOf(histograms.values()), WIDTHS[widths]),
            pauses.kept(atMostPauses).sorted(Comparator.comparingLong(Longest.One::number))
                .map(pause -> new ReportData.Raw(pause.json())).toList(),
            missingPauses, pauses.leftOut(atMostPauses), shownEvents, missingEvents,
            events.values().stream().mapToLong(longest -> longest.leftOut(atMostEvents)).sum(), shownFrames,
            contexts.values().stream().map(this::data).toList(), Usage.inOrder(outsideNs, states), disks, remotes,
            Stream.concat(Stream.of(cost), Stream.of(lastCost)).filter(one -> one != null).distinct()
                .map(one -> (JsonElement) one).toList(), losses);
    }

    /** Each histogram is made when it is written: all of them together would take as much again as their sums. */
    private static final class Written extends AbstractList<ReportData.Histogram> {
        private final List<HistogramSums> sums;
        private final int[] widths;

        Written(List<HistogramSums> sums, int[] widths) {
            this.sums = sums;
            this.widths = widths;
        }

        @Override
        public ReportData.Histogram get(int index) {
            HistogramSums one = sums.get(index);
            return one.data(widths[one.isOfProcess() ? 0 : 1]);
        }

        @Override
        public int size() {
            return sums.size();
        }
    }

    private ReportData.Context data(ContextSums sums) {
        return new ReportData.Context(sums.first.name(), sums.first.kind(), sums.count,
            Usage.inOrder(sums.inclusive, states), Usage.inOrder(sums.exclusive, states));
    }
}
