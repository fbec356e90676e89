package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Who had the CPU for which a thread was waiting, and for how long.
 *
 * @param kind what it is
 * @param who  its name in reports: {@code own}, {@code cgroup}, a process's name, {@code kernel},
 *             {@code idle}, {@code throttled} or {@code unknown}
 * @param ns   how long, together
 */
public record Occupant(Kind kind, String who, long ns) {
    /** What can have a CPU, or keep a thread from having it. */
    public enum Kind {
        /** Another thread of the same JVM. */
        OWN,
        /** A process in the same CPU cgroup; never of the root cgroup, in which everything may be. */
        CGROUP,
        /** Another process, known by its name. */
        PROCESS,
        /** A kernel thread. */
        KERNEL,
        /** Nobody: the thread was on its way to the CPU. */
        IDLE,
        /** Nobody was allowed to: the cgroup had used up its CPU quota. */
        THROTTLED,
        /** Not seen. */
        UNKNOWN
    }

    public Occupant {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(who, "who");
    }
}
