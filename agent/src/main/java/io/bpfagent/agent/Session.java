package io.bpfagent.agent;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.kernel.KernelException;
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
     * Takes in what has happened in pauses, and what was slow, since the last call: to be called several times a second,
     * because the room for it in the kernel is bounded. Cheap while there is none.
     *
     * @return whether there are pauses or slow events that {@link #read} has not shown yet: the next one shows them, but for
     *     those that ended less than 25 ms before it, which the one after it does
     */
    boolean look();

    /** Whether so much had come by the last look that the next one should come sooner. */
    boolean isBusy();

    /** Whether slow events come: those to come are seen while they still last, and find room, only if the next look is soon. */
    boolean isTroubled();

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
    }
}
