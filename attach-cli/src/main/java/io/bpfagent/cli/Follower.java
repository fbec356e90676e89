package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Listing;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.ListingText;

/**
 * {@code --follow}: prints each new one until the agent or the JVM is gone, or Ctrl-C ends the command. A JVM that
 * does not answer may be in the very pause that is waited for: that is told, and asking goes on.
 *
 * @param <D> what lists them
 */
final class Follower<D extends Listing<?>> {

    /** For so many looks an agent that is gone may have been ahead of its JVM, which is ending: 2 s. */
    private static final int ENDING_POLLS = 4;
    /** As many as tail -f shows. */
    private static final int LAST_BEFORE_FOLLOWING = 10;

    /**
     * What is followed.
     *
     * @param type the document that lists it
     * @param none the error when there can be none
     * @param selective whether not all of them are asked for
     * @param asking for at most so many with a greater number
     */
    record Subject<D>(Class<D> type, CliError none, boolean selective, Asking asking) {
    }

    /** Makes the request. */
    @FunctionalInterface
    interface Asking {
        Request request(int last, long after);
    }

    private final JvmVerb verb;
    private final TargetProcess process;
    private final ListingText<?, D> text;
    private final Subject<D> subject;
    /** The number of the newest that is known, and how many had been lost by then that have none. */
    private long after;
    private long lost;
    private boolean toldSilence;
    private boolean broke;

    Follower(JvmVerb verb, TargetProcess process, ListingText<?, D> text, Subject<D> subject) {
        this.verb = verb;
        this.process = process;
        this.text = text;
        this.subject = subject;
    }

    /**
     * Follows for ever.
     *
     * @param last how many to show that have been already; null for ten
     * @throws CliException when there is nothing to follow any more
     */
    int follow(Integer last) {
        int before = last == null ? LAST_BEFORE_FOLLOWING : last;
        String first = verb.askWhenReady(process, subject.asking().request(before, 0));
        D document = read(first);
        if (document.reason() != null) {
            throw subject.none().because(" (JVM " + process.pid() + "): " + document.reason());
        }
        know(document);
        if (before > 0) {
            begin(first, document);
        } else {
            text.skip(document);
        }
        while (true) {
            Sleep.ms(verb.environment().followPollMs());
            poll(document.kept());
        }
    }

    private void know(D document) {
        after = document.seen();
        lost = document.lostWithoutGap();
    }

    private void begin(String answer, D document) {
        if (!verb.isJson()) {
            verb.print(answer, () -> text.report(verb.title(process), document));
        } else if (!document.listed().isEmpty()) {
            verb.print(answer, null);
        }
    }

    private void poll(int kept) {
        String answer;
        try {
            answer = verb.askWhenReady(process, subject.asking().request(kept, after));
        } catch (CliException none) {
            goOnOrEnd(none);
            return;
        }
        toldSilence = false;
        broke = false;
        D document = read(answer);
        if (document.seen() < after) {
            verb.tell("The agent in JVM " + process.pid() + " is a new one: its " + text.noun()
                + "s are counted from 1 again.");
            after = 0;
            lost = 0;
            return;
        }
        long missing = missing(document);
        know(document);
        if (!verb.isJson()) {
            String more = text.more(document, missing);
            if (!more.isEmpty()) {
                verb.print(answer, () -> more);
            }
        } else {
            if (missing > 0) {
                verb.tell(text.missing(document, missing));
            }
            if (!document.listed().isEmpty()) {
                verb.print(answer, null);
            }
        }
    }

    /**
     * Those since the last look that are not listed. Where not all are asked for nobody can tell these from the ones
     * that did not fit, but for those that are no longer in the agent's list.
     */
    private long missing(D document) {
        long came = document.seen() - after;
        long listed = subject.selective() ? document.kept() : document.listed().size();
        return Math.max(0, came - listed) + Math.max(0, document.lostWithoutGap() - lost);
    }

    private void goOnOrEnd(CliException none) {
        boolean alive = process.isAlive();
        if (alive && none.error() == CliError.REACH_TIMEOUT) {
            if (!toldSilence) {
                toldSilence = true;
                verb.tell("JVM " + process.pid() + " does not answer: in a long pause, stopped, or starved."
                    + " Asking on.");
            }
            return;
        }
        if (alive && none.error() == CliError.REACH_BROKEN && !broke) {
            broke = true; // an agent that is closing; the next try says whether it is gone
            return;
        }
        boolean gone = none.error() == CliError.NO_AGENT || none.error() == CliError.REACH_BROKEN
            || none.error() == CliError.REACH_OTHER_USER;
        // An agent goes a little earlier than its JVM.
        for (int polls = 0; gone && alive && polls < ENDING_POLLS; polls++) {
            Sleep.ms(verb.environment().followPollMs());
            alive = process.isAlive();
        }
        if (!alive) {
            throw CliError.JVM_ENDED.because(" (" + process.pid() + "): no more " + text.noun() + "s.");
        }
        if (none.error() == CliError.NO_AGENT) {
            throw CliError.NO_AGENT.because(" " + process.pid() + " any more: it was detached, or the JVM is ending."
                + " Attach again with: attach-cli " + process.pid());
        }
        throw none;
    }

    private D read(String answer) {
        return Documents.read(answer, subject.type());
    }
}
