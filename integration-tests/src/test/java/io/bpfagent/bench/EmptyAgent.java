package io.bpfagent.bench;

import java.lang.instrument.Instrumentation;

/** What the JVM itself takes for having any agent. */
public final class EmptyAgent {
    private EmptyAgent() {}

    /** Does nothing. */
    public static void premain(String arguments, Instrumentation instrumentation) {}

    /** Does nothing. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {}
}
