package io.bpfagent.report;

import io.bpfagent.agent.AgentState;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import java.util.List;

/**
 * What reports and the control channel see of the agent.
 *
 * <p>Assumptions: any thread calls, often at the same time. Guarantees: no method waits for the
 * kernel, for a lock held during a snapshot, or for another thread; none throws.
 */
public interface AgentView {
    /** The agent's version. */
    String version();

    /** What the agent is doing now. */
    AgentState state();

    /** Why it failed, one line, or null. */
    String error();

    /** The host's process id as the host itself sees it. */
    int pid();

    /** How long the agent has been there, ns. */
    long sinceNs();

    /** The arguments that count, defaults too, as {@code key=value,key=value}; may be empty. */
    String arguments();

    /** Of what histograms are kept: states of threads first, then what HotSpot's probes tell. */
    List<Metric> metrics();

    /** How long a pause is of which JMX notifies, ns. */
    long pauseThresholdNs();

    /** What the agent attached to, or tried to. */
    List<Probe> probes();

    /** What the kernel holds for the maps, bytes. */
    long kernelMemoryBytes();

    /** The numbers since the agent began, or null before the first snapshot. */
    Snapshot latest();

    /** The numbers of the last whole interval, or null before the second snapshot. */
    Snapshot interval();

    /**
     * Asks the agent to go and returns at once. When all but the control channel is closed, the state
     * becomes {@link AgentState#OFF}. Asking again changes nothing.
     */
    void requestDetach();
}
