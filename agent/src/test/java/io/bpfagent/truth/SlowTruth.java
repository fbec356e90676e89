package io.bpfagent.truth;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;

/**
 * A stay that took long.
 *
 * @param in    what the thread was doing; null of one that waited for a CPU
 * @param actor who woke it, or had the CPU; null if that is not known
 */
record SlowTruth(Task task, ThreadState state, long ns, int cpu, Situation in, ActorOf actor) {
    /** The kernel's name of a process that is not the host; so long as it has. */
    private static final int COMM = 15;

    /**
     * Who it was.
     *
     * @param task    null of what is no task's
     * @param account of the task at that moment; null: the agent did not know of it
     */
    record ActorOf(ActorKind kind, Task task, Account account) {
        static ActorOf of(ActorKind kind) {
            return new ActorOf(kind, null, null);
        }

        static ActorOf of(Task task) {
            return new ActorOf(switch (task.owner) {
                case HOST -> ActorKind.OWN;
                case KERNEL -> ActorKind.KERNEL;
                default -> ActorKind.PROCESS;
            }, task, task.account);
        }

        /** As the agent tells of it at the end, when it knows all threads. */
        Actor told() {
            return switch (kind) {
                case OWN -> account == null ? new Actor(kind, 0, "")
                        : new Actor(kind, task.innerTid, task.identity.name());
                case CGROUP, PROCESS -> new Actor(kind, task.tid, comm());
                case KERNEL -> new Actor(kind, 0, comm());
                default -> new Actor(kind, 0, "");
            };
        }

        private String comm() {
            return task.identity.name().substring(0, Math.min(COMM, task.identity.name().length()));
        }
    }

    /** Of the agent's own threads nothing is told, nor that one of the JVM's own had no CPU. */
    boolean isTold(Task reader) {
        return task != reader && (state != ThreadState.RUNNABLE || task.identity.kind() == ThreadKind.JAVA);
    }

    Metric metric() {
        return state;
    }

    /** The file that it read, or null. */
    String path() {
        return in == Situation.READ_FILE || in == Situation.SYNC ? "/data/orders.db" : null;
    }

    /** With whom it was connected, or null. */
    String address() {
        return in == Situation.READ_SOCKET || in == Situation.RECEIVE ? "10.0.0.7:443" : null;
    }
}
