package io.bpfagent.report;

import io.bpfagent.correlation.ThreadState;
import java.util.List;

/** The states in the order of all reports. */
final class States {
    /** All 16. */
    static final List<ThreadState> ALL = List.of(ThreadState.values());
    /** The 14 in which a thread is blocked. */
    static final List<ThreadState> BLOCKED = ALL.subList(ThreadState.BLOCKED_MONITOR.ordinal(), ALL.size());

    private States() {
    }
}
