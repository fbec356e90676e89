package io.bpfagent.prometheus;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import java.util.List;

/** What a scrape is made of. Any thread asks; nothing waits or throws. */
public interface ScrapeSource {
    /** The agent's version. */
    String version();

    /** The numbers since the agent began, or null before the first snapshot. */
    Snapshot latest();

    /** Of what histograms are kept. */
    List<Metric> metrics();

    /** CPU time of the agent's programs in the kernel since it began, ns; -1 while it is not known. */
    long programNs();

    /** The same of its threads. */
    long threadNs();

    /** What the kernel holds for the maps, bytes. */
    long kernelMemoryBytes();
}
