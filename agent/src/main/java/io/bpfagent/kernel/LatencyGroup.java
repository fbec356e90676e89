package io.bpfagent.kernel;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadMetric;
import java.util.List;

/**
 * Programs of {@code latencies.h} that serve the same metrics. Those that are dispensable can be missing: the others
 * then tell what they told before. Without one of the others the group tells nothing, or nothing right, and is left
 * out.
 */
enum LatencyGroup {
    BLOCK(List.of("block_rq_complete", "block_io_done", "block_rq_merge", "block_rq_issue", "block_io_start"),
            List.of("block_rq_complete", "block_rq_merge"),
            List.of("flushes of disks", "merged requests, which are counted as lost"),
            List.of(ThreadMetric.BLOCK_READ, ThreadMetric.BLOCK_WRITE, ThreadMetric.BLOCK_READ_QUEUE,
                    ThreadMetric.BLOCK_WRITE_QUEUE, ThreadMetric.BLOCK_IO_SIZE)),
    RECLAIM(List.of("reclaim_ends", "reclaim_begins"), List.of(ThreadMetric.RECLAIM)),
    CGROUP_RECLAIM(List.of("memcg_reclaim_ends", "memcg_reclaim_begins"), List.of()),
    COMPACTION(List.of("compaction_ends", "compaction_begins"), List.of(ThreadMetric.COMPACTION)),
    TCP(List.of("tcp_send_reset", "tcp_receive_reset", "inet_sock_set_state"),
            List.of("tcp_send_reset", "tcp_receive_reset"), List.of("resets sent", "resets received"),
            List.of(ThreadMetric.TCP_CONNECT, ThreadMetric.TCP_CONNECT_FAILED, ThreadMetric.TCP_RTT,
                    ThreadMetric.TCP_LIFE)),
    /** With those above alone: they look at connections, at those of before once, at all of them for each snapshot. */
    CONNECTIONS(Connections.PROGRAMS, Connections.PROGRAMS, List.of(
            "connections accepted where the JVM listened before the agent came",
            "connections of before the agent came", "what open connections have done so far"), List.of()),
    /** Apart from the others, for there can be thousands a second; the programs are the same. */
    OPENS(List.of("call_ends", "call_begins"), List.of()),
    CALLS(OPENS.programs, List.of()),
    IO(List.of("io_call_ends", "io_call_begins"), List.of()),
    SYSCALLS(List.of("sys_exit", "sys_enter"), List.of());

    private static final LatencyGroup[] ALL = values();

    private final List<String> programs;
    private final List<String> dispensable;
    /** By the same index, what is missing without it. */
    private final List<String> missing;
    private final List<ThreadMetric> metrics;

    LatencyGroup(List<String> programs, List<ThreadMetric> metrics) {
        this(programs, List.of(), List.of(), metrics);
    }

    LatencyGroup(List<String> programs, List<String> dispensable, List<String> missing, List<ThreadMetric> metrics) {
        this.programs = programs;
        this.dispensable = dispensable;
        this.missing = missing;
        this.metrics = metrics;
    }

    /** All groups. */
    static List<LatencyGroup> all() {
        return List.of(ALL);
    }

    /** In the order in which they are attached: ends first, so that no begin waits. */
    List<String> programs() {
        return programs;
    }

    /** The one whose name stands for all. */
    String begins() {
        return programs.get(programs.size() - 1);
    }

    /** Whether the others tell something without it. */
    boolean canDoWithout(String program) {
        return dispensable.contains(program);
    }

    /** Of a program that {@link #canDoWithout} holds of: what nothing is told of then. */
    String missingWithout(String program) {
        return missing.get(dispensable.indexOf(program));
    }

    /** What it is called where it is turned off and on. */
    String label() {
        return switch (this) {
            case BLOCK -> "disks";
            case RECLAIM, CGROUP_RECLAIM -> "reclaim";
            case COMPACTION -> "compaction";
            case TCP, CONNECTIONS -> "tcp";
            case OPENS -> "opens";
            case CALLS -> "calls";
            case IO -> "transfers";
            case SYSCALLS -> EventMetric.SYSCALL.metric();
        };
    }

    /** What a hit of it is taken to cost. */
    ProgramCost cost() {
        return switch (this) {
            case BLOCK -> ProgramCost.DISK;
            case RECLAIM, CGROUP_RECLAIM, COMPACTION -> ProgramCost.RECLAIM;
            case TCP, CONNECTIONS -> ProgramCost.TCP;
            case OPENS, CALLS -> ProgramCost.CALL;
            case IO -> ProgramCost.TRANSFER;
            case SYSCALLS -> ProgramCost.SYSCALL;
        };
    }

    /** Whether it is attached to functions. */
    boolean isOfCalls() {
        return this == OPENS || this == CALLS || this == IO;
    }

    /** All metrics that it can count, whichever functions are found. */
    List<? extends Metric> counted() {
        return switch (this) {
            case OPENS -> List.of(ThreadMetric.FILE_OPEN, ThreadMetric.FILE_OPEN_FAILED);
            case CALLS -> List.of(ThreadMetric.FILE_SYNC, ThreadMetric.SOCKET_CONNECT, ThreadMetric.SOCKET_ACCEPT,
                    ThreadMetric.DNS);
            case IO -> List.of(ThreadMetric.FILE_READ, ThreadMetric.FILE_WRITE, ThreadMetric.SOCKET_READ,
                    ThreadMetric.SOCKET_WRITE);
            case SYSCALLS -> List.of(EventMetric.SYSCALL);
            default -> metrics;
        };
    }

    /** What it serves; empty where that depends on the functions found, or is no metric of threads. */
    List<ThreadMetric> metrics() {
        return metrics;
    }
}
