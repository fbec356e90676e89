package io.bpfagent.cli.control;

import java.util.List;

/** The document of {@code list}, which this command makes itself. */
public record JvmList(int schema, List<Jvm> jvms) {

    /** In the form of our schema. */
    public static JvmList of(List<Jvm> jvms) {
        return new JvmList(Documents.SCHEMA, List.copyOf(jvms));
    }

    /**
     * One JVM.
     *
     * @param name main class or jar
     * @param agent {@code on} when an agent answers, {@code off} when there is none, null where it
     *     cannot be told: another user's JVM, or one that does not answer
     * @param state what the agent says of itself, null without one
     */
    public record Jvm(int pid, String name, String agent, String state) {
    }
}
