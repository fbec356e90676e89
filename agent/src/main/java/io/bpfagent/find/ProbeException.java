package io.bpfagent.find;

/** A probe that cannot be had. The message is the one line that the user sees: what, why, what to do. */
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the line.
     *
     * @param what         the first phrase, which is a heading in TROUBLESHOOTING.md
     * @param whyAndRemedy the cause with its values, then what to do; ends with a full stop
     */
    public ProbeException(String what, String whyAndRemedy) {
        super(what + whyAndRemedy + " See TROUBLESHOOTING.md, \"" + what + "\".");
    }
}
