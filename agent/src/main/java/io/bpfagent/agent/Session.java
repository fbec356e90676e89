package io.bpfagent.agent;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.Probe;
import io.bpfagent.report.UserProbeReport;
import java.lang.instrument.Instrumentation;
import java.util.List;

/** What an agent that is on has in the kernel. One thread opens, reads and closes it; another ends it. */
interface Session extends AutoCloseable {
    /** Reads everything once. */
    Snapshot read();

    /** Whether to read before the interval is over, so that rows of ended threads come back in time. */
    boolean runningLow();

    /**
     * Takes in what has happened in pauses, and what was slow, since the last call: to be called several times a
     * second, because the room for it in the kernel is bounded. Cheap while there is none.
     *
     * @return whether there are pauses or slow events that {@link #read} has not shown yet: the next one shows them,
     *     but for those that ended less than 25 ms before it, which the one after it does
     */
    boolean look();

    /** Whether so much had come by the last look that the next one should come sooner. */
    boolean isBusy();

    /**
     * After how long slow events are to be looked at again, ns, as of the last {@link #look}.
     *
     * @param usualNs when there is nothing
     * @param soonNs  at the soonest
     */
    default long lookInNs(long usualNs, long soonNs) {
        return usualNs;
    }

    /** Whether so many pauses wait that those to come may push out the first of them before a second is over. */
    boolean isCrowded();

    /** As of the last read, with what could not be found out about this JVM. */
    List<Probe> probes();

    /** Adds a probe that the user has named. When it throws, nothing has changed. */
    void addProbe(ProbeSpec spec) throws ProbeException, KernelException;

    /** Removes one, with its numbers. */
    void removeProbe(String name) throws ProbeException, KernelException;

    /** What those probes count, in the order in which they were added. */
    List<UserMetric> userMetrics();

    /** Those probes as of now. */
    List<UserProbeReport> userProbes();

    /**
     * How much each program has been used so far, the user's too.
     *
     * @param snapshot of this moment
     * @param ask      whether to ask the kernel for its statistics in any case; else only where it measures
     */
    default List<ProgramUse> uses(Snapshot snapshot, boolean ask) {
        return List.of();
    }

    /** Has the kernel measure programs until the result is closed; null where it may not. */
    default AutoCloseable measure() {
        return null;
    }

    /** What the host has mapped of the maps, bytes. */
    default long mappedBytes() {
        return 0;
    }

    /** What a thread of this JVM has allocated in the heap so far, bytes; -1 where that is not known. */
    default long allocatedBytes(Thread thread) {
        return -1;
    }

    /** What can be turned off and on, by name, the user's probes too. */
    default List<String> switchable() {
        return List.of();
    }

    /** Whether the probe of this name is attached. */
    default boolean isOn(String name) {
        return false;
    }

    /** What the probe of this name is there for. */
    default List<Metric> metricsOf(String name) {
        return List.of();
    }

    /** Turns one off, or on. When it throws, it is off. @param why one line, for reports */
    default void turn(String name, boolean on, String why) throws KernelException {
    }

    /** Whether it can be counted from now on, whether somebody has asked for it so far or not. */
    default boolean canCount(Metric metric) {
        return true;
    }

    /** Why there can be no slow events, one line, or null. */
    default String slowProblem() {
        return null;
    }

    /** From now on it goes by these limits of what is slow; only where there is no {@link #slowProblem}. */
    default void changeSlow(Arguments arguments) {
    }

    /** What the maps take in the kernel. */
    long kernelMemoryBytes();

    /** Called at the host's end, by another thread: makes that end come soon. */
    void endProcess();

    /** Takes everything out of the kernel; twice is harmless. */
    @Override
    void close();

    /** How a session begins. */
    interface Opening {
        /** Does everything up to the last probe; when it throws, nothing of ours is left in the kernel. */
        Session open(Arguments arguments, Instrumentation instrumentation)
                throws KernelException, NativeTierException;

        /** What this process lacks for that, in words, if it can have programs handed to it instead; else null. */
        default String missingPrivileges() {
            return null;
        }

        /** The same as {@link #open} with programs that are handed over by who has knocked at the door. */
        default Session take(Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
                throws KernelException, NativeTierException {
            throw new UnsupportedOperationException();
        }
    }
}
