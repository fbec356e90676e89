package io.bpfagent.hooks;

import java.util.List;

/**
 * Weaves what is wanted into the host's classes, and takes it out again.
 *
 * <p>Assumptions: one thread calls, and never one of the application's: weaving takes the JVM a pause for each batch of
 * classes. Guarantees: nothing is thrown that comes of the host's classes; no class loader of the host is held.
 */
public interface Weaver {
    /**
     * From now on these are wanted: classes that are loaded already and those to come. What is not wanted any more is
     * taken out. Returns when the loaded ones are done.
     */
    void want(ContextSettings settings);

    /** Whether one has failed so often that it is to be taken out. Any thread; cheap. */
    boolean hasFailed();

    /** Takes hooks out that have failed too often. @return each, as it was */
    List<HookReport> removeFailed();

    /** Each hook that is wanted. Any thread. */
    List<HookReport> reports();

    /**
     * Gives every class its own bytes back. Twice is harmless. @return the names of classes that the JVM keeps as they
     * are
     */
    List<String> close();
}
