package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The numbers of a histogram in JSON. */
final class HistogramDocument {
    private HistogramDocument() {
    }

    /** Adds count, sum, what is null where there are no values, and the buckets to an object that is open. */
    static void numbers(JsonWriter json, MetricUnit unit, Distribution distribution) throws IOException {
        Summary summary = unit.summary(distribution);
        boolean empty = summary.isEmpty() || !unit.hasValues();
        json.name("count").value(summary.count())
                .name("sum").value(summary.sum())
                .name("min").value(empty ? null : summary.min())
                .name("mean").value(empty ? null : decimal(summary.mean()))
                .name("max").value(empty ? null : summary.max())
                .name("p50").value(empty ? null : summary.p50())
                .name("p90").value(empty ? null : summary.p90())
                .name("p99").value(empty ? null : summary.p99())
                .name("p999").value(empty ? null : summary.p999())
                .name("buckets").beginArray();
        unit.forEachBucket(distribution, (upTo, count) -> {
            try {
                json.beginArray().value(upTo).value(count).endArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        json.endArray();
    }

    /** With one decimal and never with an exponent, which not every reader takes; null if not finite. */
    static BigDecimal decimal(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP) : null;
    }
}
