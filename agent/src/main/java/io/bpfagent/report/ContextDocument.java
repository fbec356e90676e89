package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.ContextsReading;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadState;
import java.io.IOException;
import java.util.List;

/** Where the time of requests, methods and statements went, in JSON. */
final class ContextDocument {
    /** Between the names of contexts of which the one is inside the other. */
    private static final String INSIDE = " > ";

    private ContextDocument() {
    }

    /** All of them, and the time of all threads outside of any. */
    static void write(JsonWriter json, Snapshot snapshot) throws IOException {
        ContextsReading reading = snapshot.contexts();
        json.name("contexts").beginArray();
        for (ContextReport context : reading.contexts()) {
            write(json, context);
        }
        json.endArray();
        times(json.name("outsideNs"), snapshot.totalTimes().minus(reading.total()));
        json.name("reason").value(reason(reading));
    }

    private static void write(JsonWriter json, ContextReport context) throws IOException {
        json.beginObject()
                .name("name").value(context.name())
                .name("kind").value(context.kind().key())
                .name("count").value(context.entered())
                .name("wallNs").value(context.inclusive().wallNs());
        times(json.name("inclusive"), context.inclusive());
        json.name("exclusive").beginObject();
        StateTimes exclusive = context.exclusive();
        for (ThreadState state : States.ALL) {
            json.name(state.metric()).beginObject()
                    .name("ns").value(exclusive.timeNs(state))
                    .name("count").value(exclusive.count(state))
                    .name("maxNs").value(exclusive.maxNs(state))
                    .endObject();
        }
        json.endObject().endObject();
    }

    private static void times(JsonWriter json, StateTimes times) throws IOException {
        json.beginObject();
        for (ThreadState state : States.ALL) {
            json.name(state.metric()).value(times.timeNs(state));
        }
        json.endObject();
    }

    /** Why there can be none, one line, or null. */
    static String reason(ContextsReading reading) {
        return reading.areOn() ? null : "the agent was not told to count contexts: attach it with requests=true,"
                + " trace=CLASS.METHOD or contexts=on";
    }

    /** The names of those that a thread was in, outermost first, as one text; null where it was in none. */
    static String path(List<String> names) {
        return names.isEmpty() ? null : String.join(INSIDE, names);
    }
}
