package io.bpfagent.control;

import io.bpfagent.report.UserProbeReport;
import java.util.List;

/**
 * Adds and removes probes that the user names, on the agent's own thread, and waits for it. Called by the control
 * thread, one request at a time.
 */
public interface ProbeControl {
    /** Adds one. @return null when it is attached, else one line that says why nothing has changed */
    String add(String name, String spec);

    /** Removes one with all its numbers. @return null when it is gone, else one line that says why it is not */
    String remove(String name);

    /** Those that there are, as of the last snapshot. Any thread; does not wait. */
    List<UserProbeReport> list();
}
