package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.ThreadState;
import java.io.IOException;
import java.util.List;

/**
 * What is particular to the {@code pauses} document. All 14 reasons to be blocked and all 16 states are always there.
 */
final class PauseDocument {
    /** Without both of them no pause is seen to begin and to end. */
    private static final List<String> PROBES = List.of("safepoint__begin", "safepoint__end");
    /** The program that serves them; where it could not be attached it knows why. */
    private static final String PROGRAM = "hotspot_probe";

    private PauseDocument() {
    }

    /** Why there can be no pauses, one line, or null. */
    static String reason(List<Probe> probes) {
        for (String name : PROBES) {
            Probe probe = named(name, probes);
            if (probe == null || !probe.status().equals(Probe.ATTACHED)) {
                Probe program = named(PROGRAM, probes);
                boolean failed = program != null && program.status().equals(Probe.FAILED);
                if (probe != null && probe.status().equals(Probe.FAILED) && !failed) {
                    return name + " failed: " + probe.detail();
                }
                Probe cause = failed ? program : probe;
                return name + " is not attached" + (cause == null ? "" : ": " + cause.detail());
            }
        }
        return null;
    }

    private static Probe named(String name, List<Probe> probes) {
        for (Probe probe : probes) {
            if (probe.name().equals(name)) {
                return probe;
            }
        }
        return null;
    }

    static void write(JsonWriter json, Pause pause) throws IOException {
        json.beginObject()
                .name("number").value(pause.number())
                .name("atMs").value(pause.atMs())
                .name("operation").value(pause.operation())
                .name("gc").value(pause.gc())
                .name("totalNs").value(pause.totalNs())
                .name("timeToSafepointNs").value(pause.timeToSafepointNs())
                .name("incomplete").value(pause.incomplete())
                .name("partsNs");
        parts(json, pause.parts());
        json.name("threads").beginArray();
        for (PauseThread thread : pause.threads()) {
            thread(json, thread);
        }
        json.endArray().endObject();
    }

    private static void parts(JsonWriter json, PauseParts parts) throws IOException {
        json.beginObject()
                .name("reaching").value(parts.reachingNs())
                .name("working").value(parts.workingNs())
                .name("no_cpu").value(parts.noCpuNs());
        for (ThreadState state : States.BLOCKED) {
            json.name(state.metric()).value(parts.vmBlocked().timeNs(state));
        }
        json.endObject();
    }

    private static void thread(JsonWriter json, PauseThread thread) throws IOException {
        json.beginObject()
                .name("tid").value(thread.tid())
                .name("name").value(thread.name())
                .name("role").value(thread.role().label())
                .name("timesNs").beginObject();
        for (ThreadState state : States.ALL) {
            json.name(state.metric()).value(thread.times().timeNs(state));
        }
        json.endObject()
                .name("minorFaults").value(thread.minorFaults())
                .name("majorFaults").value(thread.majorFaults())
                .name("occupants").beginArray();
        for (Occupant occupant : thread.occupants()) {
            json.beginObject()
                    .name("kind").value(Labels.of(occupant.kind()))
                    .name("who").value(occupant.who())
                    .name("ns").value(occupant.ns())
                    .endObject();
        }
        json.endArray().endObject();
    }
}
