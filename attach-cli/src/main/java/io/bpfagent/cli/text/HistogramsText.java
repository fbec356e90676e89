package io.bpfagent.cli.text;

import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.HistogramsDocument.Entry;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of {@code hist}: one line per metric or operation or, when it is of one of them, its bars too. */
public final class HistogramsText {
    /** What {@code --operation} says for a list of all operations of a metric. */
    public static final String ALL_OPERATIONS = "all";
    private static final String SYSCALL = "syscall";
    private static final String PINNED = "virtual_pinned";

    private HistogramsText() {
    }

    /**
     * Of some or all metrics.
     *
     * @param bars whether to draw each histogram: when one metric was asked for
     * @param clock says what time it is, and where
     */
    public static String of(Title title, HistogramsDocument document, boolean bars, Clock clock) {
        StringBuilder text = new StringBuilder();
        List<Entry> histograms = document.histograms();
        text.append(Layout.wrap("", title.jvm() + ": " + subject(histograms)
            + Title.covered(document.interval(), document.wallNs())));
        text.append('\n').append(row("METRIC", "COUNT", "MEAN", "P50", "P90", "P99", "P99.9", "MAX"));
        List<Entry> shown = histograms.stream().filter(h -> bars || h.count() > 0).toList();
        for (int i = 0; i < shown.size(); i++) {
            // States of threads, what HotSpot tells of the process, what threads do: three kinds of things.
            Entry before = i == 0 ? shown.get(i) : shown.get(i - 1);
            boolean isOther = before.isState() != shown.get(i).isState()
                || before.isOfProcess() != shown.get(i).isOfProcess();
            text.append(isOther ? "\n" : "")
                .append(summary(shown.get(i)));
        }
        String since = shown.stream().filter(h -> !Since.of(clock, h.atMs()).isEmpty())
            .map(h -> h.metric() + " counts " + Since.of(clock, h.atMs())).collect(Collectors.joining("; "));
        text.append(since.isEmpty() ? "" : "\n" + Layout.wrap("", since + "."));
        if (bars) {
            histograms.forEach(h -> text.append('\n').append(HistogramBars.of(h)));
        } else {
            String empty = histograms.stream().filter(h -> h.count() == 0).map(Entry::metric)
                .collect(Collectors.joining(", "));
            text.append(empty.isEmpty() ? "" : "\n" + Layout.wrap("count 0: ", empty));
        }
        if (histograms.get(0).context() != null) {
            text.append('\n').append(Layout.wrap("note: ", "of what was done in the context itself; contexts inside"
                    + " of it have"
                + " histograms of their own."));
        }
        if (document.sharesPages()) {
            text.append('\n').append(Layout.wrap("note: ", "of the threads asked for, some share histogram pages with"
                + " others of their pool; that part is in the pool's histograms only."));
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    /** @param metric of which they are: one line for each of its operations that there has been */
    public static String ofOperations(Title title, HistogramsDocument document, String metric) {
        StringBuilder text = new StringBuilder();
        text.append(Layout.wrap("", title.jvm() + ": " + (metric.equals(SYSCALL) ? "system calls by name, "
            : metric.equals(PINNED) ? "carriers blocked by reason, " : "VM operations by name, ")
            + Title.covered(document.interval(), document.wallNs())));
        text.append('\n').append(row("OPERATION", "COUNT", "TIME", "MEAN", "P50", "P90", "P99", "MAX"));
        List<Entry> shown = document.histograms().stream().filter(h -> h.count() > 0).toList();
        shown.forEach(h -> text.append(row(h.operation(), Quantity.count(h.count()), Quantity.orDash(h.sum(), h.unit()),
            Quantity.orDash(h.mean(), h.unit()), Quantity.orDash(h.p50(), h.unit()), Quantity.orDash(h.p90(), h.unit()),
            Quantity.orDash(h.p99(), h.unit()), Quantity.orDash(h.max(), h.unit()))));
        text.append(shown.isEmpty() ? "there has been none\n" : "");
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static String subject(List<Entry> histograms) {
        Entry first = histograms.get(0);
        return first.thread() != null ? "thread " + first.thread() + ", "
            : first.pool() != null ? "pool " + first.pool() + ", "
            : first.context() != null ? "context " + first.context() + ", "
            : first.operation() != null ? (first.metric().equals(SYSCALL) ? "system call "
                : first.metric().equals(PINNED) ? "carriers in " : "VM operation ")
                + first.operation() + ", "
            : first.isOfProcess() ? "" : "all threads, ";
    }

    private static String summary(Entry h) {
        return row(h.metric(), Quantity.count(h.count()), Quantity.orDash(h.mean(), h.unit()),
            Quantity.orDash(h.p50(), h.unit()), Quantity.orDash(h.p90(), h.unit()), Quantity.orDash(h.p99(), h.unit()),
            Quantity.orDash(h.p999(), h.unit()), Quantity.orDash(h.max(), h.unit()));
    }

    private static String row(String metric, String... columns) {
        return Layout.left(Layout.shorten(metric, 17), 17)
            + Stream.of(columns).map(column -> Layout.right(column, 9)).collect(Collectors.joining()) + "\n";
    }
}
