package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread that waits 23 times for one reason has 23 waits of that reason, and none of another. */
class ExactCountsIT {
    private static final int TIMES = 23;
    /** The waits are of 50 ms and more. HotSpot has shorter ones of its own in between. */
    private static final long LONG_NS = 40_000_000;
    private static final Map<String, String> THREAD_AND_METRIC = Map.of("exact sleeper", "blocked_sleep",
            "exact parker", "blocked_park", "exact waiter", "blocked_wait", "exact contender", "blocked_monitor");
    @TempDir
    private Path directory;

    static Stream<Arguments> hosts() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of("Serial", "Parallel", "G1", "Z")
                .map(collector -> Arguments.of(jdk, collector)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void twentyThreeWaitsOfEachKindAreTwentyThree(Jdk jdk, String collector) {
        try (HostJvm host = prepared(jdk, "-XX:+Use" + collector + "GC")) {
            Map<String, Map<String, Long>> before = longWaits(host);
            SceneHost.play(host, "exact " + TIMES);
            Map<String, Map<String, Long>> after = longWaits(host);
            SceneHost.assertNothingLost(host, host.freshReport());
            THREAD_AND_METRIC.forEach((thread, metric) -> assertEquals(Map.of(metric, (long) TIMES),
                    difference(before.get(thread), after.get(thread)), thread));
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void twentyThreeWaitsOfEachKindAreTwentyThreeWhileGarbageIsCollected(Jdk jdk, String collector) throws IOException {
        Path log = directory.resolve("safepoints.log");
        try (HostJvm host = prepared(jdk, "-XX:+Use" + collector + "GC", "-Xlog:safepoint:file=" + log)) {
            Map<String, Map<String, Long>> before = longWaits(host);
            host.send("collect 1500");
            host.send("allocate 1200");
            SceneHost.play(host, "exact " + TIMES);
            SceneHost.awaitEnd(host, "collect 1500");
            SceneHost.awaitEnd(host, "allocate 1200");
            Map<String, Map<String, Long>> after = longWaits(host);
            SceneHost.assertNothingLost(host, host.freshReport());
            long longSafepoints = longSafepoints(log);
            THREAD_AND_METRIC.forEach((thread, metric) -> {
                Map<String, Long> waits = difference(before.get(thread), after.get(thread));
                // A pause of 40 ms is one, and HotSpot's log says so too.
                Long inPauses = waits.remove("blocked_safepoint");
                assertTrue(inPauses == null || inPauses <= longSafepoints,
                        () -> thread + " " + inPauses + " of " + longSafepoints);
                assertEquals(Map.of(metric, (long) TIMES), waits, thread);
            });
            // It waits for collections to end, and it is stopped by them; it parks never.
            assertEquals(0, host.histogramOfPool("blocked_park", "allocator").count());
            assertEquals(0, host.freshReport().pool("allocator").timeNs("blocked_park"));
            assertTrue(host.freshReport().pool("allocator").timeNs("running") > 0);
        }
    }

    /** With its threads started, which is not counted. */
    private static HostJvm prepared(Jdk jdk, String... flags) {
        HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, flags);
        try {
            SceneHost.play(host, "prepare");
            return host;
        } catch (RuntimeException | Error e) {
            host.close();
            throw e;
        }
    }

    /** By thread and metric, where there are any. */
    private static Map<String, Map<String, Long>> longWaits(HostJvm host) {
        host.freshReport();
        Map<String, Map<String, Long>> waits = new HashMap<>();
        for (String thread : THREAD_AND_METRIC.keySet()) {
            Map<String, Long> ofThread = waits.computeIfAbsent(thread, key -> new HashMap<>());
            for (Histogram histogram : Histogram.all(host.hist(null, null, thread))) {
                if (histogram.metric().startsWith("blocked_")) {
                    ofThread.put(histogram.metric(), histogram.countFrom(LONG_NS));
                }
            }
        }
        return waits;
    }

    private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> difference = new HashMap<>(after);
        before.forEach((metric, count) -> difference.merge(metric, -count, Long::sum));
        difference.values().removeIf(count -> count == 0);
        return difference;
    }

    private static long longSafepoints(Path log) throws IOException {
        Pattern total = Pattern.compile("Total: +(\\d+) ns");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(total::matcher).filter(Matcher::find).mapToLong(found -> Long.parseLong(found.group(1)))
                    .filter(ns -> ns >= LONG_NS * 9 / 10).count();
        }
    }
}
