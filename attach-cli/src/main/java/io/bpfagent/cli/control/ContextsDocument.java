package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code contexts}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers
 * @param outsideNs by state: the time of all threads in which they were in no context
 * @param reason why no context is known, null where they are kept
 */
public record ContextsDocument(int schema, boolean interval, long wallNs, List<Context> contexts,
    Map<String, Long> outsideNs, String reason, Map<String, Long> losses) {

    public ContextsDocument {
        contexts = contexts == null ? List.of() : List.copyOf(contexts);
        outsideNs = outsideNs == null ? Map.of() : outsideNs;
        losses = losses == null ? Map.of() : losses;
    }

    /** Of an agent that keeps none, or does not know the verb. */
    public static ContextsDocument without(String reason) {
        return new ContextsDocument(Documents.SCHEMA, false, 0, List.of(), Map.of(), reason, Map.of());
    }

    /**
     * A kind of request, a method, a statement, or what the application has named itself.
     *
     * @param kind {@code request}, {@code poll}, {@code task}, {@code api}, {@code method} or {@code statement}
     * @param count how often it was entered
     * @param wallNs from enter to leave, of all together: the sum of {@code inclusive}
     * @param inclusive ns by state, with what was entered inside of it
     * @param exclusive by state, without that
     */
    public record Context(String name, String kind, long count, long wallNs, Map<String, Long> inclusive,
        Map<String, Stays> exclusive) {

        public Context {
            name = Objects.requireNonNullElse(name, "?");
            kind = Objects.requireNonNullElse(kind, "?");
            inclusive = inclusive == null ? Map.of() : inclusive;
            exclusive = exclusive == null ? Map.of() : exclusive;
        }

        /** What no other context is called. */
        public String key() {
            return kind + '\n' + name;
        }

        /** The time in it itself, in all states. */
        public long exclusiveWallNs() {
            return exclusive.values().stream().mapToLong(Stays::ns).sum();
        }

        /** Whether there is anything to tell of it. */
        public boolean isUsed() {
            return count != 0 || wallNs != 0;
        }
    }

    /**
     * Stays in a state.
     *
     * @param ns all together, with those that are not over
     * @param count how many are over
     * @param maxNs the longest of these
     */
    public record Stays(long ns, long count, long maxNs) {
    }
}
