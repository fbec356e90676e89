package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What the agent itself costs, in JSON. */
final class CostDocument {
    private CostDocument() {
    }

    /** The value of {@code cost}: null before the first second is over. */
    static void write(JsonWriter json, Cost cost) throws IOException {
        json.name("cost");
        if (cost == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        window(json, cost.window());
        json.name("share").value(share(cost.window().share()))
                .name("maxShare");
        if (cost.maxShare() == 0) {
            json.nullValue();
        } else {
            json.value(share(cost.maxShare()));
        }
        json.name("note").value(cost.note())
                .name("programsKnownBy").value(cost.knownBy().label())
                .name("allocatedBytesPerSecond");
        number(json, cost.window().allocatedPerSecond());
        json.name("kernelMemoryBytes").value(cost.mapBytes())
                .name("mappedBytes").value(cost.mappedBytes())
                .name("total").beginObject();
        window(json, cost.total());
        json.name("startCpuNs");
        number(json, cost.startCpuNs());
        json.name("allocatedBytes");
        number(json, cost.total().allocatedBytes());
        json.endObject().endObject();
    }

    private static void window(JsonWriter json, Cost.Window window) throws IOException {
        json.name("wallNs").value(window.wallNs())
                .name("hostCpuNs").value(window.hostCpuNs())
                .name("threadCpuNs").value(window.threadCpuNs())
                .name("programNs").value(window.programNs());
    }

    /** Rounded; null where it is not known. */
    private static void number(JsonWriter json, double number) throws IOException {
        if (number < 0) {
            json.nullValue();
        } else {
            json.value(Math.round(number));
        }
    }

    /** With six digits after the point. */
    private static BigDecimal share(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP) : BigDecimal.ZERO;
    }

    /** All probes, one by one, and the time that their numbers are of. */
    static void probes(JsonWriter json, Cost cost) throws IOException {
        json.name("wallNs").value(cost == null ? 0 : cost.window().wallNs()).name("probes").beginArray();
        if (cost != null) {
            for (ProbeCost probe : cost.probes()) {
                write(json, probe);
            }
        }
        json.endArray();
    }

    private static void write(JsonWriter json, ProbeCost probe) throws IOException {
        json.beginObject()
                .name("name").value(probe.name())
                .name("kind").value(probe.kind())
                .name("sites").value(probe.sites())
                .name("optional").value(probe.optional())
                .name("on").value(probe.on())
                .name("why").value(probe.on() ? null : probe.why())
                .name("metrics").beginArray();
        for (String metric : probe.metrics()) {
            json.value(metric);
        }
        json.endArray()
                .name("hits").value(probe.hits())
                .name("hitsPerSecond").value(HistogramDocument.decimal(probe.hitsPerSecond()))
                .name("nsPerHit").value(HistogramDocument.decimal(probe.nsPerHit()))
                .name("knownBy").value(probe.knownBy().label())
                .name("cpuShare").value(share(probe.cpuShare()))
                .endObject();
    }
}
