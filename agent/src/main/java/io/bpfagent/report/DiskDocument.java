package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.ThreadMetric;
import java.io.IOException;
import java.util.List;

/** A block device in JSON. */
final class DiskDocument {
    private DiskDocument() {
    }

    static void write(JsonWriter json, DiskUsage disk) throws IOException {
        json.beginObject()
                .name("name").value(disk.name())
                .name("major").value(disk.major())
                .name("minor").value(disk.minor())
                .name("uses").beginArray();
        for (DiskUsage.Use use : disk.uses()) {
            json.beginObject()
                    .name("by").value(Labels.of(use.user()))
                    .name("operation").value(Labels.of(use.operation()))
                    .name("requests").value(use.requests())
                    .name("bytes").value(use.bytes())
                    .name("queueNs").value(use.queueNs())
                    .name("deviceNs").value(use.deviceNs())
                    .name("maxDeviceNs").value(use.maxDeviceNs())
                    .name("sequential").value(use.sequential())
                    .endObject();
        }
        json.endArray().name("deviceTimes").beginArray();
        for (DiskUsage.Operation operation : DiskUsage.Operation.values()) {
            Distribution times = disk.deviceTimes().get(operation);
            if (times != null) {
                json.beginObject().name("operation").value(Labels.of(operation)).name("unit").value("ns");
                HistogramDocument.numbers(json, MetricUnit.of(ThreadMetric.BLOCK_READ), times);
                json.endObject();
            }
        }
        json.endArray().endObject();
    }

    /** Why no disk is known, or null where disks are looked at. */
    static String reason(List<Probe> probes) {
        for (Probe probe : probes) {
            boolean sees = probe.name().equals("block_io_start") || probe.name().equals("latencies");
            if (sees && probe.status().equals(Probe.ATTACHED)) {
                return null;
            }
            if (sees) {
                return probe.detail();
            }
        }
        return "no block_ metric is kept: metrics=all keeps them";
    }
}
