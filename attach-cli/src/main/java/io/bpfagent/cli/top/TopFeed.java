package io.bpfagent.cli.top;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.ContextsDifference;
import io.bpfagent.cli.interval.ThreadsDifference;
import io.bpfagent.cli.text.Title;
import java.time.Clock;
import java.util.Map;

/**
 * Asks the agent for what a frame needs. One thread.
 *
 * <p>But for the first frame it takes the documents that count since the agent began and makes the differences itself:
 * that is cheaper for the JVM, and no time is left out when a look comes late.
 */
final class TopFeed {

    /** What the first frame tells of; later ones add what comes. */
    private static final int FIRST_LAST = 100;
    /** Of a status so much is new in a second; and it is the dearest to answer, for it reads the programs' counters. */
    private static final long STATUS_EVERY_MS = 5_000;

    private final AgentAnswers agent;
    private final Title title;
    private final Clock clock;
    private ThreadsDocument earlier;
    private Recent<PausesDocument.Entry> pauses = Recent.none();
    private String pauseReason;
    private Recent<EventsDocument.Entry> events = Recent.none();
    private String eventReason;
    private StatusDocument status;
    private long statusAtMs;
    /** Contexts as of the last look, null where nobody looked at them then. */
    private ContextsDocument earlierContexts;
    private TopData last;
    /** Written by the thread that draws. */
    private volatile boolean contextsWanted;

    TopFeed(AgentAnswers agent, Title title, Clock clock) {
        this.agent = agent;
        this.title = title;
        this.clock = clock;
    }

    /** The agent's own last interval: there is a frame at once. */
    TopData first() {
        ThreadsDocument interval = threads(true);
        listings(FIRST_LAST, FIRST_LAST);
        status();
        earlierContexts = null;
        return data(interval, Map.of(), contexts());
    }

    /** Whether the next data are to have contexts: there may be a thousand, and most who look do not look at them. */
    void wantContexts(boolean want) {
        contextsWanted = want;
    }

    /** What has happened since the last look; null where there is no new snapshot. */
    TopData next() {
        ThreadsDocument now = threads(false);
        ThreadsDocument before = earlier;
        if (before != null && now.wallNs() == before.wallNs()) {
            boolean missing = contextsWanted && last != null && last.contexts() == null;
            return missing ? last = last.with(contexts()) : null;
        }
        if (before == null || now.wallNs() < before.wallNs()) {
            earlier = now;
            return before == null ? null : first(); // another agent has taken its place
        }
        listings(PausesDocument.KEPT, EventsDocument.KEPT);
        if (clock.millis() - statusAtMs >= STATUS_EVERY_MS) {
            status();
        }
        ContextsDocument contexts = contexts();
        earlier = now; // only now: all has been answered, and where it was not, the next look covers this time too
        return data(ThreadsDifference.of(before, now), before.losses(), contexts);
    }

    /** Of the same time as the rest, but for the first ones: the agent's own last interval. Null where nobody looks. */
    private ContextsDocument contexts() {
        if (!contextsWanted) {
            earlierContexts = null;
            return null;
        }
        ContextsDocument now = contexts(false);
        ContextsDocument before = earlierContexts;
        earlierContexts = now;
        return before == null || now.wallNs() < before.wallNs() ? contexts(true) : ContextsDifference.of(before, now);
    }

    private ContextsDocument contexts(boolean interval) {
        try {
            return Documents.read(agent.ask(Request.contexts(interval)), ContextsDocument.class);
        } catch (CliException refused) {
            if (refused.error() == CliError.ANSWER_ERROR) {
                return ContextsDocument.without(refused.getMessage()); // an agent of before there were contexts
            }
            throw refused;
        }
    }

    private ThreadsDocument threads(boolean interval) {
        return Documents.read(agent.ask(Request.threads(interval)), ThreadsDocument.class);
    }

    private void listings(int lastPauses, int lastEvents) {
        PausesDocument morePauses = Documents.read(
            agent.ask(Request.pauses(lastPauses, 0, pauses.seen())), PausesDocument.class);
        pauses = pauses.plus(morePauses);
        pauseReason = morePauses.reason();
        EventsDocument moreEvents = Documents.read(
            agent.ask(Request.events(lastEvents, 0, events.seen(), null, null, null)), EventsDocument.class);
        events = events.plus(moreEvents);
        eventReason = moreEvents.reason();
    }

    private void status() {
        status = Documents.read(agent.ask(Request.of("status")), StatusDocument.class);
        statusAtMs = clock.millis();
    }

    private TopData data(ThreadsDocument interval, Map<String, Long> earlierLosses, ContextsDocument contexts) {
        last = new TopData(title, clock.millis(), clock.getZone(), interval, pauses, pauseReason, events, eventReason,
            status, earlierLosses, contexts);
        return last;
    }
}
