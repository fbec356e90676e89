package io.bpfagent.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.function.BiConsumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** Where the jar's entry class enters the agent proper. Name and interface never change. */
public final class AgentMain implements BiConsumer<String[], Instrumentation> {
    /** For the entry class. */
    public AgentMain() {}

    /**
     * Runs an agent on the calling thread until it has been detached. Throws nothing: what goes wrong is
     * one line on stderr and in the status.
     *
     * @param start           the arguments, as given behind {@code -javaagent:...=} or by attach-cli; then
     *                        the path of the jar that the agent's classes come from
     * @param instrumentation of this JVM
     */
    @Override
    public void accept(String[] start, Instrumentation instrumentation) {
        new Agent(start[0], instrumentation, version(start[1]), new KernelSession.Opener()).run();
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
