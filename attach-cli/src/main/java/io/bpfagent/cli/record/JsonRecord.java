package io.bpfagent.cli.record;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One JSON document per line: {@code begin}, one for each interval, {@code end}. Other than in the agent's answers what
 * is 0 or null is left out, for most of it is.
 */
final class JsonRecord implements RecordForm {

    private static final String VERSION = version();

    private static String version() {
        String version = JsonRecord.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    @Override
    public String begin(RecordedJvm jvm) {
        return line("begin", json -> {
            json.name("atMs").value(jvm.atMs())
                .name("attachCli").value(VERSION)
                .name("pid").value(jvm.pid())
                .name("name").value(jvm.name())
                .name("intervalNs").value(jvm.intervalNs())
                .name("machine").beginObject()
                .name("kernel").value(jvm.machine().kernel())
                .name("cpus").value(jvm.machine().cpus())
                .name("jdk").value(jvm.machine().jdk())
                .endObject()
                .name("status").jsonValue(jvm.status());
        });
    }

    @Override
    public String interval(RecordedInterval interval) {
        return line("interval", json -> {
            json.name("number").value(interval.number())
                .name("fromMs").value(interval.fromMs())
                .name("toMs").value(interval.toMs())
                .name("wallNs").value(interval.threads().wallNs())
                .name("threads").beginArray();
            for (ThreadsDocument.Entry thread : interval.threads().threads()) {
                thread(json, thread);
            }
            json.endArray().name("pools").beginArray();
            for (ThreadsDocument.Pool pool : interval.threads().pools()) {
                pool(json, pool);
            }
            json.endArray().name("histograms").beginArray();
            for (HistogramsDocument.Entry histogram : interval.histograms()) {
                histogram(json, histogram);
            }
            json.endArray()
                .name("pauses").jsonValue(interval.pauses().toString())
                .name("missingPauses").value(interval.missingPauses())
                .name("events").jsonValue(interval.events().toString())
                .name("missingEvents").value(interval.missingEvents())
                .name("disks").jsonValue(interval.disks().toString())
                .name("remotes").jsonValue(interval.remotes().toString());
            contexts(json, interval.contexts());
            if (interval.cost() != null) {
                json.name("cost").jsonValue(interval.cost().toString());
            }
            counts(json, "losses", interval.threads().losses());
        });
    }

    @Override
    public String end(long atMs, String reason, long intervals, Map<String, Long> losses) {
        return line("end", json -> {
            json.name("atMs").value(atMs).name("reason").value(reason).name("intervals").value(intervals);
            counts(json, "losses", losses);
        });
    }

    private static void thread(JsonWriter json, ThreadsDocument.Entry thread) throws IOException {
        json.beginObject()
            .name("tid").value(thread.tid())
            .name("javaId").value(thread.javaId())
            .name("name").value(thread.name())
            .name("pool").value(thread.pool())
            .name("kind").value(thread.kind())
            .name("state").value(thread.state());
        usage(json, thread.timesNs(), thread.waitedNs(), thread.migrations(), thread.minorFaults(),
            thread.majorFaults(), thread.counters());
    }

    private static void pool(JsonWriter json, ThreadsDocument.Pool pool) throws IOException {
        json.beginObject()
            .name("pool").value(pool.pool())
            .name("threads").value(pool.threads());
        count(json, "ended", pool.ended());
        usage(json, pool.timesNs(), pool.waitedNs(), pool.migrations(), pool.minorFaults(), pool.majorFaults(),
            pool.counters());
    }

    private static void usage(JsonWriter json, Map<String, Long> timesNs, Map<String, Long> waitedNs, long migrations,
        long minorFaults, long majorFaults, Map<String, ThreadsDocument.Count> counters) throws IOException {
        counts(json, "timesNs", timesNs);
        counts(json, "waitedNs", waitedNs);
        count(json, "migrations", migrations);
        count(json, "minorFaults", minorFaults);
        count(json, "majorFaults", majorFaults);
        if (counters != null) {
            json.name("counters").jsonValue(Documents.write(counters));
        }
        json.endObject();
    }

    private static void histogram(JsonWriter json, HistogramsDocument.Entry histogram) throws IOException {
        json.beginObject().name("metric").value(histogram.metric());
        if (histogram.pool() != null) {
            json.name("pool").value(histogram.pool());
        }
        if (histogram.operation() != null) {
            json.name("operation").value(histogram.operation());
        }
        json.name("unit").value(histogram.unit())
            .name("count").value(histogram.count())
            .name("sum").value(histogram.sum());
        if (histogram.max() != null) {
            json.name("max").value(histogram.max());
        }
        json.name("buckets").beginArray();
        for (long[] bucket : histogram.buckets()) {
            json.beginArray().value(bucket[0]).value(bucket[1]).endArray();
        }
        json.endArray().endObject();
    }

    /** Those that were entered or had time; nothing at all where none are kept. */
    private static void contexts(JsonWriter json, ContextsDocument contexts) throws IOException {
        if (contexts.contexts().isEmpty()) {
            return;
        }
        json.name("contexts").beginArray();
        for (ContextsDocument.Context context : contexts.contexts()) {
            if (context.isUsed()) {
                json.beginObject().name("name").value(context.name()).name("kind").value(context.kind());
                count(json, "count", context.count());
                count(json, "wallNs", context.wallNs());
                counts(json, "inclusive", context.inclusive());
                exclusive(json, context);
                json.endObject();
            }
        }
        json.endArray();
        counts(json, "outsideNs", contexts.outsideNs());
    }

    private static void exclusive(JsonWriter json, ContextsDocument.Context context) throws IOException {
        json.name("exclusive").beginObject();
        for (Map.Entry<String, ContextsDocument.Stays> state : context.exclusive().entrySet()) {
            ContextsDocument.Stays stays = state.getValue();
            if (stays.ns() != 0 || stays.count() != 0) {
                json.name(state.getKey()).beginObject().name("ns").value(stays.ns());
                count(json, "count", stays.count());
                json.endObject();
            }
        }
        json.endObject();
    }

    private static void counts(JsonWriter json, String name, Map<String, Long> counts) throws IOException {
        json.name(name).beginObject();
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            if (entry.getValue() != null) {
                count(json, entry.getKey(), entry.getValue());
            }
        }
        json.endObject();
    }

    private static void count(JsonWriter json, String name, long count) throws IOException {
        if (count != 0) {
            json.name(name).value(count);
        }
    }

    /** Writes the keys of a line. */
    @FunctionalInterface
    private interface Body {
        void write(JsonWriter json) throws IOException;
    }

    private static String line(String record, Body body) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("schema").value(Documents.SCHEMA).name("record").value(record);
            body.write(json);
            json.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // a StringWriter throws none
        }
        return text.append('\n').toString();
    }

    /** A part of an agent's document that has a document's form. */
    static JsonObject parsed(String answer) {
        return JsonParser.parseString(answer).getAsJsonObject();
    }
}
