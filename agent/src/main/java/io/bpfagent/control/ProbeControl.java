package io.bpfagent.control;

import io.bpfagent.report.FailedProbe;
import io.bpfagent.report.UserProbeReport;
import java.util.List;

/** Adds and removes probes that the user names, on the agent's own thread. Any thread; no method waits for that. */
public interface ProbeControl {
    /** Has one added. */
    ProbeChange add(String name, String spec);

    /** Has one removed with all its numbers. */
    ProbeChange remove(String name);

    /** Those that there are, as of the last snapshot. */
    List<UserProbeReport> list();

    /** Those that were given at the start and cannot be had, as long as they have not been added or removed since. */
    List<FailedProbe> failed();
}
