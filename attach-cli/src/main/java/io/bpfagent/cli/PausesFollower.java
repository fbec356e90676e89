package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.PausesDocument.Entry;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.PausesText;
import java.util.List;

/**
 * {@code pauses --follow}: prints each new pause until the agent or the JVM is gone, or Ctrl-C ends
 * the command. A JVM that does not answer may be in the very pause that is waited for: that is told, and
 * asking goes on.
 */
final class PausesFollower {

    /** For so many looks an agent that is gone may have been ahead of its JVM, which is ending: 2 s. */
    private static final int ENDING_POLLS = 4;

    private final PausesVerb verb;
    private final TargetProcess process;
    private final PausesText text;
    private final long minNs;
    /** The number of the newest pause that is known. */
    private long after;
    private boolean toldSilence;
    private boolean broke;

    PausesFollower(PausesVerb verb, TargetProcess process, PausesText text, long minNs) {
        this.verb = verb;
        this.process = process;
        this.text = text;
        this.minNs = minNs;
    }

    /**
     * Follows for ever.
     *
     * @param last how many pauses to show that have been already
     * @throws CliException when there is nothing to follow any more
     */
    int follow(int last) {
        String first = verb.askWhenReady(process, Request.pauses(last, minNs, 0));
        PausesDocument document = read(first);
        if (document.reason() != null) {
            throw CliError.NO_PAUSES.because(" (JVM " + process.pid() + "): " + document.reason());
        }
        after = document.seen();
        if (last > 0) {
            begin(first, document);
        } else {
            text.skip(document);
        }
        while (true) {
            Sleep.ms(verb.environment().followPollMs());
            poll();
        }
    }

    private void begin(String answer, PausesDocument document) {
        if (!verb.isJson()) {
            verb.print(answer, () -> text.report(verb.title(process), document));
        } else if (!document.pauses().isEmpty()) {
            verb.print(answer, null);
        }
    }

    private void poll() {
        String answer;
        try {
            answer = verb.askWhenReady(process, Request.pauses(PausesDocument.KEPT, minNs, after));
        } catch (CliException none) {
            goOnOrEnd(none);
            return;
        }
        toldSilence = false;
        broke = false;
        PausesDocument document = read(answer);
        if (document.seen() < after) {
            verb.tell("The agent in JVM " + process.pid() + " is a new one: its pauses are counted from 1 again.");
            after = 0;
            return;
        }
        long missing = missing(document);
        after = document.seen();
        if (!verb.isJson()) {
            String more = text.more(document, missing);
            if (!more.isEmpty()) {
                verb.print(answer, () -> more);
            }
        } else {
            if (missing > 0) {
                verb.tell(PausesText.missing(missing));
            }
            if (!document.pauses().isEmpty()) {
                verb.print(answer, null);
            }
        }
    }

    /**
     * Pauses since the last look that are not listed. With {@code --min} nobody can tell those from the ones
     * that were too short, but for those that are no longer in the agent's list.
     */
    private long missing(PausesDocument document) {
        long came = document.seen() - after;
        List<Entry> pauses = document.pauses();
        return Math.max(0, came - (minNs == 0 ? pauses.size() : PausesDocument.KEPT));
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
            throw CliError.JVM_ENDED.because(" (" + process.pid() + "): no more pauses.");
        }
        if (none.error() == CliError.NO_AGENT) {
            throw CliError.NO_AGENT.because(" " + process.pid() + " any more: it was detached, or the JVM is ending."
                + " Attach again with: attach-cli " + process.pid());
        }
        throw none;
    }

    private static PausesDocument read(String answer) {
        return Documents.read(answer, PausesDocument.class);
    }
}
