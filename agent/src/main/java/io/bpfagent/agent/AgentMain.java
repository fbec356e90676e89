package io.bpfagent.agent;

import java.lang.instrument.Instrumentation;

/** Where the jar's entry class enters the agent proper. Name and signature never change. */
public final class AgentMain {
    private AgentMain() {}

    /**
     * Runs an agent on the calling thread until it has been detached. Throws nothing: what goes wrong is
     * one line on stderr and in the status.
     *
     * @param arguments       as given behind {@code -javaagent:...=} or by attach-cli
     * @param instrumentation of this JVM
     * @param jarPath         where the agent's classes come from
     */
    public static void start(String arguments, Instrumentation instrumentation, String jarPath) {
        new Agent(arguments, instrumentation).run();
    }
}
