package io.bpfagent.find;

import java.util.Objects;

/**
 * A probe as its user wrote it; whether it exists is {@link ProbeFinder}'s to say.
 *
 * @param name          of the histogram or count that it makes
 * @param library       a file's name with or without its version, or a path; for tracepoints the group
 * @param begin         {@code provider:name} for USDT, a function for uprobes, an event for tracepoints
 * @param end           of the same form; null where there is none: a uprobe then is from a function's entry to its
 *                      return, USDT and tracepoints are counted
 * @param condition     on the arguments of the begin, or null
 * @param valueArgument the argument of the begin of which the histogram is made instead of time, 1 .. 6; 0 for none
 * @param slowSite      whether an instruction that must be single-stepped is taken too
 */
public record ProbeSpec(String name, Kind kind, String library, String begin, String end, Condition condition,
        int valueArgument, boolean slowSite) {
    /** As many as a function has in registers on x86_64, and a program sees of a tracepoint. */
    public static final int MAX_ARGUMENT = 6;

    static final String TO = "..";

    /** What sort of place it is. */
    public enum Kind {
        USDT("usdt"), UPROBE("uprobe"), TRACEPOINT("tp");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As it is written. */
        public String text() {
            return text;
        }
    }

    public ProbeSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(library, "library");
        Objects.requireNonNull(begin, "begin");
        if (valueArgument < 0 || valueArgument > MAX_ARGUMENT) {
            throw new IllegalArgumentException("valueArgument=" + valueArgument);
        }
    }

    /**
     * Reads what the user wrote.
     *
     * @param name of the histogram: letters, digits and _, beginning with a letter, at most 32
     * @param text words with blanks between them: the place, then in any order a condition, {@code value=argN} and
     *             {@code slow-site=yes}, for example {@code uprobe:libc.so.6:getaddrinfo arg1>4096 value=arg2}
     */
    public static ProbeSpec parse(String name, String text) throws ProbeException {
        return new SpecParser(name, text).parse();
    }

    /** The text without the name: {@code parse(name, text())} gives the same again. */
    public String text() {
        StringBuilder text = new StringBuilder(kind.text()).append(':').append(library).append(':').append(begin);
        if (end != null) {
            text.append(TO).append(end);
        }
        if (condition != null) {
            text.append(' ').append(condition.text());
        }
        if (valueArgument != 0) {
            text.append(" value=arg").append(valueArgument);
        }
        return text.append(slowSite ? " slow-site=yes" : "").toString();
    }

    /** Whether all system calls of all processes take longer while it is there. */
    boolean slowsSystemCalls() {
        return kind == Kind.TRACEPOINT && (isOfSystemCalls(begin) || end != null && isOfSystemCalls(end));
    }

    /** Whether that is so of a tracepoint; those of {@code syscalls} are none. */
    static boolean isOfSystemCalls(String event) {
        return event.equals("sys_enter") || event.equals("sys_exit");
    }

    /** Whether the argument of this number, 1 .. 6, is asked for. */
    boolean reads(int argument) {
        return valueArgument == argument || condition != null && condition.argument() == argument;
    }

    /** The greatest argument that is asked for, 0 when none is. */
    int greatestArgument() {
        return Math.max(valueArgument, condition == null ? 0 : condition.argument());
    }
}
