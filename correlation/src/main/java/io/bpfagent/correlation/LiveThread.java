package io.bpfagent.correlation;

import java.util.Objects;

/**
 * What is known of a live thread when its identity is asked for.
 *
 * @param tid       in the innermost pid namespace, as the JVM and jstack show it
 * @param javaId    the Java id that {@code thread__start} gave, 0 if that probe was not seen
 * @param comm      the kernel's name of the thread when it was first seen, at most 15 bytes
 * @param startName the name that {@code thread__start} gave (at most 112 bytes of it), or null
 * @param known     the identity that was last given for it, or null
 */
public record LiveThread(int tid, long javaId, String comm, String startName, ThreadIdentity known) {
    public LiveThread {
        Objects.requireNonNull(comm, "comm");
    }
}
