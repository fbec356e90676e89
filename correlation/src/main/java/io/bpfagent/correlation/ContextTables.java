package io.bpfagent.correlation;

/**
 * What the numbers of nodes and contexts mean, as the threads of the host have given them out. Both only become more,
 * and a number means the same for the JVM's life. Any thread.
 */
public interface ContextTables {
    /** Numbers of contexts are below this; 0 is none. */
    int contexts();

    /** A context's name; null as long as it has none. */
    String name(int context);

    /** What kind it is: the place of a {@link ContextKind}. */
    int kind(int context);

    /** Numbers of nodes are below this; 0 is none. */
    int nodes();

    /** Which context a node is, the innermost; 0: it is not known yet. */
    int contextOf(int node);

    /** The node around a node, 0 none. */
    int parentOf(int node);

    /** How often a node was entered since the JVM began, without what slots have counted since. */
    long entered(int node);

    /**
     * What the number of a span stands for; null for 0, and for one that so many others came after that it is
     * forgotten.
     */
    default TraceSpan span(int number) {
        return null;
    }

    /** Tasks that went to another thread without their context since the JVM began, because too many waited. */
    default long lostHandovers() {
        return 0;
    }

    /** How often a name found no room since the JVM began. */
    long namesOverLimit();

    /** How often a context found no room within another since the JVM began. */
    long nodesOverLimit();

    /** Contexts that threads without a row would have begun since the JVM began. */
    long withoutRow();

    /** Contexts that virtual threads would have begun since the JVM began. */
    long onVirtualThreads();
}
