package io.bpfagent.cli.top;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.text.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of pools, threads or contexts: a row for each, with its bar, and all about the one with the cursor. */
final class UsageTable {

    /** Of a row's time: what is less is in no list of reasons. */
    private static final double WORTH = 0.001;
    /** Likewise: what is less is left out without {@link #MORE}. */
    private static final double WORTH_MORE = 0.01;
    /** Ends a list of reasons that goes on. */
    private static final String MORE = " ..";
    private static final int SHARE_WIDTH = 6;
    private static final int SECOND_WIDTH = 7;

    private final int width;
    private final int nameWidth;
    private final int barWidth;

    UsageTable(int width) {
        this.width = width;
        nameWidth = width >= 100 ? 32 : width >= 70 ? 18 : width >= 50 ? 16 : Math.max(6, width - 28);
        barWidth = width >= 100 ? 32 : width >= 70 ? 16 : width >= 50 ? 8 : 0;
    }

    /** @param shown how many rows there is room for */
    Line head(ViewState state, int shown, int rows) {
        String name = state.view() == TopView.pools ? "POOL" : state.view() == TopView.threads ? "THREAD" : "CONTEXT";
        String count = shown < rows ? " " + shown + " of " + rows : "";
        String second = state.view() == TopView.threads ? "TID" : "COUNT";
        Line line = new Line().add(Cells.left(name + count, nameWidth), Style.HEAD);
        if (width >= 50) {
            line.add(Cells.right(second, SECOND_WIDTH), Style.HEAD);
        }
        if (barWidth > 0) {
            line.add(" " + Cells.left("WHERE TIME WENT", barWidth), Style.HEAD);
        }
        return line.add(Cells.right("RUN", SHARE_WIDTH) + Cells.right("DELAY", SHARE_WIDTH) + "  ", Style.HEAD)
            .add("WAITS FOR", Style.HEAD);
    }

    Line row(TopRows.Usage row, boolean selected) {
        Line line = new Line().select(selected).add(Cells.left(row.name(), nameWidth));
        if (width >= 50) {
            line.add(Cells.right(row.second(), SECOND_WIDTH));
        }
        if (barWidth > 0) {
            line.add(" ");
            StateBar.add(line, row.timesNs(), barWidth);
        }
        long delayNs = TopOrder.DELAYED.ns(row.timesNs());
        line.add(Cells.right(Quantity.roughShare(ThreadState.RUNNING.ns(row.timesNs()), row.wallNs()), SHARE_WIDTH),
            Style.RUNNING);
        line.add(Cells.right(Quantity.roughShare(delayNs, row.wallNs()), SHARE_WIDTH),
            delayNs > 0 ? Style.RUNNABLE : Style.PLAIN);
        line.add("  ");
        reasons(line, row);
        return line;
    }

    /** What holds it up first, then what may be idleness; the longest of each first; as many as fit as a whole. */
    private void reasons(Line line, TopRows.Usage row) {
        boolean first = true;
        List<ThreadState> reasons = reasons(row);
        for (int i = 0; i < reasons.size(); i++) {
            ThreadState state = reasons.get(i);
            String text = (first ? "" : " ") + state.reason() + " "
                + Quantity.roughShare(state.ns(row.timesNs()), row.wallNs());
            boolean more = reasons.subList(i + 1, reasons.size()).stream().anyMatch(later -> isWorthMore(later, row));
            if (!first && text.length() > width - line.width() - (more ? MORE.length() : 0)) {
                if (isWorthMore(state, row)) {
                    line.add(MORE);
                    return;
                }
                continue; // a small one gives way to what comes after it
            }
            line.add(text, state.isDelay() ? state.style() : Style.PLAIN);
            first = false;
        }
    }

    private static boolean isWorthMore(ThreadState state, TopRows.Usage row) {
        return state.ns(row.timesNs()) >= row.wallNs() * WORTH_MORE;
    }

    private static List<ThreadState> reasons(TopRows.Usage row) {
        List<ThreadState> reasons = new ArrayList<>();
        for (ThreadState state : ThreadState.ALL) {
            long ns = state.ns(row.timesNs());
            if (state != ThreadState.RUNNING && ns > 0 && ns >= row.wallNs() * WORTH) {
                reasons.add(state);
            }
        }
        reasons.sort(Comparator.comparing(ThreadState::isDelay).reversed()
            .thenComparingLong(state -> -state.ns(row.timesNs())));
        return reasons;
    }

    /** Two lines about one row: all shares; who had the CPU for which it waited, or what a context did itself. */
    List<Line> detail(TopRows.Usage row) {
        Line shares = Line.of(Cells.shorten(row.name(), Math.max(8, width / 3)), Style.TITLE);
        shares.add(" running " + Quantity.share(ThreadState.RUNNING.ns(row.timesNs()), row.wallNs()));
        for (ThreadState state : reasons(row)) {
            shares.add(" " + state.reason() + " " + Quantity.share(state.ns(row.timesNs()), row.wallNs()));
        }
        if (row.context() != null) {
            return List.of(shares, itself(row));
        }
        String behind = TopHead.behind(row.waitedNs());
        Line waits = Line.of("  " + (behind.isEmpty() ? "no wait for a CPU of 16 us or more"
            : "waited for a CPU behind " + behind), Style.PLAIN);
        waits.add("; " + Quantity.exact(row.migrations()) + " moves, " + Quantity.exact(row.majorFaults())
            + " faults from disk", Style.DIM);
        return List.of(shares, waits);
    }

    private static Line itself(TopRows.Usage row) {
        ContextsDocument.Context context = row.context();
        Line line = Line.of("  " + context.kind() + ", entered " + Quantity.exact(context.count())
            + (context.count() == 1 ? " time" : " times"), Style.PLAIN);
        if (context.count() > 0) {
            line.add(", " + Quantity.duration((double) context.wallNs() / context.count()) + " each");
        }
        long itselfNs = context.exclusiveWallNs();
        if (itselfNs == context.wallNs()) {
            return line.add("; nothing is inside of it", Style.DIM);
        }
        line.add("; itself " + Quantity.share(itselfNs, context.wallNs()));
        for (ThreadState state : ThreadState.ALL) {
            ContextsDocument.Stays stays = context.exclusive().get(state.metric());
            if (stays != null && stays.ns() > 0 && stays.ns() >= context.wallNs() * WORTH) {
                line.add(" " + state.reason() + " " + Quantity.share(stays.ns(), context.wallNs()));
            }
        }
        return line;
    }

    /** What the characters of the bars mean, of those that are on the screen. */
    static Line legend(List<TopRows.Usage> rows) {
        Set<ThreadState> seen = EnumSet.noneOf(ThreadState.class);
        for (TopRows.Usage row : rows) {
            for (Map.Entry<String, Long> time : row.timesNs().entrySet()) {
                for (ThreadState state : ThreadState.ALL) {
                    if (state.metric().equals(time.getKey()) && time.getValue() >= row.wallNs() * 0.01
                        && time.getValue() > 0) {
                        seen.add(state);
                    }
                }
            }
        }
        Line line = new Line();
        for (ThreadState state : seen) {
            line.add(line.pieces().isEmpty() ? "" : "  ").add(String.valueOf(state.sign()), state.style())
                .add(" " + state.reason(), Style.DIM);
        }
        return line;
    }
}
