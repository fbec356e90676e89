package io.bpfagent.agent;

import java.util.Locale;

/** What the agent is doing. */
public enum AgentState {
    /** It loads; there is no snapshot yet. */
    STARTING,
    /** It may not load its programs itself, and waits for somebody who hands them to it. */
    WAITING,
    /** Its probes are live and snapshots come. */
    ON,
    /** It was detached and has closed all but the control channel. */
    OFF,
    /** It could not start or had to stop; the error says why. */
    FAILED;

    /** The word in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
