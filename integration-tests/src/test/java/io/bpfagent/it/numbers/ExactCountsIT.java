package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final List<String> SCENES =
            List.of("sleeps " + TIMES, "parks " + TIMES, "waits " + TIMES, "monitors " + TIMES);

    @TempDir
    private Path directory;

    static Stream<Arguments> hosts() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of("Serial", "Parallel", "G1", "Z")
                .map(collector -> Arguments.of(jdk, collector)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void twentyThreeWaitsOfEachKindAreTwentyThree(Jdk jdk, String collector) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+Use" + collector + "GC")) {
            SCENES.forEach(host::send);
            SCENES.forEach(scene -> SceneHost.awaitEnd(host, scene));
            SceneHost.assertNothingLost(host, host.freshReport());
            THREAD_AND_METRIC.forEach((thread, metric) -> assertEquals(Map.of(metric, (long) TIMES),
                    longWaits(host, thread), thread));
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void twentyThreeWaitsOfEachKindAreTwentyThreeWhileGarbageIsCollected(Jdk jdk, String collector) throws IOException {
        Path log = directory.resolve("safepoints.log");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+Use" + collector + "GC",
                "-Xlog:safepoint:file=" + log)) {
            host.send("collect 1500");
            SCENES.forEach(host::send);
            SceneHost.play(host, "allocate 1200");
            SceneHost.awaitEnd(host, "collect 1500");
            SCENES.forEach(scene -> SceneHost.awaitEnd(host, scene));
            SceneHost.assertNothingLost(host, host.freshReport());
            long longSafepoints = longSafepoints(log);
            THREAD_AND_METRIC.forEach((thread, metric) -> {
                Map<String, Long> waits = longWaits(host, thread);
                // A pause of 40 ms is one, and HotSpot's log says so too. Who starts or ends in it waits for a lock.
                long inPauses = Stream.of("blocked_safepoint", "blocked_vm").map(waits::remove)
                        .filter(Objects::nonNull).mapToLong(Long::longValue).sum();
                assertTrue(inPauses <= longSafepoints, () -> thread + " " + inPauses + " of " + longSafepoints);
                assertEquals(Map.of(metric, (long) TIMES), waits, thread);
            });
            assertAll(() -> assertEquals(0, host.histogramOfPool("blocked_park", "allocator").count()),
                    () -> assertEquals(0, host.freshReport().pool("allocator").timeNs("blocked_park")),
                    () -> assertTrue(host.freshReport().pool("allocator").timeNs("running") > 100_000_000));
        }
    }

    /** By metric, where there is any. */
    private static Map<String, Long> longWaits(HostJvm host, String thread) {
        Map<String, Long> waits = new HashMap<>();
        for (Histogram histogram : Histogram.all(host.hist(null, thread, null))) {
            long count = histogram.countFrom(LONG_NS);
            if (count > 0 && histogram.metric().startsWith("blocked_")) {
                waits.put(histogram.metric(), count);
            }
        }
        return waits;
    }

    private static long longSafepoints(Path log) throws IOException {
        Pattern total = Pattern.compile("Total: +(\\d+) ns");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(total::matcher).filter(Matcher::find).mapToLong(found -> Long.parseLong(found.group(1)))
                    .filter(ns -> ns >= LONG_NS * 9 / 10).count();
        }
    }
}
