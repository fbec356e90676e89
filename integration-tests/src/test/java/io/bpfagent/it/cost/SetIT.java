package io.bpfagent.it.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is changed while the agent is there counts from then on, and what cannot be changed leaves all as it was. */
class SetIT {
    private static final int TIMES = 23;
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private static HostJvm host(Jdk jdk, String arguments) {
        HostJvm host = SceneHost.command(jdk).environment("RES_OPTIONS", "timeout:1 attempts:1")
                .agent(SceneHost.INTERVAL + arguments).start();
        try {
            host.awaitLine("ready");
            host.await("on");
            return host;
        } catch (RuntimeException | Error e) {
            host.close();
            throw e;
        }
    }

    private void playCalls(HostJvm host) throws IOException {
        SceneHost.play(host, "calls " + TIMES + " " + Files.createTempDirectory(directory, "calls"));
        host.freshReport();
    }

    private static long opens(HostJvm host) {
        return host.histogramOfPool("file_open", "exact finder").count();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aMetricOnRequestComesAndGoes(Jdk jdk) {
        try (HostJvm host = host(jdk, "")) {
            assertFalse(CostHost.isOn(host, "park"));
            SceneHost.play(host, "parks 3");
            CostHost.mustSet(host, "metrics=all+park");
            SceneHost.play(host, "parks " + TIMES);
            host.freshReport();
            // The JVM's own and other threads of the scene may park beside.
            long parks = host.histogram("park").count();
            assertTrue(parks >= TIMES && parks <= 3 * TIMES, "parks " + parks);
            CostHost.mustSet(host, "metrics=all");
            host.freshReport();
            assertTrue(host.control().ask(histogramOf("park")).has("error"));
            CostHost.mustSet(host, "metrics=all+park");
            host.freshReport();
            long before = host.histogram("park").count();
            CostHost.mustSet(host, "metrics=all");
            SceneHost.play(host, "parks " + TIMES);
            CostHost.mustSet(host, "metrics=all+park");
            host.freshReport();
            long after = host.histogram("park").count();
            assertTrue(after - before < TIMES, "counted while it was off: " + (after - before));
        }
    }

    private static JsonObject histogramOf(String metric) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", metric);
        return request;
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatIsTurnedOffCountsNothingAndAgainExactlyWhenItIsOn(Jdk jdk) throws IOException {
        // Slow events have a link that comes and goes, too.
        try (HostJvm host = host(jdk, ",slow=off,probe=lookups:uprobe:libc.so.6:getaddrinfo")) {
            playCalls(host);
            assertEquals(TIMES, opens(host));
            OurBpf with = OurBpf.heldBy(host.pid());
            CostHost.mustSet(host, "probe.opens=off,probe.calls=off,probe.lookups=off,probe.disks=off,probe.tcp=off,"
                    + "probe.reclaim=off");
            assertTrue(OurBpf.heldBy(host.pid()).links().size() < with.links().size(), "its links are let go");
            playCalls(host);
            assertEquals(TIMES, opens(host));
            assertEquals(TIMES, host.histogramOfPool("lookups", "exact looker").count());
            assertEquals("turned off with set", CostHost.probe(host, "calls").get("why").getAsString());
            CostHost.mustSet(host, "probe.opens=on,probe.calls=on,probe.lookups=on,probe.disks=on,probe.tcp=on,"
                    + "probe.reclaim=on");
            playCalls(host);
            assertEquals(2 * TIMES, opens(host));
            assertEquals(2 * TIMES, host.histogramOfPool("lookups", "exact looker").count());
            JsonObject lookups = host.probes().getAsJsonArray("probes").get(0).getAsJsonObject();
            assertTrue(lookups.get("hits").getAsLong() >= 2 * 2 * TIMES, "a begin and an end each: " + lookups);
            assertEquals(2 * TIMES, host.histogramOfPool("tcp_connect", "exact connector").count());
            assertEquals(with.links().size(), OurBpf.heldBy(host.pid()).links().size());
            CostHost.mustSet(host, "probe.lookups=off");
            assertFalse(host.removeProbe("lookups").has("error"));
            assertFalse(host.addProbe("lookups", "uprobe:libc.so.6:getaddrinfo").has("error"));
            playCalls(host);
            assertEquals(TIMES, host.histogramOfPool("lookups", "exact looker").count());
            host.detach();
            with.awaitGone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void argumentsCountFromThenOnOrNotAtAll(Jdk jdk) {
        try (HostJvm host = host(jdk, ",slow=1s")) {
            CostHost.mustSet(host, "interval=2s,pause-threshold=5ms,slow=20ms,slow.blocked_sleep=30ms,max-cost=7.5%");
            String now = host.status().get("arguments").getAsString();
            assertTrue(now.startsWith("interval=2s,threads="), now);
            assertTrue(now.contains(",pause-threshold=5ms,") && now.contains(",slow=20ms,slow.blocked_sleep=30ms,")
                    && now.endsWith(",max-cost=7.5%"), now);
            CostHost.mustSet(host, "interval=100ms");
            SceneHost.play(host, "parks 2");
            CostHost.mustSet(host, "slow.blocked_park=30ms");
            SceneHost.play(host, "parks 4");
            Await.until(SOON, () -> "slow parks: " + host.freshEvents().json(), () -> slowParks(host) == 4);
            for (String refused : List.of("interval=5", "threads=100", "interval=1s,metrics=all+file_read",
                    "probe.none=on",
                    "slow=2s,max-cost=5", "x", "")) {
                String before = host.status().get("arguments").getAsString();
                JsonObject answer = CostHost.set(host, refused);
                assertTrue(answer.has("error") && answer.get("error").getAsString().startsWith("Bad argument: "),
                        refused + ": " + answer);
                assertEquals(before, host.status().get("arguments").getAsString(), refused);
            }
        }
    }

    private static long slowParks(HostJvm host) {
        return host.freshEvents().of("event parker", "blocked_park").size();
    }
}
