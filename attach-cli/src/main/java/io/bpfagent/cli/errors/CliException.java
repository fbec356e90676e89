package io.bpfagent.cli.errors;

import io.bpfagent.cli.text.SafeText;

/** A command that cannot be done; its message is the one line that the user sees (exit code 1). */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final CliError error;

    CliException(CliError error, String rest, Throwable cause) {
        super(oneLine(error.phrase() + rest), cause);
        this.error = error;
    }

    /** Which error it is. */
    public CliError error() {
        return error;
    }

    /** Foreign messages (the JDK's, the agent's) may have several lines, and may steer a terminal; ours do not. */
    private static String oneLine(String text) {
        return SafeText.of(text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " | "));
    }
}
