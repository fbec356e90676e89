package io.bpfagent.report;

import io.bpfagent.agent.JmxMode;
import io.bpfagent.correlation.Snapshot;
import java.lang.management.ManagementFactory;

/**
 * Starts the beans on the platform's MBean server when that can be done without harm, and does
 * without where the JVM has no JMX. All on the agent's own thread.
 *
 * <p>The platform's MBean server is made by whoever asks for it first. That registers all beans of the
 * JDK (600 classes, up to 15 MiB resident) and initializes java.util.logging for good, so with
 * {@link JmxMode#AUTO} it is never we who ask first.
 *
 * <p>With {@link JmxMode#TRUE} it is, but a host that names a log manager or an MBean server builder
 * that only its own class loaders know (application servers do) must come first all the same: there the
 * beans wait.
 */
public final class JmxStart implements SnapshotReport {
    private static final String[] HOST_CLASSES = {"java.util.logging.manager", "javax.management.builder.initial"};
    /** How long a host of that kind is given to start; the beans come that much later there. */
    private static final long HOST_FIRST_NS = 30_000_000_000L;

    private final AgentView agent;
    private final JmxMode mode;
    private boolean waiting = true;
    /** Null while waiting, and for good where there is no JMX. */
    private volatile SnapshotReport report;
    private volatile Probe without;

    private JmxStart(AgentView agent, JmxMode mode) {
        this.agent = agent;
        this.mode = mode;
        // It works as it should: the beans are there as soon as anybody can see them.
        this.without = mode == JmxMode.AUTO
                ? new Probe("jmx", Probe.ATTACHED, "Waits for the host or a client to start JMX", 0, 0)
                : new Probe("jmx", Probe.UNSUPPORTED,
                        "Waits 30 s, because the host has to set up its own logging first", 0, 0);
    }

    /**
     * Registers the beans, now or as soon as it can be done. Never throws; the probe says what happened.
     *
     * @return null for {@link JmxMode#FALSE}
     */
    public static SnapshotReport of(AgentView agent, JmxMode mode) {
        if (mode == JmxMode.FALSE) {
            return null;
        }
        JmxStart start = new JmxStart(agent, mode);
        start.tryStart();
        return start;
    }

    private void tryStart() {
        try {
            if (mode == JmxMode.AUTO ? PlatformServer.exists() : !hostMustComeFirst()) {
                waiting = false;
                start();
            }
        } catch (LinkageError | RuntimeException e) { // a runtime without java.management, or a broken one
            waiting = false;
            without = new Probe("jmx", Probe.UNSUPPORTED, "No beans: " + e
                    + ". Use attach-cli, or run the JVM with --add-modules java.management", 0, 0);
        }
    }

    private void start() {
        SnapshotReport started = new JmxReport(ManagementFactory.getPlatformMBeanServer(), agent);
        Snapshot latest = agent.latest();
        if (latest != null) {
            started.update(latest);
        }
        report = started;
    }

    private boolean hostMustComeFirst() {
        if (agent.sinceNs() >= HOST_FIRST_NS) {
            return false;
        }
        for (String property : HOST_CLASSES) {
            String name = System.getProperty(property);
            if (name != null && ClassLoader.getSystemClassLoader()
                    .getResource(name.replace('.', '/').concat(".class")) == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void look() {
        if (waiting && mode == JmxMode.AUTO) {
            tryStart();
        }
    }

    @Override
    public void update(Snapshot snapshot) {
        // Not at every look: it goes through the host's class path.
        if (waiting && mode == JmxMode.TRUE) {
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
