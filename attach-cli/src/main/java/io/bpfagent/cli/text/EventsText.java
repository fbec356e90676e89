package io.bpfagent.cli.text;

import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.EventsDocument.Entry;
import io.bpfagent.cli.control.EventsDocument.SlowThread;
import java.time.Clock;
import java.util.List;

/**
 * The text of {@code events}: for each one line with metric, length and thread, and below it what is known of it
 * ({@link EventWords}); with its stack, if that is wanted.
 */
public final class EventsText extends ListingText<Entry, EventsDocument> {

    private static final int METRIC_WIDTH = 18;
    private static final int NAME_WIDTH = 37;
    private static final String INDENT = "    ";
    private static final String FRAME = "        at ";

    private final String filter;
    private final boolean stacks;

    /**
     * @param clock says which day is today, and where: times are shown as they are there
     * @param filter {@code " of pool x"}: which slow events were asked for besides long ones, or empty
     * @param minNs how long an event must have been to be asked for
     * @param stacks whether to show the stack of each
     */
    public EventsText(Clock clock, String filter, long minNs, boolean stacks) {
        super(clock, "slow event", List.of(EventsDocument.LOST), minNs, stacks);
        this.filter = filter;
        this.stacks = stacks;
    }

    @Override
    void write(StringBuilder text, Entry event) {
        text.append(Layout.left(Layout.shorten(event.metric(), METRIC_WIDTH), METRIC_WIDTH))
            .append(Layout.right(Quantity.duration(event.durationNs()), 9)).append("  ")
            .append(Layout.shorten(name(event.thread()), NAME_WIDTH)).append('\n');
        List<String> clauses = EventWords.clauses(event, !stacks);
        if (!clauses.isEmpty()) {
            text.append(Layout.pack(INDENT, INDENT, clauses));
        }
        if (stacks) {
            event.stack().forEach(frame -> text.append(FRAME)
                .append(Layout.shorten(EventWords.frame(frame), Layout.WIDTH - FRAME.length())).append('\n'));
        }
    }

    /** A thread that ended before anybody told its name has an empty one. */
    public static String name(SlowThread thread) {
        return !thread.name().isEmpty() ? thread.name() : thread.tid() != 0 ? "(tid " + thread.tid() + ")"
            : "(tid " + thread.hostTid() + " on the host)";
    }

    @Override
    String notes(EventsDocument document) {
        return "";
    }

    @Override
    String filter() {
        return filter;
    }
}
