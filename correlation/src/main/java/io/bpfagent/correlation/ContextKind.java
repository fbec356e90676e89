package io.bpfagent.correlation;

import java.util.List;
import java.util.Locale;

/** What kind of work a context is. The order is that of the numbers that {@code ContextRuntime} takes. */
public enum ContextKind {
    /** What the context beyond the limit of names is: the one called {@code other}. */
    OTHER,
    /** A request that a server answers, by its route. */
    REQUEST,
    /** A call of a method that {@code trace=} names. */
    METHOD,
    /** A statement for a database. */
    STATEMENT,
    /** A turn of a loop that polls a broker. */
    POLL,
    /** A task of the host's that has no other kind. */
    TASK,
    /** What the host's own code opened. */
    API;

    /** All of them by their numbers: a list, because {@link #values()} copies. */
    public static final List<ContextKind> ALL = List.of(values());

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name in reports, for example {@code request}. */
    public String key() {
        return key;
    }
}
