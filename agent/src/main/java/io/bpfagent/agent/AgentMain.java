package io.bpfagent.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

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
        new Agent(arguments, instrumentation, version(jarPath), KernelSession::open).run();
    }

    /** As the jar's manifest has it. */
    private static String version(String jarPath) {
        try (JarFile jar = new JarFile(jarPath)) {
            String version = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return version == null ? "unknown" : version;
        } catch (IOException | RuntimeException e) {
            // The classes have been read; a jar that went away meanwhile keeps nobody from working.
            return "unknown";
        }
    }
}
