package io.bpfagent.extension;

import io.bpfagent.correlation.Metric;
import java.util.List;

/** What an extension may ask of the agent. Any thread, at any time; nothing waits or throws. */
public interface ExtensionHost {
    /** The agent's version. */
    String version();

    /** The host's process id as the host itself sees it. */
    int pid();

    /** Of what histograms are kept now; probes that the user adds come and go. */
    List<Metric> metrics();

    /** CPU time of the agent's programs in the kernel since it began, ns; -1 in its first second. */
    long programNs();

    /** CPU time of the agent's threads since it began, ns; -1 in its first second. */
    long threadNs();

    /** What the kernel holds for the agent's maps, bytes. */
    long kernelMemoryBytes();

    /**
     * One line for the user, on the application's stderr: what is wrong, why, and what to do. Once for each trouble.
     */
    void complain(String line);
}
