package io.bpfagent.hooks;

import java.util.List;

/**
 * Which contexts are wanted, as the user said.
 *
 * @param on       whether there are contexts at all: for who uses the API, or may want some of the others later;
 * decided                 when the agent begins, for the maps in the kernel are made for it
 * @param trace    methods that become contexts
 * @param requests whether requests, statements and polls become contexts
 * @param virtual  whether contexts follow virtual threads
 */
public record ContextSettings(boolean on, List<TracePattern> trace, boolean requests, boolean virtual) {
    /** None, which costs nothing. */
    public static final ContextSettings OFF = new ContextSettings(false, List.of(), false, false);

    /** Whoever wants one kind wants contexts. */
    public ContextSettings {
        trace = List.copyOf(trace);
        on |= !trace.isEmpty() || requests || virtual;
    }

    // Not those that the compiler makes for records: the JDK's part of them remembers a class that it was used for, and
    // with it the agent's whole tier, for the JVM's life.

    @Override
    public boolean equals(Object other) {
        return other instanceof ContextSettings settings && on == settings.on && trace.equals(settings.trace)
                && requests == settings.requests && virtual == settings.virtual;
    }

    @Override
    public int hashCode() {
        return trace.hashCode() * 8 + (on ? 4 : 0) + (requests ? 2 : 0) + (virtual ? 1 : 0);
    }
}
