package io.bpfagent.cli.top;

import io.bpfagent.cli.control.Listing;
import io.bpfagent.cli.text.EventWords;
import io.bpfagent.cli.text.EventsText;
import io.bpfagent.cli.text.PauseVerdict;
import io.bpfagent.cli.text.Quantity;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a screen shows: a pure function of the documents, the size, and what the user has chosen. Never more lines than
 * the screen has, and none that is longer; where there is little room the table comes before the lines around it.
 *
 * @param lines from the top
 * @param page how many rows of the table there is room for
 */
record TopFrame(List<Line> lines, int page) {

    /** In place of a height: as many lines as there are rows, without what tells the keys. */
    static final int ALL_ROWS = Integer.MAX_VALUE;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final int LEAST_ROWS = 3;
    private static final int ROOMY = 16;
    private static final int VERY_ROOMY = 20;
    /** The line that tells the keys is longer. */
    private static final int NARROW = 80;
    /** Here it has room for the words of all keys. */
    private static final int WIDE = 96;
    private static final List<String> HELP = List.of(
        "1 2 3 4   pools, threads, pauses, slow events; Tab: the next of them",
        "c         contexts: requests, methods, statements, with what is inside of them",
        "s S       sort by the next or previous state; pauses, events: newest or longest",
        "/         show only what has this in its name; Enter keeps it, Esc ends it",
        "Up Down   move the cursor, also j k, PgUp PgDn, Home End; Esc takes it away",
        "Enter     from a pool to its threads, from a thread or context to slow events",
        "Space     hold the frame still, go on",
        "q         quit, also Ctrl-C",
        "",
        "Shares are of the last interval. DELAY: runnable (waiting for a CPU), monitor,",
        "disk, fault, reclaim and safepoint together: time in which a thread would have",
        "gone on. park, wait, sleep, poll, socket, vm may be no more than idleness.",
        "",
        "Any key goes back.");

    TopFrame {
        lines = List.copyOf(lines);
    }

    /**
     * Makes a frame.
     *
     * @param data null before there is anything
     * @param height {@link #ALL_ROWS} for all rows
     * @param notice what has to be said in place of the keys, or null
     */
    static TopFrame of(TopData data, int width, int height, ViewState state, String notice) {
        List<Line> lines;
        int page = 0;
        if (state.help()) {
            lines = new ArrayList<>(HELP.stream().map(text -> Line.of(text, Style.PLAIN)).toList());
        } else if (data == null) {
            lines = new ArrayList<>(List.of(Line.of(notice == null ? "Asking the agent ..." : notice, Style.PLAIN)));
        } else {
            lines = new ArrayList<>();
            page = draw(lines, data, width, height, state, notice);
        }
        List<Line> fitting = new ArrayList<>();
        for (Line line : lines.subList(0, Math.min(lines.size(), height))) {
            fitting.add(line.cut(width));
        }
        return new TopFrame(fitting, page);
    }

    /** As text, a line each. */
    String plain() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.plain()).append('\n'));
        return text.toString();
    }

    private static int draw(List<Line> lines, TopData data, int width, int height, ViewState state, String notice) {
        boolean all = height == ALL_ROWS;
        TopHead head = new TopHead(data);
        lines.add(head.title(width, state.paused()));
        // Of a small screen the table takes what it needs first: its head, some rows, the line of the keys.
        int spare = height - 3 - LEAST_ROWS;
        lines.addAll(head.lines(width, spare / 2));
        if (height >= ROOMY) {
            lines.add(new Line());
        }
        boolean usages = state.view().isOfUsages();
        int below = (all ? 0 : 1) + (usages && height >= VERY_ROOMY ? 4 : 0);
        int room = Math.max(0, height - lines.size() - 1 - below);
        int page;
        if (usages) {
            page = usages(lines, data, width, room, state, height >= VERY_ROOMY, all);
        } else if (state.view() == TopView.pauses) {
            page = pauses(lines, data, width, room, state);
        } else {
            page = events(lines, data, width, room, state);
        }
        if (!all) {
            while (lines.size() < height - 1) {
                lines.add(new Line());
            }
            lines.add(bottom(state, notice, width));
        }
        return page;
    }

    private static Line bottom(ViewState state, String notice, int width) {
        if (state.typing()) {
            return Line.of("/" + state.filter() + "_", Style.KEY).add("   Enter keeps, Esc ends", Style.DIM);
        }
        if (notice != null) {
            return Line.of(notice, Style.WARN);
        }
        Line line = new Line();
        if (width < NARROW) {
            return line.add("1-4 c ", Style.KEY).add(state.view().name(), Style.TITLE).add("  s", Style.KEY)
                .add(" " + sort(state)).add("  /", Style.KEY).add(state.filter()).add("  ?  q", Style.KEY);
        }
        boolean wide = width >= WIDE;
        for (TopView view : TopView.values()) {
            line.add(view.key() + " ", Style.KEY).add(view.name(), state.view() == view ? Style.TITLE : Style.PLAIN)
                .add(wide ? "  " : " ");
        }
        line.add(wide ? "s" : " s", Style.KEY).add("ort: " + sort(state));
        line.add("  /", Style.KEY).add(state.filter().isEmpty() ? " filter" : state.filter());
        return line.add("  ?", Style.KEY).add(wide ? " help" : "").add("  q", Style.KEY).add(wide ? "uit" : "");
    }

    private static String sort(ViewState state) {
        boolean usages = state.view().isOfUsages();
        return usages ? state.order().name() : state.longest() ? "longest" : "newest";
    }

    private static int usages(List<Line> lines, TopData data, int width, int room, ViewState state, boolean roomy,
        boolean all) {
        UsageTable table = new UsageTable(width);
        List<TopRows.Usage> rows = TopRows.usages(data, state);
        int from = from(rows.stream().map(TopRows.Usage::key).toList(), state, room);
        List<TopRows.Usage> shown = rows.subList(from, Math.min(rows.size(), saturated(from, room)));
        lines.add(table.head(state, shown.size(), rows.size()));
        int end = saturated(lines.size(), room);
        shown.forEach(row -> lines.add(table.row(row, row.key().equals(state.selected()))));
        if (rows.isEmpty()) {
            lines.add(noUsages(data, state));
        }
        if (roomy) {
            while (!all && lines.size() < end) {
                lines.add(new Line());
            }
            lines.add(new Line());
            lines.addAll(detail(table, rows, shown, state));
            lines.add(UsageTable.legend(shown));
        }
        return room;
    }

    private static Line noUsages(TopData data, ViewState state) {
        if (state.view() == TopView.contexts && data.contexts() == null) {
            return Line.of("Asking the agent ...", Style.PLAIN);
        }
        if (state.view() == TopView.contexts && data.contexts().reason() != null) {
            return Line.of(data.contexts().reason(), Style.PLAIN);
        }
        return none(state, state.pool() == null ? "" : " of pool " + state.pool());
    }

    private static List<Line> detail(UsageTable table, List<TopRows.Usage> rows, List<TopRows.Usage> shown,
        ViewState state) {
        TopRows.Usage row = rows.stream().filter(one -> one.key().equals(state.selected())).findFirst()
            .orElse(shown.isEmpty() ? null : shown.get(0));
        return row == null ? List.of(new Line(), new Line()) : table.detail(row);
    }

    private static int pauses(List<Line> lines, TopData data, int width, int room, ViewState state) {
        lines.add(Line.of(Cells.left("PAUSE", 14) + Cells.left("OPERATION", operationWidth(width))
            + Cells.right("TOOK", 9) + Cells.right("REACHING", 10), Style.HEAD));
        return listing(lines, TopRows.pauses(data, state), room, state, data.pauseReason(), pause -> {
            Line line = new Line().add(Cells.left(time(data, pause), 14))
                .add(Cells.left(pause.operation(), operationWidth(width)))
                .add(Cells.right(Quantity.duration(pause.totalNs()), 9), Style.WARN)
                .add(Cells.right(Quantity.duration(pause.timeToSafepointNs()), 10));
            return List.of(line, clauses(PauseVerdict.clauses(pause)));
        });
    }

    private static int operationWidth(int width) {
        return Math.max(8, Math.min(40, width - 33));
    }

    private static int events(List<Line> lines, TopData data, int width, int room, ViewState state) {
        int nameWidth = Math.max(8, width - 43);
        lines.add(Line.of(Cells.left("OVER", 14) + Cells.left("METRIC", 18) + Cells.right("TOOK", 9) + "  "
            + Cells.left("THREAD", nameWidth), Style.HEAD));
        return listing(lines, TopRows.events(data, state), room, state, data.eventReason(), event -> {
            Line line = new Line().add(Cells.left(time(data, event), 14)).add(Cells.left(event.metric(), 18))
                .add(Cells.right(Quantity.duration(event.durationNs()), 9), Style.WARN)
                .add("  " + Cells.left(EventsText.name(event.thread()), nameWidth));
            return List.of(line, clauses(EventWords.clauses(event, true)));
        });
    }

    private static Line clauses(List<String> clauses) {
        return Line.of("    " + Cells.shorten(String.join("; ", clauses).replace('\u00a0', ' '), 400), Style.DIM);
    }

    private static <E extends Listing.Numbered> int listing(List<Line> lines, List<E> rows, int room, ViewState state,
        String reason, Function<E, List<Line>> text) {
        int page = room / 2;
        int from = from(rows.stream().map(row -> Long.toString(row.number())).toList(), state, page);
        for (E row : rows.subList(from, Math.min(rows.size(), saturated(from, page)))) {
            boolean selected = Long.toString(row.number()).equals(state.selected());
            text.apply(row).forEach(line -> lines.add(line.select(selected)));
        }
        if (rows.isEmpty()) {
            lines.add(reason == null ? none(state, "") : Line.of(reason, Style.PLAIN));
        }
        return page;
    }

    private static Line none(ViewState state, String of) {
        return Line.of("No " + state.view() + of + (state.filter().isEmpty() ? " so far."
            : " with '" + state.filter() + "'. Esc shows all."), Style.PLAIN);
    }

    /** The first row to be shown, so that the one with the cursor is on the screen. */
    private static int from(List<String> keys, ViewState state, int room) {
        int selected = keys.indexOf(state.selected());
        return selected < room ? 0 : Math.max(0, Math.min(selected - room / 2, keys.size() - room));
    }

    private static int saturated(int from, int room) {
        return (int) Math.min(Integer.MAX_VALUE, (long) from + room);
    }

    private static String time(TopData data, Listing.Numbered one) {
        return TIME.format(LocalTime.ofInstant(Instant.ofEpochMilli(one.atMs()), data.zone()));
    }
}
