package io.bpfagent.report;

import com.google.gson.stream.JsonWriter;
import io.bpfagent.correlation.RemoteUsage;
import java.io.IOException;
import java.util.List;

/** With whom there are connections, in JSON. */
final class RemoteDocument {
    private static final String PROGRAM = "inet_sock_set_state";

    private RemoteDocument() {
    }

    static void write(JsonWriter json, RemoteUsage remote) throws IOException {
        json.beginObject()
                .name("direction").value(direction(remote))
                .name("address").value(remote.address())
                .name("port").value(remote.port())
                .name("open").value(remote.open())
                .name("begun").value(remote.begun())
                .name("found").value(remote.found())
                .name("closed").value(remote.closed())
                .name("failed").value(remote.failed())
                .name("retransmits").value(remote.retransmits())
                .name("resetsReceived").value(remote.resetsReceived())
                .name("resetsSent").value(remote.resetsSent())
                .name("bytesSent").value(remote.bytesSent())
                .name("bytesReceived").value(remote.bytesReceived())
                .name("rtt").beginObject()
                .name("count").value(remote.rtt().count())
                .name("sumNs").value(remote.rtt().sumNs())
                .name("minNs").value(remote.rtt().minNs())
                .name("maxNs").value(remote.rtt().maxNs())
                .name("lastNs").value(remote.rtt().lastNs())
                .endObject()
                .name("life").beginObject()
                .name("count").value(remote.life().count())
                .name("sumNs").value(remote.life().sumNs())
                .name("maxNs").value(remote.life().maxNs())
                .endObject()
                .name("forgotten").value(remote.forgotten())
                .endObject();
    }

    /** Why no connection is known, or null where they are looked at. */
    static String reason(List<Probe> probes) {
        for (Probe probe : probes) {
            boolean sees = probe.name().equals(PROGRAM) || probe.name().equals("latencies");
            if (sees) {
                return probe.status().equals(Probe.ATTACHED) ? null : probe.detail();
            }
        }
        return "no tcp_ metric is kept: metrics=all keeps them";
    }

    /** Who has opened the connections. */
    static String direction(RemoteUsage remote) {
        return remote.incoming() ? "incoming" : "outgoing";
    }
}
