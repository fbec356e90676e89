package io.bpfagent.export;

/** When there are JFR events. */
public enum JfrMode {
    /** As soon as the JVM has JFR in use, by whomever. The default: it is never the agent who starts it. */
    AUTO,
    /** Never. */
    OFF
}
