package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code events}.
 *
 * @param events those asked for, newest last
 * @param seen the number of the newest slow event that the agent knows, 0 without any
 * @param reason why there can be none, null where there can
 */
public record EventsDocument(int schema, List<Entry> events, long seen, String reason, Map<String, Long> losses)
    implements Listing<EventsDocument.Entry> {

    /** How many slow events an agent keeps. */
    public static final int KEPT = 1024;
    /** What the events are called in the losses that were never listed. */
    public static final String LOST = "lost_slow_events";

    public EventsDocument {
        events = events == null ? List.of() : List.copyOf(events);
        losses = losses == null ? Map.of() : losses;
    }

    @Override
    public List<Entry> listed() {
        return events;
    }

    @Override
    public int kept() {
        return KEPT;
    }

    @Override
    public long lostWithoutGap() {
        return Objects.requireNonNullElse(losses.get(LOST), 0L);
    }

    /**
     * One latency that reached its threshold.
     *
     * @param number counts the slow events since the agent began, from 1
     * @param atMs its end, ms since 1970
     * @param wokenBy of a blocked thread, null where it is not known
     * @param behind who had the CPU for which the thread waited, null likewise
     * @param stack innermost frame first; empty where there is none
     * @param context the contexts that it was in, outermost first, as one text; null where it was in none
     * @param trace of OpenTelemetry, that it was in; null where it was in none, or that is not known
     */
    public record Entry(long number, long atMs, String metric, long durationNs, SlowThread thread, int cpu, On on,
        Actor wokenBy, Actor behind, List<String> stack, String context, Trace trace) implements Numbered {

        public Entry {
            metric = Objects.requireNonNullElse(metric, "?");
            thread = Objects.requireNonNullElse(thread, SlowThread.UNKNOWN);
            on = Objects.requireNonNullElse(on, On.UNKNOWN);
            stack = stack == null ? List.of() : stack.stream().filter(Objects::nonNull).toList();
        }
    }

    /** A span of a trace, by their ids in hexadecimal. */
    public record Trace(String traceId, String spanId) {}

    /**
     * Whose it was.
     *
     * @param tid as the JVM and jstack show it, 0 when it is not known
     * @param hostTid the same in the initial PID namespace
     * @param javaId 0 for a thread that is none of Java's
     * @param name empty when nobody told it
     * @param virtual the virtual thread that ran on it, null where none did
     */
    public record SlowThread(int tid, int hostTid, long javaId, String name, String pool, Virtual virtual) {

        static final SlowThread UNKNOWN = new SlowThread(0, 0, 0, "", "", null);

        public SlowThread {
            name = Objects.requireNonNullElse(name, "");
        }
    }

    /**
     * A virtual thread.
     *
     * @param id as {@code Thread.threadId} says
     * @param name empty when it has none, or nobody told it
     */
    public record Virtual(long id, String name) {

        public Virtual {
            name = Objects.requireNonNullElse(name, "");
        }
    }

    /**
     * What it waited for; null where that is not known or there is no such thing.
     *
     * @param address of a socket's peer
     * @param sector where on the device, in units of 512 bytes
     * @param bytes how much was asked for of the device
     * @param futex its address
     * @param errno the name of the error with which the call failed
     */
    public record On(String syscall, String path, String address, String host, String device, long sector, long bytes,
        String futex, String errno) {

        static final On UNKNOWN = new On(null, null, null, null, null, 0, 0, null, null);
    }

    /**
     * Who else had to do with it.
     *
     * @param who {@link #OWN}, {@link #CGROUP}, {@link #PROCESS}, {@link #KERNEL}, {@link #INTERRUPT}, {@link #IDLE}
     *     or {@link #THROTTLED}
     * @param id of a thread of the JVM its tid, of a process its pid on the host; else 0
     * @param name of a thread of the JVM its name, of a process or a kernel thread what the kernel calls it, which can
     *     be anything; else empty
     */
    public record Actor(String who, int id, String name) {

        /** Another thread of the JVM. */
        public static final String OWN = "own";
        /** A process in the JVM's CPU cgroup. */
        public static final String CGROUP = "cgroup";
        /** Another process. */
        public static final String PROCESS = "process";
        /** A kernel thread. */
        public static final String KERNEL = "kernel";
        /** A timer, a disk, a network card. */
        public static final String INTERRUPT = "interrupt";
        /** Nobody. */
        public static final String IDLE = "idle";
        /** Nobody was allowed to. */
        public static final String THROTTLED = "throttled";

        public Actor {
            who = Objects.requireNonNullElse(who, "?");
            name = Objects.requireNonNullElse(name, "");
        }
    }
}
