package io.bpfagent.cli.text;

import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.PausesDocument.Entry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The text of {@code pauses}: two lines or more for each, the second with where it went
 * ({@link PauseVerdict}). With {@code --follow} one object writes all of it, for it remembers which
 * day it wrote last, what it has explained and what was lost by then.
 */
public final class PausesText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final int OPERATION_WIDTH = 34;
    /** What makes a pause incomplete or lets it be missing; others grow by one now and then. */
    private static final List<String> OF_PAUSES = List.of("lost_pauses", "lost_pause_records", "incomplete_pauses");
    private static final String INDENT = "    ";
    private static final String INCOMPLETE =
        "INCOMPLETE: records were lost; only total and time to safepoint are exact.";
    private static final String INCOMPLETE_NOTE = "INCOMPLETE: more happened in the pause than the agent's buffer"
        + " holds. The argument pause-buffer makes it larger (in KiB; attach-cli status shows it).";

    /** What stands above the next line: a blank one goes between losses and pauses, and between detailed pauses. */
    private enum Written { NOTHING, PAUSE, LOSSES }

    private final Clock clock;
    private final long minNs;
    private final boolean detail;
    private LocalDate day;
    private Written written = Written.NOTHING;
    private boolean toldIncomplete;
    private boolean toldLegend;
    private Map<String, Long> losses = Map.of();

    /**
     * @param clock says which day is today, and where: times are shown as they are there
     * @param minNs how long a pause must have been to be asked for
     * @param detail whether to show the threads of each pause
     */
    public PausesText(Clock clock, long minNs, boolean detail) {
        this.clock = clock;
        this.minNs = minNs;
        this.detail = detail;
        this.day = LocalDate.now(clock);
    }

    /** Begins with what comes after this document, which is not written. */
    public void skip(PausesDocument document) {
        losses = document.losses();
    }

    /** A whole report: what it is about, the pauses, the losses. */
    public String report(Title title, PausesDocument document) {
        skip(document);
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": " + subject(document)));
        if (document.reason() != null && document.pauses().isEmpty()) {
            text.append('\n').append(Layout.wrap("", document.reason()));
        } else if (!document.pauses().isEmpty()) {
            text.append('\n').append(pauses(document));
        }
        String notes = notes(document);
        written = Written.LOSSES;
        return text.append(notes.isEmpty() ? "" : "\n" + notes).append('\n').append(LossesText.of(losses)).toString();
    }

    /**
     * What came since: the pauses, and the losses when more was lost of pauses.
     *
     * @param missing how many came since that are not in it
     */
    public String more(PausesDocument document, long missing) {
        StringBuilder text = new StringBuilder();
        boolean afterLosses = written == Written.LOSSES;
        if (missing > 0) {
            text.append(Layout.wrap("", missing(missing)));
            written = afterLosses ? Written.NOTHING : written;
        }
        text.append(pauses(document)).append(notes(document));
        boolean lost = OF_PAUSES.stream().anyMatch(
            loss -> !Objects.equals(document.losses().get(loss), losses.get(loss)));
        if (lost) {
            losses = document.losses();
            text.append(afterLosses && text.isEmpty() ? "" : "\n").append(LossesText.of(losses));
            written = Written.LOSSES;
        }
        return (afterLosses && !text.isEmpty() ? "\n" : "") + text;
    }

    /** A line about pauses that nobody has seen. */
    public static String missing(long pauses) {
        return "(" + Quantity.exact(pauses) + (pauses == 1 ? " pause is" : " pauses are")
            + " missing here: the agent's buffer, or its list of " + PausesDocument.KEPT + ", was full)";
    }

    private String subject(PausesDocument document) {
        int shown = document.pauses().size();
        String all = Quantity.exact(document.seen());
        if (shown == 0) {
            return document.reason() != null ? "no pauses" : document.seen() == 0 ? "no pause since the agent began"
                : "no pause of " + Quantity.duration(minNs) + " or longer, of the last "
                    + Math.min(document.seen(), PausesDocument.KEPT) + " of " + all;
        }
        String last = shown == 1 ? "the last pause" : "the last " + shown + " pauses";
        if (minNs > 0) {
            return last + " of " + Quantity.duration(minNs) + " or longer, of " + all + " in all";
        }
        return shown < document.seen() ? last + " of " + all
            : shown == 1 ? "1 pause since the agent began" : shown + " pauses since the agent began";
    }

    private String pauses(PausesDocument document) {
        StringBuilder text = new StringBuilder();
        for (Entry pause : document.pauses()) {
            text.append(detail && written == Written.PAUSE ? "\n" : "");
            written = Written.PAUSE;
            LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochMilli(pause.atMs()), clock.getZone());
            if (!at.toLocalDate().equals(day)) {
                day = at.toLocalDate();
                text.append(day).append('\n');
            }
            text.append(TIME.format(at)).append("  ")
                .append(Layout.left(Layout.shorten(operation(pause), OPERATION_WIDTH), OPERATION_WIDTH))
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
        return text.toString();
    }

    private static String operation(Entry pause) {
        return pause.operation().equals(Entry.UNKNOWN) ? "(no operation seen)" : pause.operation();
    }

    /** What has to be explained, once. */
    private String notes(PausesDocument document) {
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
}
