package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.workload.Errand;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli probe}, and probes that cannot be had: one line says why, and nothing changes. */
class UserProbeCommandIT {
    private static final String REFUSED = "The agent refused the request";
    private static final int MOST = 7;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void addsListsAndRemoves(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            assertEquals("added lookups; see it with: attach-cli hist " + host.pid() + " --metric lookups",
                    Cli.run("probe", host.pid(), "add", "lookups", "uprobe:libc.so.6:getaddrinfo",
                    "arg1!=0").assertDone());
            Cli list = Cli.run("probe", host.pid(), "list");
            assertTrue(list.stdout().get(0).contains("1 probe of your own, room for 6 more"), list.toString());
            assertTrue(list.stdout().stream().anyMatch(line -> line.startsWith(
                    "    uprobe:libc.so.6:getaddrinfo arg1!=0 (uprobe_multi, 2 sites) since ")), list.toString());
            Cli hist = Cli.run("hist", host.pid(), "--metric", "lookups");
            assertTrue(hist.stdout().contains("lookups: count 0"), hist.toString());
            assertTrue(hist.stdout().stream().anyMatch(line -> line.startsWith("lookups counts since ")),
                    hist.toString());
            assertEquals("removed lookups", Cli.run("probe", host.pid(), "remove", "lookups").assertDone());
            Cli.run("probe", host.pid(), "remove", "lookups").assertFailed(REFUSED, "No such probe: lookups");
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatCannotBeAddedChangesNothing(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            for (int i = 1; i < MOST; i++) {
                assertAdded(host.addProbe("probe_" + i, "tp:sched:sched_process_exec"));
            }
            OurBpf held = OurBpf.heldBy(host.pid());
            List<String> before = names(host);
            assertRefused(host, "probe_1", "tp:sched:sched_switch", "Bad probe (probe_1): there is one of that name");
            assertRefused(host, "running", "tp:sched:sched_switch", "Bad probe (running): a metric");
            assertRefused(host, "2fast", "tp:sched:sched_switch", "Bad probe");
            assertRefused(host, "x", "what:is:this", "Bad probe");
            assertRefused(host, "x", "uprobe:libc.so.6:getaddrinf", "getaddrinfo");
            assertRefused(host, "x", "tp:sched:sched_swich", "sched_switch");
            // It has three arguments in its tracepoint, and the kernel refuses who reads a sixth.
            assertRefused(host, "x", "tp:sched:sched_process_exec arg6==1", "");
            assertEquals(held, OurBpf.heldBy(host.pid()));
            assertAdded(host.addProbe("probe_7", "tp:sched:sched_process_exec"));
            assertRefused(host, "probe_8", "tp:sched:sched_process_exec", "Too many probes (probe_8): there are 7");
            assertEquals(before.size() + 1, names(host).size());
            assertAdded(host.removeProbe("probe_3"));
            assertAdded(host.addProbe("probe_8", "tp:sched:sched_process_exec"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void atStartUpOneThatCannotBeHadIsToldAndTheOthersWork(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms,probe=there:tp:sched:sched_switch;"
                + "missing:uprobe:libc.so.6:no_such_function").main(Errand.class).start()) {
            JsonObject status = host.await("on");
            assertEquals(List.of("there"), names(host));
            assertEquals("attached", probe(status, "there").get("status").getAsString());
            assertEquals("failed", probe(status, "missing").get("status").getAsString());
            String detail = probe(status, "missing").get("detail").getAsString();
            assertTrue(detail.contains("no_such_function"), detail);
            assertEquals(1, host.stderr().stream().filter(line -> line.contains("no_such_function")).count());
            assertTrue(status.get("arguments").getAsString().contains("probe=there:tp:sched:sched_switch;missing:"));
        }
    }

    private static void assertAdded(JsonObject answer) {
        assertTrue(answer.has("probes"), answer::toString);
    }

    private static void assertRefused(HostJvm host, String name, String spec, String why) {
        List<String> before = names(host);
        JsonObject answer = host.addProbe(name, spec);
        assertTrue(answer.has("error"), answer::toString);
        String line = answer.get("error").getAsString();
        assertTrue(line.contains(why), line);
        assertEquals(1, line.lines().count());
        String heading = Errors.firstPhrase(line);
        assertTrue(Errors.headings().contains(heading), () -> heading + " is no heading of TROUBLESHOOTING.md");
        assertEquals(before, names(host));
    }

    private static List<String> names(HostJvm host) {
        return host.probes().getAsJsonArray("probes").asList().stream()
                .map(probe -> probe.getAsJsonObject().get("name").getAsString()).toList();
    }

    private static JsonObject probe(JsonObject status, String name) {
        for (JsonElement probe : status.getAsJsonArray("probes")) {
            if (probe.getAsJsonObject().get("name").getAsString().equals(name)) {
                return probe.getAsJsonObject();
            }
        }
        throw new AssertionError("no probe " + name + " in " + status);
    }
}
