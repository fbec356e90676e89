package io.bpfagent.export;

/** An export that cannot be had. The message is one line: what, why, and what to do. */
public final class ExportException extends Exception {
    private static final long serialVersionUID = 1;

    public ExportException(String message) {
        super(message);
    }

    /**
     * Makes the line.
     *
     * @param what         the first phrase, which is a heading in TROUBLESHOOTING.md
     * @param whyAndRemedy the cause with its values, then what to do; ends with a full stop
     */
    public ExportException(String what, String whyAndRemedy) {
        super(what + whyAndRemedy + " See TROUBLESHOOTING.md, \"" + what + "\".");
    }
}
