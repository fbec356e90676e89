package io.bpfagent.it.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A probe that is hit too often is turned off, and comes back when the user wants it. */
class MaxCostIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LINE = "bpf-agent: Cost over max-cost: ";

    private static List<String> told(HostJvm host) {
        return host.stderr().stream().filter(line -> line.startsWith("bpf-agent: ")).toList();
    }

    private static void awaitOff(HostJvm host, String probe) {
        Await.until(PATIENCE, () -> probe + " off: " + CostHost.probe(host, probe) + CostHost.cost(host) + "\n"
                + host.report(), () -> isOff(CostHost.probe(host, probe)));
    }

    /** Not before the first bill, which says nothing of any probe. */
    private static boolean isOff(JsonObject probe) {
        return probe.has("on") && !probe.get("on").getAsBoolean();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFloodOfParksIsTurnedOffAndSaid(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "interval=500ms,metrics=all+park,max-cost=1%")) {
            host.send("park-flood");
            Await.until(PATIENCE, () -> "parks " + host.histogram("park"),
                    () -> host.histogram("park").count() > 1_000);
            awaitOff(host, "park");
            String why = CostHost.probe(host, "park").get("why").getAsString();
            assertTrue(why.startsWith("max-cost=1%: took "), why);
            assertEquals(1, told(host).size(), host.report());
            assertTrue(told(host).get(0).startsWith(LINE) && told(host).get(0).contains(" turned off park, "),
                    host.report());
            assertTrue(CostHost.cost(host).get("note").getAsString().contains("turned off park"));
            // All else goes on, and parks are counted no more.
            host.freshReport();
            long parks = host.histogram("park").count();
            Report report = host.freshReport();
            assertEquals(parks, host.histogram("park").count());
            assertTrue(report.thread("park flooder").timeNs("running") > 0);
            assertTrue(CostHost.isOn(host, "calls") && CostHost.isOn(host, "sched_switch"));

            CostHost.mustSet(host, "max-cost=off,probe.park=on");
            Await.until(PATIENCE, () -> "more parks than " + parks, () -> host.histogram("park").count() > parks
                    + 1_000);
            assertEquals(1, told(host).size(), host.report());
        }
    }

    /** Thousands of files a second, of a JVM that keeps a CPU busy: less than max-cost, and more than nothing. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void manyOpensThatNobodyAskedForAreTurnedOffAndSaid(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "interval=500ms")) {
            host.send("open-flood");
            awaitOff(host, "opens");
            String why = CostHost.probe(host, "opens").get("why").getAsString();
            assertTrue(why.startsWith("not asked for: took "), why);
            assertEquals(1, told(host).size(), host.report());
            assertTrue(told(host).get(0).startsWith("bpf-agent: Probe turned off: ")
                    && told(host).get(0).contains(" asked for opens, "), host.report());
            host.freshReport();
            long opens = host.histogram("file_open").count();
            assertTrue(opens > 1_000, "opens before: " + opens);
            host.freshReport();
            assertEquals(opens, host.histogram("file_open").count());
            for (String other : List.of("calls", "disks", "tcp", "sched_switch")) {
                assertTrue(CostHost.isOn(host, other), other);
            }
            CostHost.mustSet(host, "probe.opens=on");
            Await.until(PATIENCE, () -> "more opens than " + opens,
                    () -> host.histogram("file_open").count() > opens + 1_000);
            assertEquals(1, told(host).size(), host.report());
        }
    }
}
