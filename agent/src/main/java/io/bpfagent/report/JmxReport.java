package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Registers the agent's beans: the agent, the threads, the disks, the remotes, the pauses, the slow events, one
 * histogram per kept metric, one per metric and pool as soon as the pool has something to count there, and one per VM
 * operation and system call as soon as there has been one; and those of contexts ({@link ContextBeans}). Beans ask the
 * {@link AgentView} when they are asked; nothing is computed here. One thread, the agent's own.
 *
 * <p>At most 512 pools times the kept metrics of threads, 64 operations and 512 system calls; a bean takes about 1 KiB.
 */
final class JmxReport implements SnapshotReport {
    private final MBeanServer server;
    private final AgentView agent;
    private final List<ObjectName> registered = new ArrayList<>();
    private final Map<Metric, Set<String>> pools = new LinkedHashMap<>();
    /** Of which there are beans, by the metrics that consist of operations. */
    private final Map<Metric, Set<String>> operations = new LinkedHashMap<>();
    /** Of which there are beans. */
    private List<Metric> metrics = List.of();
    private final PausesBean pauses;
    private final EventsBean events;
    private final ContextBeans contexts;
    private boolean closed;
    private String problem;
    /** Read by any thread. */
    private volatile Probe probe;

    /** Registers what does not depend on pools. */
    JmxReport(MBeanServer server, AgentView agent) {
        this.server = server;
        this.agent = agent;
        register(BeanNames.agent(), new AgentBean(agent));
        register(BeanNames.threads(), new ThreadsBean(agent));
        register(BeanNames.disks(), new DisksBean(agent));
        register(BeanNames.remotes(), new RemotesBean(agent));
        pauses = new PausesBean(agent);
        register(BeanNames.pauses(), pauses);
        events = new EventsBean(agent);
        register(BeanNames.events(), events);
        contexts = new ContextBeans(this, agent);
        followMetrics(agent.metrics());
        probe = newProbe();
    }

    /** Takes away the beans of metrics that are gone, and makes those of metrics that are new. */
    private void followMetrics(List<Metric> now) {
        for (Metric metric : metrics) {
            if (!now.contains(metric)) {
                Set<String> known = pools.remove(metric);
                for (String pool : known == null ? Set.<String>of() : known) {
                    unregister(BeanNames.latency(metric, pool));
                }
                Set<String> named = operations.remove(metric);
                for (String operation : named == null ? Set.<String>of() : named) {
                    unregister(BeanNames.operation(metric, operation));
                }
                unregister(BeanNames.latency(metric));
            }
        }
        for (Metric metric : now) {
            if (!metrics.contains(metric)) {
                if (metric.isOfThreads()) {
                    pools.put(metric, new HashSet<>());
                } else if (metric instanceof EventMetric event && event.hasOperations()) {
                    operations.put(metric, new HashSet<>());
                }
                register(BeanNames.latency(metric), new LatencyBean(LatencyReading.ofProcess(agent, metric)));
            }
        }
        metrics = now;
    }

    @Override
    public void update(Snapshot snapshot) {
        if (closed) {
            return;
        }
        int before = registered.size();
        List<Metric> now = agent.metrics();
        boolean changed = now != metrics;
        if (changed) {
            followMetrics(now);
        }
        for (PoolUsage pool : snapshot.pools()) {
            for (Map.Entry<Metric, Set<String>> known : pools.entrySet()) {
                Metric metric = known.getKey();
                if (pool.distribution(metric).count() > 0 && known.getValue().add(pool.pool())) {
                    register(BeanNames.latency(metric, pool.pool()),
                            new LatencyBean(LatencyReading.ofPool(agent, metric, pool.pool())));
                }
            }
        }
        for (Map.Entry<Metric, Set<String>> known : operations.entrySet()) {
            Metric metric = known.getKey();
            for (Map.Entry<String, Distribution> operation : snapshot.events().byName(metric).entrySet()) {
                String name = operation.getKey();
                if (operation.getValue().count() > 0 && known.getValue().add(name)) {
                    register(BeanNames.operation(metric, name),
                            new LatencyBean(LatencyReading.ofOperation(agent, metric, name)));
                }
            }
        }
        contexts.update(snapshot);
        pauses.update(snapshot);
        events.update(snapshot);
        if (registered.size() != before || changed || problem != null) {
            probe = newProbe();
        }
    }

    @Override
    public void look() {
        // it has begun
    }

    @Override
    public Probe probe() {
        return probe;
    }

    @Override
    public void close() {
        closed = true;
        for (ObjectName name : List.copyOf(registered)) {
            unregister(name);
        }
        registered.clear();
        pauses.close();
        events.close();
    }

    void unregister(ObjectName name) {
        registered.remove(name);
        try {
            server.unregisterMBean(name);
        } catch (JMException | RuntimeException e) {
            // the host has taken it away before us: gone is gone
            return;
        }
    }

    private Probe newProbe() {
        return problem == null
                ? new Probe("jmx", Probe.ATTACHED, registered.size() + " beans" + contexts.note(), 0, 0)
                : new Probe("jmx", Probe.FAILED, problem, 0, 0);
    }

    void register(ObjectName name, DynamicMBean bean) {
        try {
            try {
                server.registerMBean(bean, name);
            } catch (InstanceAlreadyExistsException e) {
                // left behind by an agent that could not close; there is one agent at a time
                server.unregisterMBean(name);
                server.registerMBean(bean, name);
            }
            registered.add(name);
        } catch (JMException | RuntimeException e) {
            // a host's own server, or a security manager, can refuse; the others may still go
            problem = "Cannot register a bean: " + e + " (" + name + ")";
        }
    }
}
