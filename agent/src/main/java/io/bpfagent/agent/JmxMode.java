package io.bpfagent.agent;

/** When beans are registered. */
public enum JmxMode {
    /**
     * As soon as the JVM has a platform MBean server, because the application, a client or
     * {@code -Dcom.sun.management.jmxremote} asked for it. The default: that server and the JDK's own
     * beans cost 6 MiB on JDK 17 and 15 MiB on 25, which nobody pays who does not use JMX.
     */
    AUTO,
    /** When the agent begins; makes the platform MBean server where nobody has. */
    TRUE,
    /** Never. */
    FALSE
}
