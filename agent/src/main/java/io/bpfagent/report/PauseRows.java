package io.bpfagent.report;

import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.ThreadState;
import javax.management.openmbean.SimpleType;

/** Pauses as open data of JMX. All times are ns. */
final class PauseRows {
    /** A row of a table of pauses. */
    static final OpenRows<Pause> LINES = new Lines();
    /** A pause with its threads. */
    static final OpenRows<Pause> DETAILS = new Details();

    private PauseRows() {
    }

    /** What one line about a pause needs. */
    private static class Lines extends OpenRows<Pause> {
        static final int COLUMNS = 14;

        Lines() {
            this("io.bpfagent.Pause", "A pause: what it was and where its time went");
            done();
        }

        Lines(String typeName, String description) {
            super(typeName, description);
            longColumn("number", "Counts the pauses since the agent began");
            longColumn("atMs", "When it began, ms since 1970");
            column("operation", "VM operation, or unknown", SimpleType.STRING);
            column("gc", "Whether the garbage collector worked in it", SimpleType.BOOLEAN);
            longColumn("totalNs", "How long it took");
            longColumn("timeToSafepointNs", "Until all threads had stopped");
            column("incomplete", "Whether records of it were lost; total and time to safepoint are exact",
                    SimpleType.BOOLEAN);
            longColumn("reachingNs", "Of the total: until all threads had stopped");
            longColumn("workingNs", "Then: the VM thread or a GC worker was on a CPU");
            longColumn("noCpuNs", "None of them was on a CPU and at least one could have run");
            longColumn("blockedNs", "None could run: the VM thread was blocked");
            column("lateThreads", "Names of those that stopped late, the latest last", SimpleType.STRING);
            longColumn("workersRunningNs", "What the GC workers ran, together");
            longColumn("workersRunnableNs", "What the GC workers waited for a CPU, together");
        }

        @Override
        Object value(Pause pause, int column) {
            return switch (column) {
                case 0 -> pause.number();
                case 1 -> pause.atMs();
                case 2 -> pause.operation();
                case 3 -> pause.gc();
                case 4 -> pause.totalNs();
                case 5 -> pause.timeToSafepointNs();
                case 6 -> pause.incomplete();
                case 7 -> pause.parts().reachingNs();
                case 8 -> pause.parts().workingNs();
                case 9 -> pause.parts().noCpuNs();
                case 10 -> pause.parts().vmBlocked().wallNs();
                case 11 -> PauseLine.lateThreads(pause);
                case 12 -> pause.timeNs(PauseRole.GC, ThreadState.RUNNING);
                case 13 -> pause.timeNs(PauseRole.GC, ThreadState.RUNNABLE);
                default -> throw OpenBeanType.unknown(column);
            };
        }
    }

    private static final class Occupants extends OpenRows<Occupant> {
        Occupants() {
            super("io.bpfagent.Occupant", "Who had the CPU while the thread was runnable");
            column("kind", "own, cgroup, process, kernel, idle, throttled or unknown", SimpleType.STRING);
            column("who", "The name of a process, which can be any; else the kind", SimpleType.STRING);
            longColumn("ns", "For how long, together");
            done();
        }

        @Override
        Object value(Occupant occupant, int column) {
            return switch (column) {
                case 0 -> Labels.of(occupant.kind());
                case 1 -> occupant.who();
                default -> occupant.ns();
            };
        }
    }

    private static final class Threads extends OpenRows<PauseThread> {
        private static final int FIRST_STATE = 6;

        private final Occupants occupants = new Occupants();

        Threads() {
            super("io.bpfagent.PauseThread", "A thread in a pause and the ns that it spent in each state");
            column("tid", "Thread id as the JVM and jstack show it, 0 if not known", SimpleType.INTEGER);
            column("name", "Full name", SimpleType.STRING);
            column("role", "vm, gc or late", SimpleType.STRING);
            longColumn("minorFaults", "Page faults served without waiting");
            longColumn("majorFaults", "Page faults for which something was read");
            column("occupants", "Who had the CPU while it was runnable, longest first", occupants.arrayType());
            for (ThreadState state : States.ALL) {
                longColumn(state.metric(), "ns ".concat(state.metric()));
            }
            done();
        }

        @Override
        Object value(PauseThread thread, int column) {
            return switch (column) {
                case 0 -> thread.tid();
                case 1 -> thread.name();
                case 2 -> thread.role().label();
                case 3 -> thread.minorFaults();
                case 4 -> thread.majorFaults();
                case 5 -> occupants.array(thread.occupants());
                default -> thread.times().timeNs(States.ALL.get(column - FIRST_STATE));
            };
        }
    }

    /** A pause with all that is known of it. */
    private static final class Details extends Lines {
        private static final int THREADS = COLUMNS + States.BLOCKED.size();

        private final Threads threads = new Threads();

        Details() {
            super("io.bpfagent.PauseDetail", "A pause with its threads");
            for (ThreadState state : States.BLOCKED) {
                longColumn(state.metric(), "Of blockedNs: ns that the VM thread was ".concat(state.metric()));
            }
            column("threads", "The VM thread, the GC workers that did something, the late threads",
                    threads.arrayType());
            done();
        }

        @Override
        Object value(Pause pause, int column) {
            if (column < COLUMNS) {
                return super.value(pause, column);
            }
            return column == THREADS ? threads.array(pause.threads())
                    : pause.parts().vmBlocked().timeNs(States.BLOCKED.get(column - COLUMNS));
        }
    }
}
