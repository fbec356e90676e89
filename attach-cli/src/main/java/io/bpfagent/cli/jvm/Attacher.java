package io.bpfagent.cli.jvm;

/** Makes a JVM load an agent's jar. */
@FunctionalInterface
public interface Attacher {

    /**
     * Returns when the jar's {@code agentmain} has returned.
     *
     * @param pathInTarget the jar as the target sees it
     * @throws io.bpfagent.cli.errors.CliException when the JVM did not load it
     */
    void attach(TargetProcess target, String pathInTarget, String arguments);
}
