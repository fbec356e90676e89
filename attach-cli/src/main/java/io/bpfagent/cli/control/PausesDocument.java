package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code pauses}.
 *
 * @param pauses those asked for, newest last
 * @param seen the number of the newest pause that the agent knows, 0 without any
 * @param reason why there can be none, null where there can
 */
public record PausesDocument(int schema, List<Entry> pauses, long seen, String reason, Map<String, Long> losses)
    implements Listing<PausesDocument.Entry> {

    /** How many pauses an agent keeps; what is older is in its histograms only. */
    public static final int KEPT = 256;

    public PausesDocument {
        pauses = pauses == null ? List.of() : List.copyOf(pauses);
        losses = losses == null ? Map.of() : losses;
    }

    @Override
    public List<Entry> listed() {
        return pauses;
    }

    @Override
    public int kept() {
        return KEPT;
    }

    /** Each has its number, which is then missing. */
    @Override
    public long lostWithoutGap() {
        return 0;
    }

    /**
     * One safepoint. Times in ns.
     *
     * @param number counts the pauses since the agent began, from 1
     * @param atMs its beginning, ms since 1970
     * @param operation the VM operation, {@link #UNKNOWN} when none was seen
     * @param totalNs from the request to stop until the threads may go on
     * @param timeToSafepointNs the part of it until all threads had stopped
     * @param incomplete whether records of it were lost: then only the two times above are exact
     * @param partsNs what the total is made of: {@code reaching}, {@code working}, {@code no_cpu} and
     *     the VM thread's {@code blocked_*}
     * @param threads the VM thread, the GC workers that did something, and the late threads, latest last
     */
    public record Entry(long number, long atMs, String operation, boolean gc, long totalNs, long timeToSafepointNs,
        boolean incomplete, Map<String, Long> partsNs, List<PausedThread> threads) implements Numbered {

        /** The operation's name when none was seen. */
        public static final String UNKNOWN = "unknown";

        public Entry {
            operation = Objects.requireNonNullElse(operation, UNKNOWN);
            partsNs = partsNs == null ? Map.of() : partsNs;
            threads = threads == null ? List.of() : List.copyOf(threads);
        }

        /** Those with this role. */
        public List<PausedThread> threads(String role) {
            return threads.stream().filter(thread -> role.equals(thread.role())).toList();
        }
    }

    /**
     * A thread in a pause.
     *
     * @param tid as the JVM and jstack show it, 0 when it is not known
     * @param role {@link #VM}, {@link #GC} or {@link #LATE}
     * @param timesNs by state; of a late thread until it stopped, of the others until the pause's end
     * @param minorFaults page faults without reading
     * @param majorFaults page faults for which something was read
     * @param occupants who had the CPU while the thread was runnable, longest first
     */
    public record PausedThread(int tid, String name, String role, Map<String, Long> timesNs, long minorFaults,
        long majorFaults, List<Occupant> occupants) {

        /** It made the pause. */
        public static final String VM = "vm";
        /** It worked for the garbage collector. */
        public static final String GC = "gc";
        /** The pause waited for it to stop. */
        public static final String LATE = "late";

        public PausedThread {
            timesNs = timesNs == null ? Map.of() : timesNs;
            occupants = occupants == null ? List.of() : List.copyOf(occupants);
        }

        /** The time in a state. */
        public long timeNs(String state) {
            return timesNs.getOrDefault(state, 0L);
        }
    }

    /**
     * Who had the CPU for which a thread waited.
     *
     * @param kind {@link #OWN}, {@link #CGROUP}, {@link #PROCESS}, {@link #KERNEL}, {@link #IDLE},
     *     {@link #THROTTLED} or {@link #UNKNOWN}
     * @param who of a process its name, which can be any; else as the kind
     */
    public record Occupant(String kind, String who, long ns) {

        /** Another thread of the JVM. */
        public static final String OWN = "own";
        /** A process in the JVM's CPU cgroup. */
        public static final String CGROUP = "cgroup";
        /** Another process. */
        public static final String PROCESS = "process";
        /** A kernel thread. */
        public static final String KERNEL = "kernel";
        /** Nobody. */
        public static final String IDLE = "idle";
        /** Nobody was allowed to. */
        public static final String THROTTLED = "throttled";
        /** Not seen. */
        public static final String UNKNOWN = "unknown";

        public Occupant {
            kind = Objects.requireNonNullElse(kind, UNKNOWN);
            who = Objects.requireNonNullElse(who, UNKNOWN);
        }
    }
}
