package io.bpfagent.report;

import static io.bpfagent.report.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.bpfagent.correlation.EventUsage;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.Snapshot;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document {@code remotes}, beside its golden files; -DwriteGolden=DIR writes what there would be. */
class RemoteDocumentTest {
    private static final List<Probe> ATTACHED = List.of(
            new Probe("sched_switch", Probe.ATTACHED, "", 0, 0),
            new Probe("inet_sock_set_state", Probe.ATTACHED, "", 0, 0));
    private static final RemoteUsage.Life NONE = new RemoteUsage.Life(0, 0, 0);

    /** A database, a service that refuses, a client, and clients for whom there was no place. */
    static List<RemoteUsage> remotes() {
        return List.of(
                new RemoteUsage("10.0.0.7", 5432, false, 10, 3, 8, 1, 0, 4, 0, 1, 1_234_567, 98_765_432,
                        new RemoteUsage.Rtt(60, 30_000_000, 250_000, 2_000_000, 480_000),
                        new RemoteUsage.Life(1, 4_000_000_000L, 4_000_000_000L)),
                new RemoteUsage("2001:db8::1", 443, false, 0, 0, 0, 0, 23, 0, 23, 0, 0, 0,
                        new RemoteUsage.Rtt(0, 0, 0, 0, 0), NONE),
                new RemoteUsage("192.168.1.20", 0, true, 2, 40, 0, 38, 0, 0, 1, 0, 4_000, 2_000,
                        new RemoteUsage.Rtt(41, 4_100_000, 90_000, 300_000, 100_000),
                        new RemoteUsage.Life(38, 380_000_000, 20_000_000)),
                new RemoteUsage(null, 0, true, 0, 7, 0, 7, 0, 0, 0, 0, 700, 70, new RemoteUsage.Rtt(7, 70_000, 9_000,
                        11_000, 10_000), new RemoteUsage.Life(7, 7_000_000, 1_500_000), 3));
    }

    static Snapshot snapshot(List<RemoteUsage> remotes) {
        return new Snapshot(15_000_000_000L, 10_000_000_000L, List.of(), List.of(), EventUsage.NONE, List.of(),
                List.of(),
                List.of(), remotes, Losses.NONE);
    }

    @Test
    void remotesOfAllKinds() throws IOException {
        Snapshot snapshot = snapshot(remotes()).plus(Loss.REMOTES_OVER_LIMIT, 7);
        assertGolden("remotes.json", JsonDocuments.remotes(snapshot, ATTACHED, false));
    }

    /** What is open is no sum; what has not changed is still there. */
    @Test
    void remotesOfAnInterval() {
        RemoteUsage before = remotes().get(0);
        RemoteUsage now = new RemoteUsage("10.0.0.7", 5432, false, 7, 5, 8, 6, 1, 9, 2, 1, 2_000_000, 98_765_433,
                new RemoteUsage.Rtt(64, 32_000_000, 240_000, 2_000_000, 500_000),
                new RemoteUsage.Life(2, 4_500_000_000L, 4_000_000_000L));
        RemoteUsage added = new RemoteUsage("10.0.0.7", 5433, false, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2,
                new RemoteUsage.Rtt(0, 0, 0, 0, 0), NONE);
        Snapshot interval = snapshot(List.of(now, added,
                remotes().get(3))).minus(snapshot(List.of(before, remotes().get(3))));
        JsonArray remotes = JsonParser.parseString(JsonDocuments.remotes(interval, ATTACHED, true)).getAsJsonObject()
                .getAsJsonArray("remotes");
        assertEquals("{\"direction\":\"outgoing\",\"address\":\"10.0.0.7\",\"port\":5432,\"open\":7,\"begun\":2,"
                + "\"found\":0,\"closed\":5,\"failed\":1,\"retransmits\":5,\"resetsReceived\":2,\"resetsSent\":0,"
                + "\"bytesSent\":765433,\"bytesReceived\":1,\"rtt\":{\"count\":4,\"sumNs\":2000000,\"minNs\":240000,"
                + "\"maxNs\":2000000,\"lastNs\":500000},\"life\":{\"count\":1,\"sumNs\":500000000,"
                + "\"maxNs\":4000000000},\"forgotten\":0}", remotes.get(0).toString());
        assertEquals(1, remotes.get(1).getAsJsonObject().get("begun").getAsLong());
        assertEquals(0, remotes.get(2).getAsJsonObject().get("begun").getAsLong());
    }

    @Test
    void saysWhyThereAreNone() {
        assertNull(RemoteDocument.reason(ATTACHED));
        assertEquals("no tcp_ metric is kept: metrics=all keeps them", RemoteDocument.reason(List.of()));
        assertEquals("Cannot attach a probe: no.", RemoteDocument.reason(List.of(
                new Probe("inet_sock_set_state", Probe.FAILED, "Cannot attach a probe: no.", 0, 0))));
        assertEquals("Cannot load latencies: EPERM.", RemoteDocument.reason(List.of(
                new Probe("latencies", Probe.FAILED, "Cannot load latencies: EPERM.", 0, 0))));
    }
}
