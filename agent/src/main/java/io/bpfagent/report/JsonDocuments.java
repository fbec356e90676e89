package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.slow.SlowLimits;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The documents that the control channel answers with and {@code attach-cli --format json} prints,
 * each on one line and beginning with {@code "schema":1}. Any thread; they read a snapshot and nothing
 * else.
 *
 * <p>All times are ns (sizes of objects: bytes). All 16 states and all losses are always there, zeros too.
 * {@code wallNs} at the top is the time that the numbers cover: since the agent began, or the last
 * interval. An empty histogram has count 0, sum 0, no buckets, and null for min, mean, max and the
 * percentiles. Numbers that are not finite are never printed.
 */
public final class JsonDocuments {
    /** Grows when a key changes its meaning or goes away, not when one is added. */
    public static final int SCHEMA = 1;

    private JsonDocuments() {
    }

    /** Every live thread and every pool with its time in each state, and what was counted of it. */
    public static String threads(Snapshot snapshot, List<Probe> probes, boolean interval) {
        List<CounterReport> counters = CounterReport.of(probes);
        return document(json -> {
            window(json, snapshot, interval);
            CounterDocument.writeReports(json, counters);
            json.name("threads").beginArray();
            for (ThreadUsage thread : snapshot.threads()) {
                thread(json, thread, counters);
            }
            json.endArray().name("pools").beginArray();
            for (PoolUsage pool : snapshot.pools()) {
                json.beginObject()
                        .name("pool").value(pool.pool())
                        .name("threads").value(pool.threads())
                        .name("ended").value(pool.ended());
                times(json, pool.times());
                counts(json, pool.counts());
                CounterDocument.write(json, counters, pool.counts());
                json.endObject();
            }
            losses(json.endArray(), snapshot.losses());
        });
    }

    /**
     * The selected histograms, one per metric or operation; or an {@link #error} document that names what exists
     * when something else was selected.
     *
     * @param kept the metrics of which there are histograms, in the order in which they are shown
     */
    public static String hist(Snapshot snapshot, HistogramSelection selection, List<Metric> kept,
            boolean interval) {
        HistogramSource source;
        try {
            source = new HistogramSource(snapshot, selection, kept);
        } catch (SelectionException e) {
            return error(e.getMessage());
        }
        return document(json -> {
            window(json, snapshot, interval);
            json.name("sharesPages").value(source.sharesPages()).name("histograms").beginArray();
            for (HistogramSource.Entry entry : source.entries()) {
                histogram(json, entry, selection);
            }
            losses(json.endArray(), snapshot.losses());
        });
    }

    /**
     * The selected pauses, oldest first, the number of the newest that is known, and why there can be none
     * where that is so.
     */
    public static String pauses(Snapshot snapshot, LatestSelection selection, List<Probe> probes) {
        return document(json -> {
            List<Pause> known = snapshot.pauses();
            json.name("pauses").beginArray();
            for (Pause pause : selection.of(known)) {
                PauseDocument.write(json, pause);
            }
            json.endArray()
                    .name("seen").value(known.isEmpty() ? 0 : known.get(known.size() - 1).number())
                    .name("reason").value(PauseDocument.reason(probes));
            losses(json, snapshot.losses());
        });
    }

    /**
     * The selected slow events, oldest first, the number of the newest that is known, and why there can be none where
     * that is so; or an {@link #error} document that names what exists when something else was selected.
     *
     * @param kept   the metrics of which there are histograms
     * @param limits from which length on there are slow events
     */
    public static String events(Snapshot snapshot, EventSelection selection, List<Metric> kept, SlowLimits limits,
            List<Probe> probes) {
        List<SlowEvent> known = snapshot.slow();
        List<SlowEvent> selected;
        String unlimited;
        try {
            EventSource source = new EventSource(snapshot, selection, kept);
            selected = source.of(known);
            unlimited = source.unlimited(limits);
        } catch (SelectionException e) {
            return error(e.getMessage());
        }
        String reason = EventDocument.reason(probes);
        return document(json -> {
            json.name("events").beginArray();
            for (SlowEvent event : selected) {
                EventDocument.write(json, event);
            }
            json.endArray()
                    .name("seen").value(known.isEmpty() ? 0 : known.get(known.size() - 1).number())
                    .name("reason").value(reason == null ? unlimited : reason);
            losses(json, snapshot.losses());
        });
    }

    /** What the block devices did, for this JVM and all others, and why nothing is known where that is so. */
    public static String disks(Snapshot snapshot, List<Probe> probes, boolean interval) {
        return document(json -> {
            window(json, snapshot, interval);
            json.name("disks").beginArray();
            for (DiskUsage disk : snapshot.disks()) {
                DiskDocument.write(json, disk);
            }
            json.endArray().name("reason").value(DiskDocument.reason(probes));
            losses(json, snapshot.losses());
        });
    }

    /** The probes that the user has named, those that cannot be had, and how many more there is room for. */
    public static String probes(List<UserProbeReport> probes, List<FailedProbe> failed, Snapshot latest) {
        return document(json -> {
            UserProbesDocument.write(json, probes, failed, latest);
            losses(json, latest == null ? Losses.NONE : latest.losses());
        });
    }

    /** With whom the JVM has TCP connections, and why nothing is known where that is so. */
    public static String remotes(Snapshot snapshot, List<Probe> probes, boolean interval) {
        return document(json -> {
            window(json, snapshot, interval);
            json.name("remotes").beginArray();
            for (RemoteUsage remote : snapshot.remotes()) {
                RemoteDocument.write(json, remote);
            }
            json.endArray().name("reason").value(RemoteDocument.reason(probes));
            losses(json, snapshot.losses());
        });
    }

    /** Where the time of requests, methods and statements went, and why nothing is known where that is so. */
    public static String contexts(Snapshot snapshot, boolean interval) {
        return document(json -> {
            window(json, snapshot, interval);
            ContextDocument.write(json, snapshot);
            losses(json, snapshot.losses());
        });
    }

    /** What the agent is doing, what it attached to, what it costs and what it lost. */
    public static String status(AgentView agent) {
        Snapshot latest = agent.latest();
        return document(json -> {
            json.name("version").value(agent.version())
                    .name("pid").value(agent.pid())
                    .name("state").value(agent.state().label())
                    .name("error").value(agent.error())
                    .name("sinceNs").value(agent.sinceNs())
                    .name("arguments").value(agent.arguments())
                    .name("jar").value(agent.jar())
                    .name("kernelMemoryBytes").value(agent.kernelMemoryBytes())
                    .name("probes").beginArray();
            for (Probe probe : agent.probes()) {
                json.beginObject()
                        .name("name").value(probe.name())
                        .name("status").value(probe.status())
                        .name("detail").value(probe.detail())
                        .name("runs").value(probe.runs())
                        .name("nsPerRun").value(HistogramDocument.decimal(probe.nsPerRun()))
                        .endObject();
            }
            json.endArray();
            CostDocument.write(json, agent.cost());
            losses(json, latest == null ? Losses.NONE : latest.losses());
        });
    }

    /** What each probe costs. */
    public static String probeCosts(AgentView agent) {
        Snapshot latest = agent.latest();
        Cost cost = agent.cost();
        return document(json -> {
            CostDocument.probes(json, cost);
            losses(json, latest == null ? Losses.NONE : latest.losses());
        });
    }

    /** The answer to set, when it counts. */
    public static String set(AgentView agent, String given) {
        return document(json -> json.name("set").value(given).name("arguments").value(agent.arguments()));
    }

    /** One line that says what is wrong. */
    public static String error(String message) {
        return document(json -> json.name("error").value(message));
    }

    /** Of arguments that somebody asks for, those that are otherwise in force. */
    public static String differing(List<String> differing) {
        return document(json -> {
            json.name("differing").beginArray();
            for (String one : differing) {
                json.value(one);
            }
            json.endArray();
        });
    }

    /** The answer to detach, when all is closed. */
    public static String detached() {
        return document(json -> json.name("detached").value(true));
    }

    /** The answer to who wants to hand programs over: where to. */
    public static String handOver(String socket) {
        return document(json -> json.name("socket").value(socket));
    }

    private static void window(JsonWriter json, Snapshot snapshot, boolean interval) throws IOException {
        json.name("interval").value(interval)
                .name("wallNs").value(snapshot.atNs() - snapshot.beganNs());
    }

    private static void thread(JsonWriter json, ThreadUsage thread, List<CounterReport> counters) throws IOException {
        json.beginObject()
                .name("tid").value(thread.tid())
                .name("hostTid").value(thread.hostTid())
                .name("javaId").value(thread.identity().javaId())
                .name("name").value(thread.identity().name())
                .name("pool").value(thread.pool())
                .name("kind").value(thread.identity().kind().label())
                .name("state").value(thread.state().metric())
                .name("wallNs").value(thread.wallNs());
        times(json, thread.times());
        counts(json, thread.counts());
        CounterDocument.write(json, counters, thread.counts());
        json.endObject();
    }

    private static void times(JsonWriter json, StateTimes times) throws IOException {
        json.name("timesNs").beginObject();
        for (ThreadState state : States.ALL) {
            json.name(state.metric()).value(times.timeNs(state));
        }
        json.endObject();
    }

    private static void counts(JsonWriter json, ThreadCounts counts) throws IOException {
        json.name("waitedNs").beginObject();
        for (Behind behind : Behind.ALL) {
            json.name(behind.label()).value(counts.waitedNs(behind));
        }
        json.endObject()
                .name("migrations").value(counts.migrations())
                .name("minorFaults").value(counts.minorFaults())
                .name("majorFaults").value(counts.majorFaults());
    }

    private static void losses(JsonWriter json, Losses losses) throws IOException {
        json.name("losses").beginObject();
        for (Loss loss : Loss.values()) {
            json.name(loss.key()).value(losses.get(loss));
        }
        json.endObject();
    }

    private static void histogram(JsonWriter json, HistogramSource.Entry entry, HistogramSelection selection)
            throws IOException {
        MetricUnit unit = MetricUnit.of(entry.metric());
        json.beginObject()
                .name("metric").value(entry.metric().metric())
                .name("pool").value(selection.pool())
                .name("thread").value(selection.thread())
                .name("operation").value(entry.operation())
                .name("unit").value(unit.name());
        if (selection.context() != null) {
            json.name("context").value(selection.context());
        }
        if (entry.metric() instanceof UserMetric user && user.atMs() != 0) {
            json.name("atMs").value(user.atMs());
        }
        HistogramDocument.numbers(json, unit, entry.distribution());
        json.endObject();
    }

    /** Writes the keys of a document. */
    @FunctionalInterface
    private interface Body {
        void write(JsonWriter json) throws IOException;
    }

    private static String document(Body body) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("schema").value(SCHEMA);
            body.write(json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter throws none
        }
        return text.toString();
    }
}
