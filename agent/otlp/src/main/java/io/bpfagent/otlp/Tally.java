package io.bpfagent.otlp;

import io.bpfagent.extension.Note;
import java.util.function.Consumer;

/**
 * How many exports there were, and how many of them did not arrive. A trouble is told when it begins, and not again
 * before an export has arrived. One thread writes; {@link #note} is for any.
 */
final class Tally {
    private final String endpoint;
    private final String pace;
    private final Consumer<String> complaints;
    private long arrived;
    private long lost;
    private long rejected;
    private boolean isTroubled;
    private volatile Note note;

    /** @param pace how often, in words */
    Tally(String endpoint, String pace, Consumer<String> complaints) {
        this.endpoint = endpoint;
        this.pace = pace;
        this.complaints = complaints;
        this.note = new Note(true, endpoint + ", " + pace + ", none yet");
    }

    /** One export went so. */
    void count(Sent sent) {
        if (sent.trouble() != null) {
            lost++;
            trouble(sent.trouble(), " Numbers are cumulative: the next export that arrives has them all.");
        } else {
            arrived(sent.taken());
        }
    }

    private void arrived(PartialSuccess taken) {
        arrived++;
        rejected += taken.rejected();
        if (taken.rejected() > 0) {
            trouble("the receiver has not taken " + taken.rejected() + " of the numbers"
                    + (taken.why().isEmpty() ? "" : " (" + OtlpExtension.oneLine(taken.why()) + ")"), "");
        } else {
            isTroubled = false;
            note = new Note(true, endpoint + ", " + pace + ", " + counts());
        }
    }

    private void trouble(String why, String but) {
        String line = "Cannot export by OTLP: " + endpoint + ": " + why + "." + but
                + " Check the receiver and the OTEL_*"
                + " variables. See TROUBLESHOOTING.md, \"Cannot export by OTLP\".";
        note = new Note(false, endpoint + ", " + pace + ", " + counts() + "; the last: " + why);
        if (!isTroubled) {
            isTroubled = true;
            complaints.accept(line);
        }
    }

    private String counts() {
        return arrived + " arrived, " + lost + " lost" + (rejected == 0 ? "" : ", " + rejected + " numbers not taken");
    }

    /** How many have not arrived so far. */
    long lost() {
        return lost;
    }

    Note note() {
        return note;
    }
}
