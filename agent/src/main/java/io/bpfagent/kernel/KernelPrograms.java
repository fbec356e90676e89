package io.bpfagent.kernel;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The programs of an agent, loaded by itself ({@link ThreadStatePrograms}) or handed to it ({@link HandedPrograms}).
 *
 * <p>Assumptions: one thread, and at the host's end another for {@link #endProcess}. Guarantees: after {@link #close()}
 * nothing of ours is in the kernel; closing twice is harmless. A JVM that dies closes by dying.
 */
public interface KernelPrograms extends AutoCloseable {
    /** Maps what the programs write. To be closed before this. */
    MappedMaps map() throws KernelException;

    /** Lets them count from now on; rows and pages must have been supplied. */
    void attach() throws KernelException;

    /** {@link ThreadStatePrograms#noteWakers}. */
    void noteWakers(boolean note) throws KernelException;

    /**
     * How much the programs have been used so far.
     *
     * @param snapshot which says how often threads were switched and woken
     * @param globals  mapped
     * @param ask      whether to ask the kernel for its statistics in any case, a system call for each program; else
     *                 only where it measures
     */
    List<ProgramUse> uses(Snapshot snapshot, ByteBuffer globals, boolean ask);

    /**
     * Has the kernel measure all programs of the machine for a while.
     *
     * @return what to close so that it stops, or null where this is not allowed
     */
    AutoCloseable measure();

    /** All groups of programs that can be turned off and on, as of now. */
    List<String> switchable();

    /** Whether the group of this name is attached. */
    boolean isOn(String name);

    /** The metrics of that group; empty when there is none. */
    List<Metric> metricsOf(String name);

    /**
     * Turns a group off or on, which may be so already.
     *
     * @param why why it is turned off: one line, for reports
     * @throws KernelException if it cannot be attached; then it is off
     */
    void turn(String name, boolean on, String why) throws KernelException;

    /** What can be asked for while the agent is there, although nobody did when it began. */
    List<EventMetric> onRequest();

    /** Loads a probe of the user's, which is yet to be attached. When it throws, nothing of it is in the kernel. */
    UserProbe load(FoundProbe found, UserMetric metric) throws KernelException;

    /** Takes such a probe out of the kernel. */
    void close(UserProbe probe);

    /** Brings what is known of open TCP connections up to date. */
    void lookAtConnections();

    /** Brings what has been counted for the threads that are on a CPU up to date. */
    void lookAtCounters();

    /** Asks the kernel for every program's statistics. */
    void refreshStatistics();

    /** The state of every probe as of the last {@link #refreshStatistics}. */
    List<Probe> probes();

    /** Events that the kernel did not give to a program, as of the last {@link #refreshStatistics}. */
    long recursionMisses();

    /** What the maps take in the kernel, bytes. */
    long kernelMemoryBytes();

    /** Called at the host's end, by another thread than all else: makes that end come soon. */
    void endProcess();

    @Override
    void close();
}
