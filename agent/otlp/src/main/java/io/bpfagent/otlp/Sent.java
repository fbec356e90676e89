package io.bpfagent.otlp;

/**
 * How one request went.
 *
 * @param trouble why it has not arrived, null if it has
 * @param taken   what of it the receiver has taken
 */
record Sent(String trouble, PartialSuccess taken) {
    /** The exporter has sent nothing. */
    static final Sent NOTHING = lost("it was not sent");

    /** It has not arrived. */
    static Sent lost(String why) {
        return new Sent(why, PartialSuccess.ALL);
    }
}
