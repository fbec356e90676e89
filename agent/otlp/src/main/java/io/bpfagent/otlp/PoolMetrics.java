package io.bpfagent.otlp;

import static io.bpfagent.otlp.Names.COUNTER;
import static io.bpfagent.otlp.Names.KIND;
import static io.bpfagent.otlp.Names.POOL;
import static io.bpfagent.otlp.Names.PREFIX;
import static io.bpfagent.otlp.Names.PROBE;
import static io.bpfagent.otlp.Names.REASON;
import static io.bpfagent.otlp.Names.STATE;
import static io.bpfagent.otlp.Names.WHO;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.UserMetric;
import io.opentelemetry.api.common.Attributes;
import java.util.List;

/** What threads did, by pool: exact times, histograms of states and of what else they do, faults, waits. */
final class PoolMetrics {
    private static final String BLOCKED = "blocked_";
    private static final long NS_PER_MS = 1_000_000;
    private static final double ALL = 1;

    private PoolMetrics() {
    }

    static void add(MetricSink sink, Snapshot snapshot, List<Metric> metrics, SlowExemplars exemplars) {
        times(sink, snapshot);
        counts(sink, snapshot);
        MetricSink.Counts hits = sink.counts();
        for (Metric metric : metrics) {
            for (PoolUsage pool : metric instanceof EventMetric ? List.<PoolUsage>of() : snapshot.pools()) {
                Distribution distribution = pool.distribution(metric);
                if (distribution.count() == 0) {
                    continue;
                }
                if (metric instanceof UserMetric user) {
                    probe(sink, hits, pool.pool(), user, distribution);
                } else {
                    histogram(sink, pool.pool(), metric, distribution, exemplars);
                }
            }
        }
        hits.sum(PREFIX + "probe.hits", MetricSink.NONE, "How often probes that were added by name were hit");
    }

    private static void times(MetricSink sink, Snapshot snapshot) {
        MetricSink.Times states = sink.times();
        MetricSink.Times behind = sink.times();
        for (PoolUsage pool : snapshot.pools()) {
            for (ThreadState state : ThreadState.ALL) {
                long ns = pool.times().timeNs(state);
                if (ns > 0) {
                    states.add(Attributes.of(POOL, pool.pool(), STATE, state.metric()), ns);
                }
            }
            for (Behind who : Behind.ALL) {
                long ns = pool.counts().waitedNs(who);
                if (ns > 0) {
                    behind.add(Attributes.of(POOL, pool.pool(), WHO, who.label()), ns);
                }
            }
        }
        states.sum(PREFIX + "state", "The time of threads in each state, with the stays under way");
        behind.sum(PREFIX + "runnable_behind", "How long threads waited for a CPU, by who had it");
    }

    private static void counts(MetricSink sink, Snapshot snapshot) {
        MetricSink.Counts threads = sink.counts();
        MetricSink.Counts ended = sink.counts();
        MetricSink.Counts faults = sink.counts();
        MetricSink.Counts migrations = sink.counts();
        MetricSink.Counts counted = sink.counts();
        for (PoolUsage pool : snapshot.pools()) {
            Attributes name = Attributes.of(POOL, pool.pool());
            threads.add(name, pool.threads());
            ended.add(name, pool.ended());
            migrations.add(name, pool.counts().migrations());
            faults.add(Attributes.of(POOL, pool.pool(), KIND, "minor"), pool.counts().minorFaults())
                    .add(Attributes.of(POOL, pool.pool(), KIND, "major"), pool.counts().majorFaults());
            for (Counter counter : Counter.ALL) {
                // What was counted for a part of the time is reckoned up to all of it, and so can go down.
                long count = pool.counts().countedShare(counter) < ALL ? 0 : pool.counts().counted(counter);
                if (count > 0) {
                    counted.add(Attributes.of(POOL, pool.pool(), COUNTER, counter.label()), count);
                }
            }
        }
        threads.gauge(PREFIX + "threads", MetricSink.NONE, "Threads that are there");
        ended.sum(PREFIX + "threads_ended", MetricSink.NONE, "Threads that have ended");
        faults.sum(PREFIX + "page_faults", MetricSink.NONE, "Page faults; for major ones something had to be read");
        migrations.sum(PREFIX + "migrations", MetricSink.NONE, "How often threads went on on another CPU");
        counted.sum(PREFIX + "counted", MetricSink.NONE, "What counters of the processor and the kernel have counted");
    }

    private static void histogram(MetricSink sink, String pool, Metric metric, Distribution distribution,
            SlowExemplars exemplars) {
        String name = metric.metric();
        if (metric instanceof ThreadState && name.startsWith(BLOCKED)) {
            sink.seconds("blocked", metric.what(), Attributes.of(POOL, pool, REASON, name.substring(BLOCKED.length())),
                    distribution, exemplars.of(metric, pool));
        } else if (metric.isBytes()) {
            sink.bytes(name, metric.what(), Attributes.of(POOL, pool), distribution);
        } else {
            sink.seconds(name, metric.what(), Attributes.of(POOL, pool), distribution, exemplars.of(metric, pool));
        }
    }

    private static void probe(MetricSink sink, MetricSink.Counts hits, String pool, UserMetric metric,
            Distribution distribution) {
        Attributes labels = Attributes.of(POOL, pool, PROBE, metric.metric());
        switch (metric.values()) {
            case TIMES -> sink.histogram(PREFIX + "probe", MetricSink.SECOND, metric.what(), labels, distribution,
                    MetricSink.SECONDS, 0, metric.atMs() * NS_PER_MS, List.of());
            case NUMBERS -> sink.histogram(PREFIX + "probe.value", MetricSink.NONE, metric.what(), labels, distribution,
                    1, MetricSink.NUMBER_SHIFT, metric.atMs() * NS_PER_MS, List.of());
            case COUNTS -> hits.add(labels, distribution.count());
            default -> throw new IllegalStateException("values=" + metric.values());
        }
    }
}
