package io.bpfagent.cli.top;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.text.Title;
import java.time.ZoneId;
import java.util.Map;

/**
 * All that a frame is made of.
 *
 * @param atMs when it was asked for, ms since 1970
 * @param zone in which times are shown
 * @param threads of the last interval
 * @param pauses the last ones, newest last
 * @param pauseReason why there can be none, null where there can
 * @param events the last slow ones, newest last
 * @param eventReason why there can be none, null where there can
 * @param status of some seconds ago at most
 * @param earlierLosses what had been lost when the interval began; empty where that is not known
 * @param contexts of the last interval; null where they have not been asked for, since nobody looks at them
 */
record TopData(Title title, long atMs, ZoneId zone, ThreadsDocument threads, Recent<PausesDocument.Entry> pauses,
    String pauseReason, Recent<EventsDocument.Entry> events, String eventReason, StatusDocument status,
    Map<String, Long> earlierLosses, ContextsDocument contexts) {

    /** The same with these contexts. */
    TopData with(ContextsDocument others) {
        return new TopData(title, atMs, zone, threads, pauses, pauseReason, events, eventReason, status, earlierLosses,
            others);
    }
}
