package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.ThreadCounts;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Writes what counters have counted into {@code threads}; nothing where none was asked for. Any thread. */
final class CounterDocument {
    private CounterDocument() {
    }

    /** Which were asked for, and what became of them. */
    static void writeReports(JsonWriter json, List<CounterReport> reports) throws IOException {
        if (reports.isEmpty()) {
            return;
        }
        json.name("counters").beginArray();
        for (CounterReport report : reports) {
            json.beginObject()
                    .name("counter").value(report.counter().label())
                    .name("status").value(report.status())
                    .name("detail").value(report.detail())
                    .endObject();
        }
        json.endArray();
    }

    /** Those that count, of a thread or pool, and what follows of them. */
    static void write(JsonWriter json, List<CounterReport> reports, ThreadCounts counts) throws IOException {
        if (reports.isEmpty()) {
            return;
        }
        json.name("counters").beginObject();
        for (CounterReport report : reports) {
            if (report.counts()) {
                long count = counts.counted(report.counter());
                json.name(report.counter().label()).beginObject()
                        .name("count").value(count == ThreadCounts.UNKNOWN ? null : (Long) count)
                        .name("counted").value(decimal(counts.countedShare(report.counter())))
                        .endObject();
            }
        }
        json.endObject()
                .name("instructionsPerCycle")
                .value(decimal(CounterReport.ratio(reports, counts, Counter.INSTRUCTIONS, Counter.CYCLES)))
                .name("cacheMissShare")
                .value(decimal(CounterReport.ratio(reports, counts, Counter.CACHE_MISSES, Counter.CACHE_REFERENCES)));
    }

    /** With three decimals and without an exponent; null where it is not known. */
    private static BigDecimal decimal(double value) {
        return value < 0 ? null : BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }
}
