package io.bpfagent.correlation;

import java.util.List;
import java.util.Objects;

/**
 * One latency of one thread that reached its threshold. Immutable.
 *
 * @param number     counts the slow events since the agent began, from 1; one that was lost leaves no gap
 * @param atMs       when it was over, ms since 1970
 * @param metric     of what: a state or a {@link ThreadMetric}
 * @param durationNs how long it took
 * @param tid        the thread in the innermost pid namespace, as the JVM and jstack show it; 0 when it is not known
 * @param hostTid    the same in the initial pid namespace
 * @param thread     who it is; of a thread that ended before anybody told its name, with the name {@code ""}
 * @param pool       the pool to which it belongs, or {@code ""}
 * @param cpu        where it was over: of a wake-up, the CPU on which the thread is to run
 * @param on         what it waited for, as far as that is known
 * @param actor      of a blocked state, who woke it; of {@code runnable}, who had the CPU before it; else null
 * @param stack      what Java code it was in, innermost frame first, {@code package.Class.method(File.java:42)};
 *                   empty where nobody asked in time
 * @param context    the names of the contexts that the thread was in, outermost first; empty where it was in none
 * @param span       of a trace, in which the thread was; null where it was in none, or that was not known any more
 * @param virtual    the virtual thread that ran on it; null where none did, or none are followed
 */
public record SlowEvent(long number, long atMs, Metric metric, long durationNs, int tid, int hostTid,
        ThreadIdentity thread, String pool, int cpu, WaitedOn on, Actor actor, List<String> stack,
        List<String> context, TraceSpan span, Virtual virtual) {

    /**
     * A virtual thread.
     *
     * @param id   what {@code Thread.threadId} says
     * @param name its name, "" where it has none or it is not known
     */
    public record Virtual(long id, String name) {
        public Virtual {
            Objects.requireNonNull(name, "name");
        }
    }

    /** Who else had to do with it. */
    public enum ActorKind {
        /** Another thread of this JVM. */
        OWN,
        /** A process in the same CPU cgroup, unless that is the root; only of {@code runnable}. */
        CGROUP,
        /** Another process. */
        PROCESS,
        /** A thread of the kernel. */
        KERNEL,
        /** An interrupt: a timer, a disk, a network card. Only of wake-ups. */
        INTERRUPT,
        /** Nobody: the CPU was waking up. Only of {@code runnable}. */
        IDLE,
        /** Nobody was allowed to: the CPU quota was used up. Only of {@code runnable}. */
        THROTTLED
    }

    /**
     * Who else had to do with it.
     *
     * @param kind what it is
     * @param id   of a thread of this JVM its tid, of a process its pid in the initial pid namespace; else 0
     * @param name of a thread of this JVM its full name, of a process or a kernel thread what the kernel calls it;
     *             else ""
     */
    public record Actor(ActorKind kind, int id, String name) {
        public Actor {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
        }
    }

    public SlowEvent {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(thread, "thread");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(on, "on");
        stack = List.copyOf(stack);
        context = List.copyOf(context);
    }

    /** Of a thread in no span, and that is no carrier. */
    public SlowEvent(long number, long atMs, Metric metric, long durationNs, int tid, int hostTid,
            ThreadIdentity thread, String pool, int cpu, WaitedOn on, Actor actor, List<String> stack,
            List<String> context) {
        this(number, atMs, metric, durationNs, tid, hostTid, thread, pool, cpu, on, actor, stack, context, null, null);
    }

    /** Of a thread in no context. */
    public SlowEvent(long number, long atMs, Metric metric, long durationNs, int tid, int hostTid,
            ThreadIdentity thread, String pool, int cpu, WaitedOn on, Actor actor, List<String> stack) {
        this(number, atMs, metric, durationNs, tid, hostTid, thread, pool, cpu, on, actor, stack, List.of());
    }
}
