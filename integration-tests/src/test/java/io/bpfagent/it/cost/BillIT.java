package io.bpfagent.it.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bill beside {@code /proc/PID/stat} and {@code /proc/PID/task/TID/schedstat}. */
class BillIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    /** USER_HZ. */
    private static final long TICK_NS = 10_000_000;
    private static final int UTIME = 11;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void agreesWithWhatTheKernelSaysOfTheProcess(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, "interval=500ms,metrics=all+park,max-cost=off")) {
            host.send("spin 2");
            host.send("park-flood");
            JsonObject from = freshCost(host);
            long hostFromNs = processNs(host);
            long threadsFromNs = agentThreadsNs(host);
            JsonObject to = freshCost(host);
            long wallNs = total(to, "wallNs") - total(from, "wallNs");
            // Asked some milliseconds after the bill was drawn up, at both ends.
            double hostNs = processNs(host) - hostFromNs;
            double threadsNs = agentThreadsNs(host) - threadsFromNs;
            assertTrue(wallNs > 4_000_000_000L, "only " + wallNs);
            double told = total(to, "hostCpuNs") - total(from, "hostCpuNs");
            assertEquals(hostNs, told, 0.15 * hostNs + 10 * TICK_NS, "of the host");
            assertEquals(threadsNs, total(to, "threadCpuNs") - total(from, "threadCpuNs"), 0.3 * threadsNs + 20_000_000,
                    "of the agent's threads");
            assertTrue(total(to, "startCpuNs") > 20_000_000, to::toString);
            assertTrue(total(to, "allocatedBytes") > total(from, "allocatedBytes"), to::toString);
            assertTrue(to.get("allocatedBytesPerSecond").getAsLong() < 10_000_000, to::toString);
            assertTrue(to.get("mappedBytes").getAsLong() > 100_000, to::toString);
            assertTrue(to.get("share").getAsDouble() > 0.01, to::toString);
            assertProbes(host, to);
        }
    }

    /** The flood is what costs: as much as its hits say, and no more than the thread that makes it has run. */
    private static void assertProbes(HostJvm host, JsonObject cost) {
        JsonObject park = CostHost.probe(host, "park");
        assertEquals("usdt", park.get("kind").getAsString());
        assertEquals(2, park.get("sites").getAsInt());
        assertTrue(park.get("optional").getAsBoolean());
        assertTrue(park.get("hitsPerSecond").getAsDouble() > 1_000, park::toString);
        double ns = park.get("nsPerHit").getAsDouble();
        assertTrue(ns > 560 && ns < 3_000, park::toString);
        assertTrue(park.get("cpuShare").getAsDouble() < 1, park::toString);
        long parks = host.histogram("park").count();
        assertEquals(2.0 * parks, park.get("hits").getAsDouble(), 0.6 * 2 * parks, "a begin and an end each");
        assertTrue(cost.get("programNs").getAsLong() <= cost.get("hostCpuNs").getAsLong(), cost::toString);
        JsonObject spine = CostHost.probe(host, "sched_switch");
        assertTrue(!spine.get("optional").getAsBoolean() && spine.get("hitsPerSecond").getAsDouble() > 1,
                spine::toString);
    }

    /** The next bill. */
    private static JsonObject freshCost(HostJvm host) {
        JsonObject[] cost = {CostHost.cost(host)};
        long last = cost[0] == null ? 0 : total(cost[0], "wallNs");
        Await.until(SOON, () -> "another bill than " + cost[0] + "\n" + host.report(), () -> {
            cost[0] = CostHost.cost(host);
            return cost[0] != null && total(cost[0], "wallNs") > last;
        });
        return cost[0];
    }

    private static long total(JsonObject cost, String key) {
        JsonElement value = cost.getAsJsonObject("total").get(key);
        return value.getAsLong();
    }

    /** What all its threads have run, ns. */
    private static long processNs(HostJvm host) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + host.pid() + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(words, UTIME, UTIME + 2).mapToLong(Long::parseLong).sum() * TICK_NS;
    }

    private static long agentThreadsNs(HostJvm host) throws IOException {
        long ns = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + host.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith("bpf-agent")) {
                    ns += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
                }
            }
        }
        return ns;
    }
}
