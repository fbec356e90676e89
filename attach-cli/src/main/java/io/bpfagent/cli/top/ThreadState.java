package io.bpfagent.cli.top;

import java.util.Map;

/**
 * The states of a thread in the order in which a bar shows them: running, then what holds up a thread that has work to
 * do, then what may be mere idleness (an empty queue, a connection on which nobody asks anything).
 */
enum ThreadState {
    RUNNING("running", '#', Style.RUNNING, false),
    RUNNABLE("runnable", '!', Style.RUNNABLE, true),
    MONITOR("blocked_monitor", 'm', Style.LOCK, true),
    DISK("blocked_disk", 'd', Style.DISK, true),
    FAULT("blocked_fault", 'f', Style.MEMORY, true),
    RECLAIM("blocked_reclaim", 'r', Style.MEMORY, true),
    SAFEPOINT("blocked_safepoint", 's', Style.LOCK, true),
    SOCKET("blocked_socket", 'n', Style.NETWORK, false),
    POLL("blocked_poll", 'o', Style.NETWORK, false),
    PARK("blocked_park", 'p', Style.IDLE, false),
    WAIT("blocked_wait", 'w', Style.IDLE, false),
    SLEEP("blocked_sleep", 'z', Style.IDLE, false),
    VM("blocked_vm", 'v', Style.IDLE, false),
    FUTEX("blocked_futex", 'x', Style.IDLE, false),
    PROCESS("blocked_process", 'c', Style.IDLE, false),
    OTHER("blocked_other", '?', Style.IDLE, false);

    static final ThreadState[] ALL = values();

    private final String metric;
    private final char sign;
    private final Style style;
    private final boolean delay;

    ThreadState(String metric, char sign, Style style, boolean delay) {
        this.metric = metric;
        this.sign = sign;
        this.style = style;
        this.delay = delay;
    }

    /** The document's key. */
    String metric() {
        return metric;
    }

    /** The key without {@code blocked_}, as {@code threads} prints it. */
    String reason() {
        return metric.replaceFirst("^blocked_", "");
    }

    /** Its character in a bar. */
    char sign() {
        return sign;
    }

    Style style() {
        return style;
    }

    /** Whether a thread in it would go on if it could. */
    boolean isDelay() {
        return delay;
    }

    long ns(Map<String, Long> timesNs) {
        return timesNs.getOrDefault(metric, 0L);
    }
}
