package io.bpfagent.report;

import io.bpfagent.agent.AgentState;
import io.bpfagent.control.ProbeChange;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.slow.SlowLimits;
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

    /** The jar's copy out of which attach-cli has started the agent, as the host sees it; null where nobody has. */
    String jar();

    /** Of what histograms are kept: states of threads first, then what HotSpot's probes tell. */
    List<Metric> metrics();

    /** How long a pause is of which JMX notifies, ns. */
    long pauseThresholdNs();

    /** From which length on there are slow events. */
    SlowLimits slowLimits();

    /** What the agent attached to, or tried to. */
    List<Probe> probes();

    /** What the kernel holds for the maps, bytes. */
    long kernelMemoryBytes();

    /** The numbers since the agent began, or null before the first snapshot. */
    Snapshot latest();

    /** The numbers of the last whole interval, or null before the second snapshot. */
    Snapshot interval();

    /** What the agent itself costs, or null before the first second is over. */
    default Cost cost() {
        return null;
    }

    /**
     * Has arguments changed while the agent is there, all that are given or none.
     *
     * @param text {@code key=value,key=value}
     */
    ProbeChange set(String text);

    /**
     * Asks the agent to go and returns at once. When all but the control channel is closed, the state
     * becomes {@link AgentState#OFF}. Asking again changes nothing.
     */
    void requestDetach();
}
