package io.bpfagent.it.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A probe that is hit as often as can be is turned off, and comes back when the user wants it. */
class MaxCostIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LINE = "bpf-agent: Cost over max-cost: ";

    private static List<String> told(HostJvm host) {
        return host.stderr().stream().filter(line -> line.startsWith("bpf-agent: ")).toList();
    }

    private static void awaitOff(HostJvm host) {
        Await.until(PATIENCE, () -> "park off: " + CostHost.probe(host, "park") + CostHost.cost(host) + "\n"
                + host.report(), () -> !CostHost.isOn(host, "park"));
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFloodOfParksIsTurnedOffAndSaid(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, "interval=500ms,metrics=all+park,max-cost=1%")) {
            host.send("park-flood");
            Await.until(PATIENCE, () -> "parks " + host.histogram("park"),
                    () -> host.histogram("park").count() > 1_000);
            // Not at once: the first bill, after a second, has it.
            Await.until(PATIENCE, () -> "park on: " + CostHost.probe(host, "park"), () -> CostHost.isOn(host, "park"));
            awaitOff(host);
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
}
