package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventUsage;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * One metric's histogram, of the whole process, one pool, one VM operation, one system call or one context, as of the
 * latest snapshot.
 *
 * <p>The summary is made when a client asks, and kept until the next snapshot: a client that reads
 * ten attributes one by one costs one walk over the buckets. Any thread.
 */
final class LatencyReading {
    /** Buckets up to and with {@code upTo} of the metric's unit, from the bucket before on. */
    record Bucket(long upTo, long count) {
    }

    /** The last whole interval, {@code lengthNs} long; 0 before there is one. */
    record Window(long lengthNs, Summary summary) {
    }

    /** A summary and the time of its snapshot: holding on to the snapshot would keep it alive. */
    private record Made(long atNs, Summary summary) {
    }

    private final AgentView agent;
    private final Metric metric;
    private final MetricUnit unit;
    private final String pool;
    private final String operation;
    private final String context;
    private volatile Made made;

    private LatencyReading(AgentView agent, Metric metric, String pool, String operation, String context) {
        this.agent = agent;
        this.metric = metric;
        this.unit = MetricUnit.of(metric);
        this.pool = pool;
        this.operation = operation;
        this.context = context;
    }

    static LatencyReading ofProcess(AgentView agent, Metric metric) {
        return new LatencyReading(agent, metric, null, null, null);
    }

    static LatencyReading ofPool(AgentView agent, Metric metric, String pool) {
        return new LatencyReading(agent, metric, pool, null, null);
    }

    /** @param metric of those that consist of operations: {@link EventUsage#byName} */
    static LatencyReading ofOperation(AgentView agent, Metric metric, String operation) {
        return new LatencyReading(agent, metric, null, operation, null);
    }

    /** @param context the name of one, or of several of different kinds: of these it is the sum */
    static LatencyReading ofContext(AgentView agent, Metric metric, String context) {
        return new LatencyReading(agent, metric, null, null, context);
    }

    MetricUnit unit() {
        return unit;
    }

    Summary summary() {
        Snapshot latest = agent.latest();
        if (latest == null) {
            return Summary.EMPTY;
        }
        Made last = made;
        if (last == null || last.atNs != latest.atNs()) {
            last = new Made(latest.atNs(), unit.summary(distribution(latest)));
            made = last;
        }
        return last.summary;
    }

    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        Snapshot latest = agent.latest();
        if (latest != null) {
            unit.forEachBucket(distribution(latest), (upTo, count) -> buckets.add(new Bucket(upTo, count)));
        }
        return buckets;
    }

    Window window() {
        Snapshot interval = agent.interval();
        return interval == null ? new Window(0, Summary.EMPTY)
                : new Window(interval.atNs() - interval.beganNs(), unit.summary(distribution(interval)));
    }

    private Distribution distribution(Snapshot snapshot) {
        if (operation != null) {
            return snapshot.events().byName(metric).getOrDefault(operation, Distribution.EMPTY);
        }
        if (context != null) {
            return HistogramSource.sum(snapshot.contexts().named(context), metric);
        }
        if (pool == null) {
            return snapshot.total(metric);
        }
        for (PoolUsage usage : snapshot.pools()) {
            if (usage.pool().equals(pool)) {
                return usage.distribution(metric);
            }
        }
        return Distribution.EMPTY;
    }
}
