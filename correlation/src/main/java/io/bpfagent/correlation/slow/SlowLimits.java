package io.bpfagent.correlation.slow;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * From which length on what is a slow event. Immutable.
 *
 * <p>Without being asked for by name, only what nobody waits for in peace: a thread of a pool that parks, polls,
 * accepts or reads from a socket for seconds has nothing to do, and all threads wait in {@code blocked_safepoint}
 * whenever there is a pause, which tells of itself.
 */
public final class SlowLimits {
    /** No length is slow; as an unsigned number the longest. */
    public static final long NEVER = -1;

    /** Of nothing. */
    public static final SlowLimits OFF = new SlowLimits();

    private static final Set<ThreadState> STATES = EnumSet.of(ThreadState.RUNNABLE, ThreadState.BLOCKED_MONITOR,
            ThreadState.BLOCKED_DISK, ThreadState.BLOCKED_FAULT, ThreadState.BLOCKED_RECLAIM);
    private static final Set<ThreadMetric> ON_REQUEST = EnumSet.of(ThreadMetric.SOCKET_ACCEPT,
            ThreadMetric.SOCKET_READ);
    private static final Set<ThreadMetric> OF_CONNECTIONS = EnumSet.of(ThreadMetric.TCP_RTT, ThreadMetric.TCP_LIFE);

    private final long[] states = new long[ThreadState.ALL.size()];
    private final long[] metrics = new long[ThreadMetric.ALL.size()];

    private SlowLimits() {
        Arrays.fill(states, NEVER);
        Arrays.fill(metrics, NEVER);
    }

    /**
     * The limits.
     *
     * @param ns    of all that is slow without being asked for by name, or {@link #NEVER}
     * @param named those of single metrics, for which {@link #canBeSlow}; 0: every one is told
     */
    public static SlowLimits of(long ns, Map<Metric, Long> named) {
        SlowLimits limits = new SlowLimits();
        for (ThreadState state : STATES) {
            limits.states[state.ordinal()] = ns;
        }
        for (ThreadMetric metric : ThreadMetric.ALL) {
            if (canBeSlow(metric) && !ON_REQUEST.contains(metric)) {
                limits.metrics[metric.ordinal()] = ns;
            }
        }
        for (Map.Entry<Metric, Long> one : named.entrySet()) {
            if (one.getKey() instanceof ThreadState state) {
                limits.states[state.ordinal()] = one.getValue();
            } else if (one.getKey() instanceof ThreadMetric metric) {
                limits.metrics[metric.ordinal()] = one.getValue();
            }
        }
        return limits;
    }

    /** Whether there are slow events of {@code metric}: of waits and calls of threads, not of sizes and connections. */
    public static boolean canBeSlow(Metric metric) {
        return metric instanceof ThreadState && metric != ThreadState.RUNNING
                || metric instanceof ThreadMetric && !metric.isBytes() && !OF_CONNECTIONS.contains(metric);
    }

    /** Whether nothing is slow, however long it takes. */
    public boolean isOff() {
        for (long ns : states) {
            if (ns != NEVER) {
                return false;
            }
        }
        for (long ns : metrics) {
            if (ns != NEVER) {
                return false;
            }
        }
        return true;
    }

    /** That of {@code metric}, ns, or {@link #NEVER}. */
    public long of(Metric metric) {
        if (metric instanceof ThreadState state) {
            return states[state.ordinal()];
        }
        return metric instanceof ThreadMetric of ? metrics[of.ordinal()] : NEVER;
    }

    /** Tells the kernel side: what ends from now on is measured by these. */
    public void write(ByteBuffer slowLimits) {
        for (int i = 0; i < RecordLayouts.SlowLimits.STATE_NS_LENGTH; i++) {
            slowLimits.putLong(RecordLayouts.SlowLimits.STATE_NS + i * Long.BYTES, i < states.length ? states[i]
                    : NEVER);
        }
        for (int i = 0; i < RecordLayouts.SlowLimits.METRIC_NS_LENGTH; i++) {
            slowLimits.putLong(RecordLayouts.SlowLimits.METRIC_NS + i * Long.BYTES,
                    i < metrics.length ? metrics[i] : NEVER);
        }
    }
}
