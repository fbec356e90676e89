package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.Snapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Disks, at most 8 of them, and with whom there are connections: at most 63 remotes of each direction, and all others.
 */
final class DeviceFamilies {
    private static final double NS_PER_SECOND = 1e9;
    private static final String OTHERS = "other";

    private final Snapshot snapshot;
    private final long beganMs;

    /** @param beganMs when the agent began, ms since 1970 */
    DeviceFamilies(Snapshot snapshot, long beganMs) {
        this.snapshot = snapshot;
        this.beganMs = beganMs;
    }

    void addTo(Families families) {
        addDisks(families);
        addRemotes(families);
    }

    private void addDisks(Families families) {
        List<CounterDataPointSnapshot> requests = new ArrayList<>();
        List<CounterDataPointSnapshot> bytes = new ArrayList<>();
        List<CounterDataPointSnapshot> queued = new ArrayList<>();
        List<HistogramPoint> times = new ArrayList<>();
        for (DiskUsage disk : snapshot.disks()) {
            for (DiskUsage.Use use : disk.uses()) {
                Labels labels = Labels.of("disk", disk.name(), "operation", lower(use.operation()), "user",
                        lower(use.user()));
                requests.add(Families.counter(use.requests(), labels));
                bytes.add(Families.counter(use.bytes(), labels));
                queued.add(Families.counter(use.queueNs() / NS_PER_SECOND, labels));
            }
            for (Map.Entry<DiskUsage.Operation, Distribution> entry : disk.deviceTimes().entrySet()) {
                if (entry.getValue().count() > 0) {
                    times.add(new HistogramPoint(entry.getValue(), BucketTable.SECONDS, Labels.of("disk", disk.name(),
                            "operation", lower(entry.getKey())), Exemplars.EMPTY, beganMs));
                }
            }
        }
        families.counters("disk_requests", "Requests to disks that are done, by who sent them.", null, requests);
        families.counters("disk_bytes", "Bytes that disks have read and written.", Unit.BYTES, bytes);
        families.counters("disk_queue_seconds", "How long requests were in the kernel's queues.", Unit.SECONDS, queued);
        families.histograms("disk_device_seconds", "How long requests were in the device, whoever sent them.",
                Unit.SECONDS, times);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void addRemotes(Families families) {
        List<GaugeDataPointSnapshot> open = new ArrayList<>();
        List<CounterDataPointSnapshot> begun = new ArrayList<>();
        List<CounterDataPointSnapshot> failed = new ArrayList<>();
        List<CounterDataPointSnapshot> retransmits = new ArrayList<>();
        List<CounterDataPointSnapshot> resets = new ArrayList<>();
        List<CounterDataPointSnapshot> sent = new ArrayList<>();
        List<CounterDataPointSnapshot> received = new ArrayList<>();
        List<SummaryDataPointSnapshot> trips = new ArrayList<>();
        for (RemoteUsage remote : snapshot.remotes()) {
            if (!remote.isUsed()) {
                continue;
            }
            Labels labels = Labels.of("direction", remote.incoming() ? "incoming" : "outgoing", "remote", name(remote));
            open.add(Families.gauge(remote.open(), labels));
            begun.add(Families.counter(remote.begun(), labels));
            failed.add(Families.counter(remote.failed(), labels));
            retransmits.add(Families.counter(remote.retransmits(), labels));
            resets.add(Families.counter(remote.resetsReceived() + remote.resetsSent(), labels));
            sent.add(Families.counter(remote.bytesSent(), labels));
            received.add(Families.counter(remote.bytesReceived(), labels));
            if (remote.rtt().count() > 0) {
                trips.add(new SummaryDataPointSnapshot(remote.rtt().count(), remote.rtt().sumNs() / NS_PER_SECOND,
                        Quantiles.EMPTY, labels, Exemplars.EMPTY, 0));
            }
        }
        families.gauges("remote_connections", "TCP connections that are open.", null, open);
        families.counters("remote_connections_begun", "TCP connections that were established.", null, begun);
        families.counters("remote_connections_failed", "TCP connections that were refused or given up.", null, failed);
        families.counters("remote_retransmits", "Segments that were sent again.", null, retransmits);
        families.counters("remote_resets", "Connections that one side has reset.", null, resets);
        families.counters("remote_sent_bytes", "What was sent, without headers.", Unit.BYTES, sent);
        families.counters("remote_received_bytes", "What was received, without headers.", Unit.BYTES, received);
        families.summaries("remote_round_trip_seconds", "Smoothed round trips, as the kernel measures them.",
                Unit.SECONDS, trips);
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
