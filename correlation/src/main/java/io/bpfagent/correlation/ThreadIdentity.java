package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Who a thread is.
 *
 * @param javaId {@code Thread.getId()}, 0 for a thread that is not a Java thread
 * @param name   the full name; for a thread that is not a Java thread what the JVM or the kernel calls it
 * @param kind   what it is for
 */
public record ThreadIdentity(long javaId, String name, ThreadKind kind) {
    public ThreadIdentity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
    }
}
