package io.bpfagent.cli.control;

/**
 * What the command asks the agent, one line of JSON.
 *
 * @param verb {@code status}, {@code hist}, {@code threads} or {@code detach}
 * @param metric one metric's name, null for all
 * @param pool one pool's name, null for all
 * @param thread one thread's name, null for all
 * @param interval the last interval instead of everything since the agent began
 */
public record Request(int schema, String verb, String metric, String pool, String thread, boolean interval) {

    /** A request that selects nothing. */
    public static Request of(String verb) {
        return new Request(Documents.SCHEMA, verb, null, null, null, false);
    }

    /** Without the line's end. */
    public String toJson() {
        return Documents.write(this);
    }
}
