package io.bpfagent.correlation;

import java.util.List;
import java.util.Objects;

/**
 * One safepoint, from the request to stop to its end. Immutable.
 *
 * @param number            counts the pauses since the agent began, from 1
 * @param beganNs           when it began, on the clock of the records
 * @param atMs              when it began, ms since 1970
 * @param operation         the VM operation, for example {@code G1CollectForAllocation}; {@code "unknown"}
 *                          when none was seen
 * @param gc                whether the garbage collector worked in it
 * @param totalNs           how long it took
 * @param timeToSafepointNs from its begin until all threads had stopped
 * @param incomplete        whether records of it were lost: the parts and threads are then not exact, total and
 *                          time to safepoint are. Also when no VM operation was seen in it: then it is not known when
 *                          all threads had stopped, and time to safepoint is the total
 * @param detail            where its wall time went, and who did what in it
 */
public record Pause(long number, long beganNs, long atMs, String operation, boolean gc, long totalNs,
        long timeToSafepointNs, boolean incomplete, PauseDetail detail) {
    /** The operation's name when none was seen. */
    public static final String UNKNOWN_OPERATION = "unknown";

    public Pause {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(detail, "detail");
    }

    /** {@link PauseDetail#parts()}, which add up to {@link #totalNs()}. */
    public PauseParts parts() {
        return detail.parts();
    }

    /** {@link PauseDetail#threads()}. */
    public List<PauseThread> threads() {
        return detail.threads();
    }

    /** What the threads with {@code role} spent in {@code state}, together, ns. */
    public long timeNs(PauseRole role, ThreadState state) {
        long ns = 0;
        for (PauseThread thread : threads()) {
            ns += thread.role() == role ? thread.times().timeNs(state) : 0;
        }
        return ns;
    }
}
