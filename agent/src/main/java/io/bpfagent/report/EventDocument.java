package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.natives.Errno;
import java.io.IOException;
import java.util.List;

/** What is particular to the {@code events} document. Of what an event waited on, only what is known is there. */
final class EventDocument {
    /** The line of the status that says whether slow events are sent. */
    private static final String PROBE = "slow_events";

    private EventDocument() {
    }

    /** Why there can be no slow events, one line, or null. */
    static String reason(List<Probe> probes) {
        for (Probe probe : probes) {
            if (probe.name().equals(PROBE) && !probe.status().equals(Probe.ATTACHED)) {
                return probe.detail();
            }
        }
        return null;
    }

    static void write(JsonWriter json, SlowEvent event) throws IOException {
        json.beginObject()
                .name("number").value(event.number())
                .name("atMs").value(event.atMs())
                .name("metric").value(event.metric().metric())
                .name("durationNs").value(event.durationNs())
                .name("thread").beginObject()
                .name("tid").value(event.tid())
                .name("hostTid").value(event.hostTid())
                .name("javaId").value(event.thread().javaId())
                .name("name").value(event.thread().name())
                .name("pool").value(event.pool());
        if (event.virtual() != null) {
            json.name("virtual").beginObject()
                    .name("id").value(event.virtual().id())
                    .name("name").value(event.virtual().name())
                    .endObject();
        }
        json.endObject().name("cpu").value(event.cpu());
        on(json, event.on());
        if (event.actor() != null) {
            actor(json.name(event.metric() == ThreadState.RUNNABLE ? "behind" : "wokenBy"), event.actor());
        }
        json.name("stack").beginArray();
        for (String frame : event.stack()) {
            json.value(frame);
        }
        json.endArray();
        known(json, "context", ContextDocument.path(event.context()));
        if (event.span() != null) {
            json.name("trace").beginObject()
                    .name("traceId").value(event.span().trace())
                    .name("spanId").value(event.span().span())
                    .endObject();
        }
        json.endObject();
    }

    private static void on(JsonWriter json, WaitedOn on) throws IOException {
        json.name("on").beginObject();
        known(json, "syscall", on.syscall());
        known(json, "path", on.path());
        known(json, "address", on.address());
        known(json, "host", on.host());
        known(json, "device", on.device());
        if (on.device() != null) {
            json.name("sector").value(on.sector()).name("bytes").value(on.bytes());
        }
        known(json, "futex", futex(on));
        known(json, "errno", errno(on));
        json.endObject();
    }

    private static void known(JsonWriter json, String key, String value) throws IOException {
        if (value != null) {
            json.name(key).value(value);
        }
    }

    private static void actor(JsonWriter json, Actor actor) throws IOException {
        json.beginObject()
                .name("who").value(Labels.of(actor.kind()))
                .name("id").value(actor.id())
                .name("name").value(actor.name())
                .endObject();
    }

    /** The address of the futex, for example {@code 0x7f31c8000b60}; null where there was none. */
    static String futex(WaitedOn on) {
        return on.futex() == 0 ? null : "0x" + Long.toHexString(on.futex());
    }

    /** The name of the error, for example {@code ENOENT}; null where there was none. */
    static String errno(WaitedOn on) {
        return on.errno() == 0 ? null : Errno.name(on.errno());
    }
}
