package io.bpfagent.agent;

/**
 * Refuses an argument: the message is the rule, then the value as it was given, for example
 * {@code interval must be >= 100 ms, interval=5}.
 */
public final class ArgumentException extends Exception {
    private static final long serialVersionUID = 1L;
    /** A line that can be read; what was given may be a whole file by mistake. */
    private static final int MAX_GIVEN = 200;

    /**
     * Of a rule and what breaks it.
     *
     * @param rule  what a value must be, for example {@code interval must be >= 100 ms}
     * @param given what was given, for example {@code interval=5}; its first 200 characters are told
     */
    public ArgumentException(String rule, String given) {
        super(rule + ", " + (given.length() <= MAX_GIVEN ? given : given.substring(0, MAX_GIVEN) + "..."));
    }
}
