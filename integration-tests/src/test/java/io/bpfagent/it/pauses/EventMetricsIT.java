package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What HotSpot's other probes tell, against workloads that do each thing an exactly known number of times. */
class EventMetricsIT {
    private static final int TIMES = 23;
    /** The workload's events are of 50 ms. The JVM has shorter ones of its own. */
    private static final long LONG_NS = 40_000_000;
    private static final long BIG_BYTES = 3_000_000;
    /** Of object__alloc: JDK-8276209. */
    private static final int FIRST_WITH_SIZES = 18;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeClassInitializersAreTwentyThree(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            assertTimes(host, "class_init", "class-inits " + TIMES, LONG_NS);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeParksAreTwentyThreeOnRequest(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",metrics=all+park")) {
            assertTimes(host, "park", "parks " + TIMES, LONG_NS);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeContendedMonitorsAreTwentyThreeOnRequest(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",metrics=all+monitor_contended",
                "-XX:+DTraceMonitorProbes")) {
            assertTimes(host, "monitor_contended", "contended " + TIMES, LONG_NS);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeBigObjectsAreTwentyThreeOnRequest(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",metrics=all+object_alloc",
                "-XX:+DTraceAllocProbes")) {
            if (jdk.release() < FIRST_WITH_SIZES) {
                assertMissing(host, "object_alloc", "object__alloc", "needs JDK " + FIRST_WITH_SIZES);
                return;
            }
            assertTimes(host, "object_alloc", "big-arrays " + TIMES, BIG_BYTES);
            assertEquals("bytes", host.histogram("object_alloc").json().get("unit").getAsString());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void probesThatNeedAFlagSaySoWhenItIsOff(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",metrics=all+monitor_contended+object_alloc+park")) {
            assertMissing(host, "monitor_contended", "monitor__contended__enter", "needs -XX:+DTraceMonitorProbes");
            assertMissing(host, "object_alloc", "object__alloc", jdk.release() < FIRST_WITH_SIZES
                    ? "needs JDK " + FIRST_WITH_SIZES : "needs -XX:+DTraceAllocProbes");
            SceneHost.play(host, "contended 2");
            assertTimes(host, "park", "parks " + TIMES, LONG_NS);
            assertEquals(0, host.histogram("monitor_contended").count());
        }
    }

    /** Status says why, and which metric there is not. */
    private static void assertMissing(HostJvm host, String metric, String probe, String why) {
        for (JsonElement element : host.status().getAsJsonArray("probes")) {
            JsonObject line = element.getAsJsonObject();
            if (line.get("name").getAsString().equals(probe)) {
                assertEquals("unsupported", line.get("status").getAsString(), line::toString);
                String detail = line.get("detail").getAsString();
                assertTrue(detail.contains(why) && detail.contains(metric), detail);
                return;
            }
        }
        throw new AssertionError("no probe " + probe + " in " + host.status());
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatIsOnRequestIsNotThereWithoutOne(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+DTraceMonitorProbes")) {
            Set<String> metrics = Histogram.all(host.hist()).stream().map(Histogram::metric)
                    .collect(Collectors.toSet());
            assertTrue(metrics.containsAll(List.of("gc_pause", "safepoint", "time_to_safepoint", "vm_operation",
                    "class_init", "jit_compile")), metrics::toString);
            assertTrue(Stream.of("monitor_contended", "park", "object_alloc").noneMatch(metrics::contains),
                    metrics::toString);
            assertTrue(Stream.of("monitor__contended__enter", "thread__park__begin", "object__alloc")
                    .noneMatch(host.status().toString()::contains), () -> host.status().toString());
        }
    }

    private static void assertTimes(HostJvm host, String metric, String scene, long from) {
        host.freshReport();
        Histogram before = host.histogram(metric);
        SceneHost.play(host, scene);
        host.freshReport();
        Histogram after = host.histogram(metric);
        assertEquals(TIMES, after.countFrom(from) - before.countFrom(from), after::toString);
        long sum = after.sumNs() - before.sumNs();
        assertTrue(sum >= TIMES * from, () -> sum + " in all, " + after);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void compilationsAreThoseOfTheJvmsLog(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL,
                "-Xlog:jit+compilation=debug:file=" + file + "::filecount=0")) {
            Compilations before = Compilations.of(host, file);
            SceneHost.play(host, "mixed 1000");
            Compilations after = Compilations.of(host, file);
            long logged = after.most() - before.most();
            long counted = after.counted() - before.counted();
            assertTrue(logged > 20, () -> logged + " compilations");
            assertTrue(Math.abs(logged - counted) <= before.unclear() + after.unclear(), () -> before + " " + after);
        } finally {
            SafepointLog.delete(file);
        }
    }

    /** By the agent, and by the log before and after it was asked; the JVM compiles while it answers. */
    private record Compilations(long least, long counted, long most) {
        static Compilations of(HostJvm host, Path file) {
            long least = logged(file);
            host.freshReport();
            return new Compilations(least, host.histogram("jit_compile").count(), logged(file));
        }

        /** What came meanwhile, and one that each of the two compilers may have begun. */
        long unclear() {
            return most - least + 2;
        }
    }

    private static long logged(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(EventMetricsIT::isCompilation).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That begins: not a native wrapper, nor what becomes of older code. */
    private static boolean isCompilation(String line) {
        return line.contains("::") && !line.contains(" n 0 ") && !line.contains("made not")
                && !line.contains("SKIPPED");
    }
}
