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

    // Written out: the generated one is linked through a method handle of the JDK that remembers the class
    // of its last user, and with it the agent's class loader after detach (ObjectMethods.OBJECT_EQ).
    @Override
    public boolean equals(Object object) {
        return object instanceof ThreadIdentity other && javaId == other.javaId && kind == other.kind
                && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(javaId) * 31 + name.hashCode();
    }
}
