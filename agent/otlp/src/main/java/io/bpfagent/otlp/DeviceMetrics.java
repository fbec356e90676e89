package io.bpfagent.otlp;

import static io.bpfagent.otlp.Names.DIRECTION;
import static io.bpfagent.otlp.Names.DISK;
import static io.bpfagent.otlp.Names.OPERATION;
import static io.bpfagent.otlp.Names.PREFIX;
import static io.bpfagent.otlp.Names.REMOTE;
import static io.bpfagent.otlp.Names.USER;
import static io.bpfagent.otlp.Names.lower;

import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.Snapshot;
import io.opentelemetry.api.common.Attributes;

/**
 * Disks, at most 8 of them, and with whom there are connections: at most 63 remotes of each direction, and all others.
 */
final class DeviceMetrics {
    private static final String OTHERS = "other";

    private DeviceMetrics() {
    }

    static void disks(MetricSink sink, Snapshot snapshot) {
        MetricSink.Counts requests = sink.counts();
        MetricSink.Counts bytes = sink.counts();
        MetricSink.Times queued = sink.times();
        for (DiskUsage disk : snapshot.disks()) {
            for (DiskUsage.Use use : disk.uses()) {
                Attributes labels = Attributes.of(DISK, disk.name(), OPERATION, lower(use.operation()), USER,
                        lower(use.user()));
                requests.add(labels, use.requests());
                bytes.add(labels, use.bytes());
                queued.add(labels, use.queueNs());
            }
            disk.deviceTimes().forEach((operation, times) -> sink.seconds("disk.device",
                    "How long requests were in the device, whoever sent them",
                    Attributes.of(DISK, disk.name(), OPERATION, lower(operation)), times));
        }
        requests.sum(PREFIX + "disk.requests", MetricSink.NONE, "Requests to disks that are done, by who sent them");
        bytes.sum(PREFIX + "disk", MetricSink.BYTE, "Bytes that disks have read and written");
        queued.sum(PREFIX + "disk.queue", "How long requests were in the kernel's queues");
    }

    static void remotes(MetricSink sink, Snapshot snapshot) {
        MetricSink.Counts open = sink.counts();
        MetricSink.Counts begun = sink.counts();
        MetricSink.Counts failed = sink.counts();
        MetricSink.Counts retransmits = sink.counts();
        MetricSink.Counts resets = sink.counts();
        MetricSink.Counts sent = sink.counts();
        MetricSink.Counts received = sink.counts();
        MetricSink.Summaries trips = sink.summaries();
        for (RemoteUsage remote : snapshot.remotes()) {
            if (remote.isUsed()) {
                Attributes labels = Attributes.of(DIRECTION, remote.incoming() ? "incoming" : "outgoing", REMOTE,
                        name(remote));
                open.add(labels, remote.open());
                begun.add(labels, remote.begun());
                failed.add(labels, remote.failed());
                retransmits.add(labels, remote.retransmits());
                resets.add(labels, remote.resetsReceived() + remote.resetsSent());
                sent.add(labels, remote.bytesSent());
                received.add(labels, remote.bytesReceived());
                trips.add(labels, remote.rtt().count(), remote.rtt().sumNs());
            }
        }
        open.gauge(PREFIX + "remote.connections", MetricSink.NONE, "TCP connections that are open");
        begun.sum(PREFIX + "remote.connections_begun", MetricSink.NONE, "TCP connections that were established");
        failed.sum(PREFIX + "remote.connections_failed", MetricSink.NONE,
                "TCP connections that were refused or given up");
        retransmits.sum(PREFIX + "remote.retransmits", MetricSink.NONE, "Segments that were sent again");
        resets.sum(PREFIX + "remote.resets", MetricSink.NONE, "Connections that one side has reset");
        sent.sum(PREFIX + "remote.sent", MetricSink.BYTE, "What was sent, without headers");
        received.sum(PREFIX + "remote.received", MetricSink.BYTE, "What was received, without headers");
        trips.summary(PREFIX + "remote.round_trip", "Smoothed round trips, as the kernel measures them");
    }

    private static String name(RemoteUsage remote) {
        if (remote.address() == null) {
            return OTHERS;
        }
        boolean isSix = remote.address().indexOf(':') >= 0;
        String address = isSix ? "[" + remote.address() + "]" : remote.address();
        return remote.incoming() ? remote.address() : address + ":" + remote.port();
    }
}
