package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.util.Optional;

/** Loads BPF programs for a JVM that may not do so itself, and hands them to it. */
public interface HandOver {

    /**
     * Does it.
     *
     * @param process with an agent that waits
     * @param arguments that were given on the command line
     * @param listen has the agent listen; called when all that can fail without it has been done
     * @return why not, one line; empty when the JVM has them
     */
    Optional<String> give(TargetProcess process, String arguments, Runnable listen) throws IOException;
}
