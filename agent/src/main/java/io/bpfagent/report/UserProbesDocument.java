package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.io.IOException;
import java.util.List;

/** The probes that the user has named, in JSON. */
final class UserProbesDocument {
    private UserProbesDocument() {
    }

    /**
     * Those that there are, and those that there should be.
     *
     * @param latest of which the counts are, or null
     */
    static void write(JsonWriter json, List<UserProbeReport> probes, List<FailedProbe> failed, Snapshot latest)
            throws IOException {
        json.name("probes").beginArray();
        for (UserProbeReport probe : probes) {
            json.beginObject()
                    .name("name").value(probe.metric().metric())
                    .name("spec").value(probe.spec())
                    .name("unit").value(MetricUnit.of(probe.metric()).name())
                    .name("detail").value(probe.detail())
                    .name("atMs").value(probe.metric().atMs())
                    .name("count").value(latest == null ? 0 : latest.total(probe.metric()).count())
                    .name("hits").value(probe.hits())
                    .name("unmatched").value(probe.unmatched())
                    .name("nsPerHit").value(HistogramDocument.decimal(probe.nsPerHit()))
                    .endObject();
        }
        json.endArray().name("failed").beginArray();
        for (FailedProbe probe : failed) {
            json.beginObject()
                    .name("name").value(probe.name())
                    .name("spec").value(probe.spec())
                    .name("reason").value(probe.reason())
                    .endObject();
        }
        json.endArray().name("free").value(RecordSizes.USER_METRICS - probes.size());
    }
}
