package io.bpfagent.correlation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The states of a thread; at every moment a thread is in exactly one, so their times add up to its
 * wall time. The order is that of {@code enum thread_state} in records.h: {@link #ordinal()} is the
 * kernel's number.
 */
public enum ThreadState implements Metric {
    /** On a CPU. */
    RUNNING,
    /** Woken or preempted, waiting for a CPU. */
    RUNNABLE,
    /** Waiting to enter a monitor that another thread holds. */
    BLOCKED_MONITOR,
    /** In {@code LockSupport.park}, timed or not. */
    BLOCKED_PARK,
    /** In {@code Object.wait}. */
    BLOCKED_WAIT,
    /** In {@code Thread.sleep}. */
    BLOCKED_SLEEP,
    /** Stopped by a safepoint. */
    BLOCKED_SAFEPOINT,
    /** A Java thread waiting for one of HotSpot's own locks. */
    BLOCKED_VM,
    /** A native thread waiting for a futex. */
    BLOCKED_FUTEX,
    /** In epoll, poll or select. */
    BLOCKED_POLL,
    /** Waiting for a socket. */
    BLOCKED_SOCKET,
    /** Waiting for a block device: iowait, fsync, file I/O. */
    BLOCKED_DISK,
    /** In a page fault. */
    BLOCKED_FAULT,
    /** Reclaiming memory for its own allocation. */
    BLOCKED_RECLAIM,
    /** Waiting for another process or a signal. */
    BLOCKED_PROCESS,
    /** Blocked for a reason that is none of the others. */
    BLOCKED_OTHER;

    /** All states by the kernel's number; shared, because {@code values()} copies. */
    public static final List<ThreadState> ALL = List.of(values());

    private static final Map<String, ThreadState> BY_METRIC = new HashMap<>();

    static {
        for (ThreadState state : ALL) {
            BY_METRIC.put(state.metric, state);
        }
    }

    private final String metric = name().toLowerCase(Locale.ROOT);

    @Override
    public String metric() {
        return metric;
    }

    /** All that begin with {@code blocked_} are one family where reports have labels. */
    @Override
    public String what() {
        return switch (this) {
            case RUNNING -> "How long threads were on a CPU, at a time";
            case RUNNABLE -> "How long threads waited for a CPU, at a time";
            default -> "How long threads were blocked, at a time, and on what";
        };
    }

    /**
     * The state with the kernel's number {@code id}.
     *
     * @throws IllegalArgumentException if there is no such state
     */
    public static ThreadState of(int id) {
        if (id < 0 || id >= ALL.size()) {
            throw new IllegalArgumentException("state must be 0 .. " + (ALL.size() - 1) + ", state=" + id);
        }
        return ALL.get(id);
    }
}
