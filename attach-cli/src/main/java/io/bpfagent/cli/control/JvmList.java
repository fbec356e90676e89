package io.bpfagent.cli.control;

import io.bpfagent.cli.jvm.Container;
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
     * @param jdk its JDK's release, null where it cannot be told
     * @param user its name on this machine, else its number
     * @param container in what it is apart from this command, null when in nothing
     * @param agent {@code on} when an agent answers, {@code off} when there is none, null where it
     *     cannot be told: another user's JVM, or one that does not answer
     * @param state what the agent says of itself, null without one
     */
    public record Jvm(int pid, String name, String jdk, String user, Container container, String agent,
        String state) {
    }
}
