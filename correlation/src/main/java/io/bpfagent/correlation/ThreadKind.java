package io.bpfagent.correlation;

import java.util.Locale;

/** What a thread of the JVM's process is for. */
public enum ThreadKind {
    /** A platform thread of {@code java.lang.Thread}. */
    JAVA,
    /** A platform thread that carries virtual threads. */
    CARRIER,
    /** A thread of the garbage collector. */
    GC,
    /** A JIT compiler thread. */
    COMPILER,
    /** Another thread of the JVM itself, the VM thread for example. */
    VM,
    /** A native thread that the JVM did not make, or one of which nothing is known. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The kind's name in reports: the constant's name in lower case. */
    public String label() {
        return label;
    }
}
