package io.bpfagent.report;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.List;

/**
 * One metric's histogram, of the whole process or of one pool, as of the latest snapshot.
 *
 * <p>The summary is made when a client asks, and kept until the next snapshot: a client that reads
 * ten attributes one by one costs one walk over the buckets. Any thread.
 */
final class LatencyReading {
    /** Buckets up to and with {@code upToNs}, from the bucket before on. */
    record Bucket(long upToNs, long count) {
    }

    /** The last whole interval, {@code lengthNs} long; 0 before there is one. */
    record Window(long lengthNs, Summary summary) {
    }

    /** A summary and the time of its snapshot: holding on to the snapshot would keep it alive. */
    private record Made(long atNs, Summary summary) {
    }

    private final AgentView agent;
    private final ThreadState metric;
    private final String pool;
    private volatile Made made;

    /** Of the given pool, or of the whole process when that is null. */
    LatencyReading(AgentView agent, ThreadState metric, String pool) {
        this.agent = agent;
        this.metric = metric;
        this.pool = pool;
    }

    Summary summary() {
        Snapshot latest = agent.latest();
        if (latest == null) {
            return Summary.EMPTY;
        }
        Made last = made;
        if (last == null || last.atNs != latest.atNs()) {
            last = new Made(latest.atNs(), Summary.of(distribution(latest)));
            made = last;
        }
        return last.summary;
    }

    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        Snapshot latest = agent.latest();
        if (latest != null) {
            distribution(latest).forEachBucket((upToNs, count) -> buckets.add(new Bucket(upToNs, count)));
        }
        return buckets;
    }

    Window window() {
        Snapshot interval = agent.interval();
        return interval == null ? new Window(0, Summary.EMPTY)
                : new Window(interval.atNs() - interval.beganNs(), Summary.of(distribution(interval)));
    }

    private Distribution distribution(Snapshot snapshot) {
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
