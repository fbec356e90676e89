package io.bpfagent.otlp;

import static io.bpfagent.otlp.Names.CONTEXT;
import static io.bpfagent.otlp.Names.KIND;
import static io.bpfagent.otlp.Names.OPERATION;
import static io.bpfagent.otlp.Names.PART;
import static io.bpfagent.otlp.Names.PREFIX;
import static io.bpfagent.otlp.Names.STATE;
import static io.bpfagent.otlp.Names.SYSCALL;
import static io.bpfagent.otlp.Names.VERSION;
import static io.bpfagent.otlp.Names.WHAT;

import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PausePartSums;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.extension.ExtensionHost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Map;

/** What is of the whole process: pauses and other events, contexts, losses, and what the agent costs. */
final class ProcessMetrics {
    private static final String OTHERS = "other";

    private ProcessMetrics() {
    }

    static void events(MetricSink sink, Snapshot snapshot, List<Metric> metrics) {
        for (Metric metric : metrics) {
            if (metric instanceof EventMetric event) {
                event(sink, snapshot, event);
            }
        }
    }

    private static void event(MetricSink sink, Snapshot snapshot, EventMetric metric) {
        Distribution all = snapshot.events().of(metric);
        String described = metric.what();
        if (metric == EventMetric.GC_PAUSE || metric == EventMetric.SAFEPOINT
                || metric == EventMetric.TIME_TO_SAFEPOINT) {
            sink.seconds("pause", "Pauses of the JVM; a gc_pause is a safepoint, and begins with its time_to_safepoint",
                    Attributes.of(KIND, metric.metric()), all);
        } else if (metric.hasOperations()) {
            AttributeKey<String> label = metric == EventMetric.SYSCALL ? SYSCALL
                    : metric == EventMetric.VIRTUAL_PINNED ? STATE : OPERATION;
            Distribution named = Distribution.EMPTY;
            for (Map.Entry<String, Distribution> one : snapshot.events().byName(metric).entrySet()) {
                named = named.plus(one.getValue());
                sink.seconds(metric.metric(), described, Attributes.of(label, one.getKey()), one.getValue());
            }
            // What came when there were too many names.
            sink.seconds(metric.metric(), described, Attributes.of(label, OTHERS), all.minus(named));
        } else if (metric.isBytes()) {
            sink.bytes(metric.metric(), described, Attributes.empty(), all);
        } else {
            sink.seconds(metric.metric(), described, Attributes.empty(), all);
        }
    }

    static void pauseParts(MetricSink sink, PausePartSums parts) {
        MetricSink.Times times = sink.times();
        parts.forEach((name, ns) -> times.add(Attributes.of(PART, name), ns));
        times.sum(PREFIX + "pause_part", "Where the time of pauses went: until all threads had stopped; then the VM"
                + " thread or a GC worker was on a CPU, or could have been, or none could");
    }

    static void contexts(MetricSink sink, Snapshot snapshot) {
        MetricSink.Times times = sink.times();
        MetricSink.Counts entered = sink.counts();
        for (ContextReport context : snapshot.contexts().contexts()) {
            entered.add(Attributes.of(CONTEXT, context.name(), KIND, context.kind().key()), context.entered());
            for (ThreadState state : ThreadState.ALL) {
                long ns = context.exclusive().timeNs(state);
                if (ns > 0) {
                    times.add(Attributes.of(CONTEXT, context.name(), KIND, context.kind().key(), STATE, state.metric()),
                            ns);
                }
            }
        }
        times.sum(PREFIX + "context", "The time of threads in each context, without the contexts within it");
        entered.sum(PREFIX + "context.entered", MetricSink.NONE, "How often a thread has begun a context");
    }

    static void losses(MetricSink sink, Snapshot snapshot, long lostExports) {
        MetricSink.Counts lost = sink.counts();
        for (Map.Entry<Loss, Long> loss : snapshot.losses().counts().entrySet()) {
            if (!loss.getKey().isLevel()) {
                lost.add(Attributes.of(WHAT, loss.getKey().key()), loss.getValue());
            }
        }
        lost.add(Attributes.of(WHAT, "otlp_exports"), lostExports);
        lost.sum(PREFIX + "lost", MetricSink.NONE,
                "What may be missing in the other numbers, by every way in which that can be");
        sink.counts().add(Attributes.empty(), snapshot.losses().get(Loss.THREADS_SHARING_PAGES))
                .gauge(PREFIX + "threads_sharing_pages", MetricSink.NONE, "Threads that share a histogram with others");
    }

    static void agent(MetricSink sink, ExtensionHost host) {
        long programNs = host.programNs();
        long threadNs = host.threadNs();
        if (programNs >= 0 && threadNs >= 0) {
            sink.times().add(Attributes.of(PART, "programs"), programNs).add(Attributes.of(PART, "threads"), threadNs)
                    .sum(PREFIX + "agent.cpu", "What the agent itself costs");
        }
        sink.counts().add(Attributes.empty(), host.kernelMemoryBytes())
                .gauge(PREFIX + "agent.kernel_memory", MetricSink.BYTE, "What the kernel holds for the agent's maps");
        sink.counts().add(Attributes.of(VERSION, host.version()), 1)
                .gauge(PREFIX + "info", MetricSink.NONE, "The agent, always 1");
    }
}
