package io.bpfagent.cli.text;

import io.bpfagent.cli.control.UserProbesDocument;
import io.bpfagent.cli.control.UserProbesDocument.Entry;
import io.bpfagent.cli.control.UserProbesDocument.Failed;
import java.time.Clock;
import java.util.Locale;

/** The text of {@code probe list}. */
public final class UserProbesText {

    private static final int NAME_WIDTH = 32;
    private static final int NUMBER_WIDTH = 12;

    private UserProbesText() {
    }

    /** @param clock says what time it is, and where */
    public static String of(Title title, UserProbesDocument document, Clock clock) {
        StringBuilder text = new StringBuilder();
        int count = document.probes().size();
        text.append(Layout.wrap("", title.jvm() + ": " + count + (count == 1 ? " probe" : " probes")
            + " of your own, room for " + document.free() + " more"));
        if (count > 0) {
            text.append('\n').append(row("PROBE", "COUNT", "HITS", "UNMATCHED", "NS/HIT"));
        }
        for (Entry probe : document.probes()) {
            text.append(row(Layout.shorten(probe.name(), NAME_WIDTH), Quantity.count(probe.count()),
                    Quantity.count(probe.hits()), Quantity.count(probe.unmatched()),
                    probe.nsPerHit() == null || probe.nsPerHit() == 0 ? "-"
                        : String.format(Locale.ROOT, "%.1f", probe.nsPerHit())))
                .append(Layout.wrap("    ", probe.spec() + " (" + probe.detail() + ") "
                    + Since.of(clock, probe.atMs())));
        }
        for (Failed probe : document.failed()) {
            text.append('\n').append(Layout.wrap("", probe.name() + " was given at the start and is not there: "
                + probe.reason()));
            text.append(Layout.wrap("    ", probe.spec()));
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static String row(String name, String... columns) {
        StringBuilder row = new StringBuilder(Layout.left(name, NAME_WIDTH));
        for (String column : columns) {
            row.append(Layout.right(column, NUMBER_WIDTH));
        }
        return row.append('\n').toString();
    }
}
