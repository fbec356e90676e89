package io.bpfagent.report;

import io.bpfagent.correlation.Snapshot;
import java.lang.management.ManagementFactory;

/**
 * Starts the beans on the platform's MBean server as soon as that can be done without harm, and does
 * without where the JVM has no JMX. All on the agent's own thread.
 *
 * <p>The platform's MBean server is made by whoever asks first, and that initializes
 * java.util.logging for good. A host that names a log manager or an MBean server builder that only
 * its own class loaders know (application servers do) must come first, so there the beans wait.
 */
public final class JmxStart implements SnapshotReport {
    private static final String[] HOST_CLASSES = {"java.util.logging.manager", "javax.management.builder.initial"};
    /** How long a host of that kind is given to start; the beans come that much later there. */
    private static final long HOST_FIRST_NS = 30_000_000_000L;

    private final AgentView agent;
    private boolean waiting = true;
    /** Null while waiting, and for good where there is no JMX. */
    private volatile SnapshotReport report;
    private volatile Probe without = new Probe("jmx", Probe.UNSUPPORTED,
            "Waits 30 s, because the host has to set up its own logging first", 0, 0);

    private JmxStart(AgentView agent) {
        this.agent = agent;
    }

    /** Registers the beans, now or with a later snapshot. Never throws; the probe says what happened. */
    public static SnapshotReport of(AgentView agent) {
        JmxStart start = new JmxStart(agent);
        start.tryStart();
        return start;
    }

    private void tryStart() {
        if (agent.sinceNs() < HOST_FIRST_NS && hostMustComeFirst()) {
            return;
        }
        waiting = false;
        try {
            report = new JmxReport(ManagementFactory.getPlatformMBeanServer(), agent);
        } catch (LinkageError | RuntimeException e) { // a runtime without java.management, or a broken one
            without = new Probe("jmx", Probe.UNSUPPORTED, "No beans: " + e
                    + ". Use attach-cli, or run the JVM with --add-modules java.management", 0, 0);
        }
    }

    private static boolean hostMustComeFirst() {
        for (String property : HOST_CLASSES) {
            String name = System.getProperty(property);
            if (name != null && ClassLoader.getSystemClassLoader()
                    .getResource(name.replace('.', '/') + ".class") == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void update(Snapshot snapshot) {
        if (waiting) {
            tryStart();
        }
        if (report != null) {
            report.update(snapshot);
        }
    }

    @Override
    public Probe probe() {
        SnapshotReport started = report;
        return started == null ? without : started.probe();
    }

    @Override
    public void close() {
        waiting = false;
        if (report != null) {
            report.close();
        }
    }
}
