package io.bpfagent.otlp;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.PausePartSums;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.extension.ExtensionHost;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;

/**
 * Makes the SDK's data of snapshots: the same metrics and labels that a Prometheus server gets, with dots between the
 * parts of a name and the unit beside it. One thread, but for {@link #note}.
 */
final class SnapshotMetrics {
    private final ExtensionHost host;
    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final SnapshotClock clock = new SnapshotClock();
    private final PausePartSums pauses = new PausePartSums(Snapshot.MOST_PAUSES);
    private final SlowExemplars exemplars = new SlowExemplars();

    SnapshotMetrics(ExtensionHost host, Resource resource) {
        this.host = host;
        this.resource = resource;
        this.scope = InstrumentationScopeInfo.builder("io.bpfagent").setVersion(host.version()).build();
    }

    /** Takes note of what later snapshots do not have any more. Any thread; returns at once. */
    void note(Snapshot snapshot) {
        pauses.note(snapshot);
    }

    /**
     * All numbers of {@code snapshot}.
     *
     * @param lostExports how many exports have not arrived so far
     */
    List<MetricData> of(Snapshot snapshot, long lostExports) {
        MetricSink sink = new MetricSink(resource, scope, clock.beganEpochNs(snapshot), clock.atEpochNs(snapshot));
        List<Metric> metrics = host.metrics();
        exemplars.take(snapshot);
        PoolMetrics.add(sink, snapshot, metrics, exemplars);
        ProcessMetrics.events(sink, snapshot, metrics);
        ProcessMetrics.pauseParts(sink, pauses);
        ProcessMetrics.contexts(sink, snapshot);
        DeviceMetrics.disks(sink, snapshot);
        DeviceMetrics.remotes(sink, snapshot);
        ProcessMetrics.losses(sink, snapshot, lostExports);
        ProcessMetrics.agent(sink, host);
        return sink.finish();
    }
}
