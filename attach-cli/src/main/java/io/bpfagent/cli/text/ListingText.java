package io.bpfagent.cli.text;

import io.bpfagent.cli.control.Listing;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The text of a verb that lists the latest of what comes one by one. With {@code --follow} one object writes all of
 * it, for it remembers which day it wrote last, what it has explained and what was lost by then.
 *
 * @param <E> what is listed
 * @param <D> the document that lists it
 */
public abstract class ListingText<E extends Listing.Numbered, D extends Listing<E>> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    /** What stands above the next line: a blank one goes between losses and what is listed, and between long ones. */
    private enum Written { NOTHING, LISTED, LOSSES }

    private final Clock clock;
    private final String noun;
    private final List<String> losing;
    private final long minNs;
    private final boolean apart;
    private LocalDate day;
    private Written written = Written.NOTHING;
    private Map<String, Long> losses = Map.of();

    /**
     * @param clock says which day is today, and where: times are shown as they are there
     * @param noun what one is called; with an "s" for many
     * @param losing the losses that make one incomplete or let it be missing; others grow by one now and then
     * @param minNs how long it must have been to be asked for
     * @param apart whether there is a blank line between two
     */
    ListingText(Clock clock, String noun, List<String> losing, long minNs, boolean apart) {
        this.clock = clock;
        this.noun = noun;
        this.losing = losing;
        this.minNs = minNs;
        this.apart = apart;
        this.day = LocalDate.now(clock);
    }

    /** Writes one, behind the time of day. */
    abstract void write(StringBuilder text, E one);

    /** What has to be explained, once; or empty. */
    abstract String notes(D document);

    /** {@code " of pool x"}: what had to fit besides the length, or empty. */
    abstract String filter();

    /** What they are called, for a person. */
    public final String noun() {
        return noun;
    }

    /** Begins with what comes after this document, which is not written. */
    public final void skip(D document) {
        losses = document.losses();
    }

    /** A whole report: what it is about, what is listed, the losses. */
    public final String report(Title title, D document) {
        skip(document);
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": " + subject(document)));
        if (document.reason() != null && document.listed().isEmpty()) {
            text.append('\n').append(Layout.wrap("", document.reason()));
        } else if (!document.listed().isEmpty()) {
            text.append('\n').append(listed(document));
        }
        String notes = notes(document);
        written = Written.LOSSES;
        return text.append(notes.isEmpty() ? "" : "\n" + notes).append('\n').append(LossesText.of(losses)).toString();
    }

    /**
     * What came since, and the losses when more was lost of it.
     *
     * @param missing how many came since that are not in it
     */
    public final String more(D document, long missing) {
        StringBuilder text = new StringBuilder();
        boolean afterLosses = written == Written.LOSSES;
        if (missing > 0) {
            text.append(Layout.wrap("", missing(document, missing)));
            written = afterLosses ? Written.NOTHING : written;
        }
        text.append(listed(document)).append(notes(document));
        boolean lost = losing.stream().anyMatch(
            loss -> !Objects.equals(document.losses().get(loss), losses.get(loss)));
        if (lost) {
            losses = document.losses();
            text.append(afterLosses && text.isEmpty() ? "" : "\n").append(LossesText.of(losses));
            written = Written.LOSSES;
        }
        return (afterLosses && !text.isEmpty() ? "\n" : "") + text;
    }

    /** A line about those that nobody has seen. */
    public final String missing(D document, long missing) {
        return "(" + Quantity.exact(missing) + " " + noun + (missing == 1 ? " is" : "s are")
            + " missing here: the agent's buffer, or its list of " + Quantity.exact(document.kept()) + ", was full)";
    }

    private String subject(D document) {
        int shown = document.listed().size();
        long seen = document.seen();
        String all = Quantity.exact(seen);
        String fitting = filter() + (minNs > 0 ? " of " + Quantity.duration(minNs) + " or longer" : "");
        if (shown == 0) {
            return document.reason() != null ? "no " + noun + "s" : seen == 0 ? "no " + noun + " since the agent began"
                : "no " + noun + fitting + " among the last " + Quantity.exact(Math.min(seen, document.kept())) + " of "
                    + all + " " + noun + "s so far";
        }
        String counted = Quantity.exact(shown) + " " + noun + (shown == 1 ? "" : "s");
        String last = "the last " + (shown == 1 ? noun : counted);
        return !fitting.isEmpty() ? last + fitting + ", of " + all + " " + noun + "s so far"
            : shown < seen ? last + " of " + all : counted + " since the agent began";
    }

    private String listed(D document) {
        StringBuilder text = new StringBuilder();
        for (E one : document.listed()) {
            text.append(apart && written == Written.LISTED ? "\n" : "");
            written = Written.LISTED;
            LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochMilli(one.atMs()), clock.getZone());
            if (!at.toLocalDate().equals(day)) {
                day = at.toLocalDate();
                text.append(day).append('\n');
            }
            text.append(TIME.format(at)).append("  ");
            write(text, one);
        }
        return text.toString();
    }
}
