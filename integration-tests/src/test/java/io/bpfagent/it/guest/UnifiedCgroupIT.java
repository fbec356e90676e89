package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.UnifiedCgroup;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM in a group of cgroup v2, named as Docker names one under systemd. */
class UnifiedCgroupIT {
    private static final String ID = "3f5c8e0a91b7".repeat(5) + "0123";
    private static final int HOGS_PER_CPU = 2;
    private static final int SPIN_MS = 1_500;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theCommandLineKnowsTheContainerAndWhoHadTheCpu(Jdk jdk) {
        try (UnifiedCgroup group = new UnifiedCgroup(directory.resolve("cgroup"), "docker-" + ID + ".scope");
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            assertFalse(listed(host).get("container").isJsonObject(), "it is where the command is");
            group.add(host.pid());

            JsonObject container = listed(host).getAsJsonObject("container");
            assertEquals(ID, container.get("id").getAsString());
            assertEquals(host.pid(), container.get("innerPid").getAsLong());
            assertEquals("[]", container.get("namespaces").toString());

            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(0, doctor.exitCode(), doctor::toString);
            assertEquals(ID.substring(0, 12) + ", PID " + host.pid() + " inside",
                    CliJson.condition(doctor, "container").get("value").getAsString());
            assertEquals("ok", CliJson.condition(doctor, "memory of its cgroup").get("verdict").getAsString());

            try (CpuHogs hogs = new CpuHogs(HOGS_PER_CPU)) {
                hogs.pids().forEach(group::add);
                SceneHost.play(host, "spin 1 " + SPIN_MS);
            }
            assertWaited(host.freshReport().pool("spinner-#"), group.has("cpu") ? "cgroup" : "process");
            Cli threads = Cli.run("threads", host.pid(), "--waits");
            assertEquals(0, threads.exitCode(), threads::toString);
            assertTrue(String.join("\n", threads.stdout()).contains("spinner-#"), threads::toString);
        }
    }

    private static JsonObject listed(HostJvm host) {
        return CliJson.listed(Cli.run("list", "--format", "json"), host.pid());
    }

    /**
     * More than half behind those; the group alone says nothing, who shares the CPU is decided where the CPU controller
     * is.
     */
    private static void assertWaited(PoolReport pool, String behind) {
        Map<String, Long> waitedNs = new HashMap<>(pool.counts().waitedNs());
        assertTrue(waitedNs.get(behind) > Report.sum(waitedNs) / 2, pool::toString);
    }
}
