package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Report;
import io.bpfagent.workload.Errand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user that owns nothing, with the two capabilities that are asked for and no other. */
class UnprivilegedIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void capBpfAndCapPerfmonAreEnoughForEverything(Jdk jdk) {
        PublicFiles files = new PublicFiles(directory);
        try (HostJvm host = files.workloadsFor(HostJvm.of(jdk)).prefix(Prefixes.asNobodyWith("+bpf,+perfmon"))
                .agent(files.agentJar(), "interval=100ms").main(Errand.class).start()) {
            Map<String, String> probes = probes(host.await("on"));
            assertEquals("000000c000000000", host.procStatus("CapEff"));
            for (String probe : List.of("sched_switch", "sched_wakeup", "sched_wakeup_new", "seed_threads",
                    "hotspot_probe", "thread__start", "safepoint__begin", "vmops__begin", "gc__begin")) {
                assertEquals("attached", probes.get(probe), probes::toString);
            }
            Report report = host.freshReport();
            assertEquals(3, report.threads("pool-1-thread-").size());
            assertTrue(report.thread("main").wallNs() > 0);

            OurBpf held = assertInKernel(host);
            assertTrue(Cli.run("detach", host.pid()).assertDone().startsWith("detached"));
            held.awaitGone();
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    /** Status of each probe, by name. */
    static Map<String, String> probes(JsonObject status) {
        return ofProbes(status, "status");
    }

    /** What there is to say of each probe, by name. */
    static Map<String, String> details(JsonObject status) {
        return ofProbes(status, "detail");
    }

    private static Map<String, String> ofProbes(JsonObject status, String key) {
        Map<String, String> probes = new TreeMap<>();
        for (JsonElement probe : status.getAsJsonArray("probes")) {
            probes.put(probe.getAsJsonObject().get("name").getAsString(),
                    probe.getAsJsonObject().get(key).getAsString());
        }
        return probes;
    }
}
