package io.bpfagent.cli.text;

import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.PausesDocument.Entry;
import java.time.Clock;
import java.util.List;

/** The text of {@code pauses}: two lines or more for each, the second with where it went ({@link PauseVerdict}). */
public final class PausesText extends ListingText<Entry, PausesDocument> {

    private static final int OPERATION_WIDTH = 34;
    private static final String INDENT = "    ";
    private static final String INCOMPLETE =
        "INCOMPLETE: records were lost; only total and time to safepoint are exact.";
    private static final String INCOMPLETE_NOTE = "INCOMPLETE: more happened in the pause than the agent's buffer"
        + " holds. The argument pause-buffer makes it larger (in KiB; attach-cli status shows it).";

    private final boolean detail;
    private boolean toldIncomplete;
    private boolean toldLegend;

    /**
     * @param clock says which day is today, and where: times are shown as they are there
     * @param minNs how long a pause must have been to be asked for
     * @param detail whether to show the threads of each pause
     */
    public PausesText(Clock clock, long minNs, boolean detail) {
        super(clock, "pause", List.of("lost_pauses", "lost_pause_records", "incomplete_pauses"), minNs, detail);
        this.detail = detail;
    }

    @Override
    void write(StringBuilder text, Entry pause) {
        text.append(Layout.left(Layout.shorten(operation(pause), OPERATION_WIDTH), OPERATION_WIDTH))
            .append(Layout.right(Quantity.duration(pause.totalNs()), 9)).append("  to safepoint ")
            .append(Layout.right(Quantity.duration(pause.timeToSafepointNs()), 8)).append('\n');
        if (pause.incomplete()) {
            text.append(INDENT).append(INCOMPLETE).append('\n');
        }
        List<String> clauses = PauseVerdict.clauses(pause);
        if (!clauses.isEmpty()) {
            text.append(Layout.pack(INDENT + (pause.incomplete() ? "As far as seen: " : ""), INDENT, clauses));
        }
        text.append(detail ? PauseThreadsText.of(pause) : "");
    }

    private static String operation(Entry pause) {
        return pause.operation().equals(Entry.UNKNOWN) ? "(no operation seen)" : pause.operation();
    }

    @Override
    String notes(PausesDocument document) {
        StringBuilder notes = new StringBuilder();
        if (!toldLegend && detail && document.pauses().stream().anyMatch(pause -> !pause.threads().isEmpty())) {
            toldLegend = true;
            notes.append(Layout.wrap("note: ", PauseThreadsText.LEGEND));
        }
        if (!toldIncomplete && document.pauses().stream().anyMatch(Entry::incomplete)) {
            toldIncomplete = true;
            notes.append(Layout.wrap("note: ", INCOMPLETE_NOTE));
        }
        return notes.toString();
    }

    @Override
    String filter() {
        return "";
    }
}
