package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Probes that a user names count what they name: as often as it was done, or as a metric of the agent counts it. */
class UserProbesIT {
    private static final int TIMES = 23;
    /** By the thread that is watched, and once before that by the loader of classes. */
    private static final int LOOKED_UP = TIMES + 1;
    private static final int CHANGES = 50;
    private static final long FSYNC = 74;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String LOOKUPS = "uprobe:libc.so.6:getaddrinfo";

    @TempDir
    private Path directory;

    private static HostJvm host(Jdk jdk, String arguments, String... flags) {
        HostJvm host = SceneHost.command(jdk, flags).environment("RES_OPTIONS", "timeout:1 attempts:1")
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

    private static void add(HostJvm host, String name, String spec) {
        JsonObject answer = host.addProbe(name, spec);
        assertFalse(answer.has("error"), () -> spec + ": " + answer);
    }

    private void playCalls(HostJvm host) throws IOException {
        SceneHost.play(host, "calls " + TIMES + " " + Files.createTempDirectory(directory, "calls"));
        host.freshReport();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void callsOfAFunctionAreThoseThatTheAgentsOwnMetricCounts(Jdk jdk) throws IOException {
        try (HostJvm host = host(jdk, ",probe=first:" + LOOKUPS)) {
            add(host, "second", LOOKUPS);
            add(host, "never", LOOKUPS + " arg1==0");
            playCalls(host);
            Histogram dns = host.histogramOfThread("dns", "exact looker");
            assertEquals(TIMES, dns.count());
            for (String name : List.of("first", "second")) {
                Histogram own = host.histogramOfThread(name, "exact looker");
                assertEquals(TIMES, own.count(), name);
                assertEquals(TIMES, host.histogramOfPool(name, "exact looker").count(), name);
                // The same calls, from a little earlier to a little later or the other way round.
                assertEquals(dns.sumNs(), own.sumNs(), 0.2 * dns.sumNs() + 1_000_000, name);
            }
            assertEquals(0, host.histogram("never").count());
            Lost.assertNothing(host.freshReport());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void compilationsAreThoseThatTheAgentsOwnMetricCounts(Jdk jdk) throws IOException {
        try (HostJvm host = host(jdk, "", "-XX:CompileThresholdScaling=0.05")) {
            add(host, "compilations", "usdt:libjvm:hotspot:method__compile__begin..method__compile__end");
            Map<String, Histogram> before = quiet(host);
            playCalls(host);
            Map<String, Histogram> after = quiet(host);
            long compiled = after.get("jit_compile").count() - before.get("jit_compile").count();
            assertTrue(compiled > TIMES, "only " + compiled + " compilations");
            assertEquals(compiled, after.get("compilations").count() - before.get("compilations").count());
            double ns = after.get("jit_compile").sumNs() - before.get("jit_compile").sumNs();
            assertEquals(ns, after.get("compilations").sumNs() - before.get("compilations").sumNs(), 0.05 * ns);
        }
    }

    /** When nothing has been compiled for some snapshots. */
    private static Map<String, Histogram> quiet(HostJvm host) {
        List<Map<String, Histogram>> seen = new ArrayList<>();
        Await.until(SOON, () -> "no more compilations " + seen, () -> {
            host.freshReport();
            Map<String, Histogram> now = new HashMap<>();
            for (Histogram histogram : Histogram.all(host.hist())) {
                now.put(histogram.metric(), histogram);
            }
            seen.add(now);
            int last = seen.size() - 1;
            return last >= 2 && now.get("jit_compile").count() == seen.get(last - 2).get("jit_compile").count();
        });
        return seen.get(seen.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void argumentsAreConditionsAndValues(Jdk jdk) {
        String pread = "uprobe:libnio.so:Java_sun_nio_ch_" + (jdk.release() < 21 ? "" : "Unix")
                + "FileDispatcherImpl_pread0";
        try (HostJvm host = host(jdk, "")) {
            SceneHost.play(host, "preads 1 " + directory); // the library is loaded with the first
            add(host, "reads", pread);
            add(host, "sizes", pread + " value=arg5");
            add(host, "later", pread + " arg6>" + 20 * 4096 + " value=arg5");
            add(host, "times", pread + " arg5<=1003");
            SceneHost.play(host, "preads " + TIMES + " " + directory);
            host.freshReport();
            assertEquals(TIMES, host.histogram("reads").count());
            assertEquals(TIMES, host.histogram("sizes").count());
            assertEquals(TIMES * 1000 + TIMES * (TIMES + 1) / 2, host.histogram("sizes").sumNs());
            assertEquals(3, host.histogram("later").count());
            assertEquals(1021 + 1022 + 1023, host.histogram("later").sumNs());
            assertEquals(3, host.histogram("times").count());
            assertEquals("number", text(host, "later", "unit"));
            Lost.assertNothing(host.freshReport());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void tracepointsAreCountedForTheThreadThatCausesThem(Jdk jdk) throws IOException {
        try (HostJvm host = host(jdk, "")) {
            add(host, "switches", "tp:sched:sched_switch");
            add(host, "syncs", "tp:raw_syscalls:sys_enter slow-site=yes arg2==" + FSYNC);
            add(host, "sync_times", "tp:raw_syscalls:sys_enter..sys_exit slow-site=yes arg2==" + FSYNC);
            add(host, "numbers", "tp:raw_syscalls:sys_enter slow-site=yes arg2==" + FSYNC + " value=arg2");
            playCalls(host);
            for (String thread : List.of("exact forcer", "exact syncer")) {
                assertEquals(TIMES, host.histogramOfThread("syncs", thread).count(), thread);
                Histogram times = host.histogramOfThread("sync_times", thread);
                assertEquals(TIMES, times.count(), thread);
                assertTrue(times.sumNs() <= host.histogramOfThread("file_sync", thread).sumNs() + 1_000_000, thread);
                assertEquals(TIMES * FSYNC, host.histogramOfThread("numbers", thread).sumNs(), thread);
                // It has left the CPU as often as it has run; some switches a sandbox's kernel hides from both or one.
                long runs = host.histogramOfThread("running", thread).count();
                assertEquals(runs, host.histogramOfThread("switches", thread).count(), 2 + runs / 50, thread);
            }
            assertEquals("count", text(host, "switches", "unit"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void probesComeAndGoFiftyTimesAndLeaveNothing(Jdk jdk) throws IOException {
        // Slow events have a link that comes and goes, too.
        try (HostJvm host = host(jdk, ",slow=off")) {
            List<String> specs = List.of(LOOKUPS, LOOKUPS + " value=arg1", "tp:sched:sched_switch",
                    "tp:sched:sched_wakeup..sched_switch",
                    "usdt:libjvm:hotspot:method__compile__begin..method__compile__end");
            add(host, "stays", LOOKUPS);
            OurBpf before = OurBpf.heldBy(host.pid());
            long descriptors = descriptors(host);
            OurBpf cameAndWent = null;
            for (int change = 0; change < CHANGES; change++) {
                String name = "probe_" + change % 7;
                add(host, name, specs.get(change % specs.size()));
                if (change % 25 == 0) {
                    playCalls(host);
                    assertEquals(LOOKED_UP * (1 + change / 25), host.histogram("stays").count());
                    assertEquals(LOOKED_UP, host.histogram(name).count());
                }
                cameAndWent = change % 20 == 0 ? OurBpf.heldBy(host.pid()).without(before) : cameAndWent;
                assertFalse(host.removeProbe(name).has("error"));
            }
            assertFalse(cameAndWent.isEmpty());
            // A link holds its program; bpftool cannot list links while anybody on the machine makes some.
            new OurBpf(cameAndWent.programs(), cameAndWent.maps(), Set.of()).awaitGone();
            Await.until(SOON, () -> OurBpf.heldBy(host.pid()) + " held, " + before + " before, " + descriptors(host)
                    + " descriptors, " + descriptors + " before",
                    () -> OurBpf.heldBy(host.pid()).equals(before) && descriptors(host) == descriptors);
            assertEquals(1, host.probes().getAsJsonArray("probes").size());
            host.detach();
            before.awaitGone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aProbeThatTakesAnothersPlaceHasNoneOfItsNumbers(Jdk jdk) throws IOException {
        try (HostJvm host = host(jdk, ",probe=lookups:" + LOOKUPS)) {
            playCalls(host);
            assertEquals(TIMES, host.histogramOfThread("lookups", "exact looker").count());
            assertFalse(host.removeProbe("lookups").has("error"));
            // In the same slot, and for threads that have a page of it.
            add(host, "lookups", LOOKUPS + " value=arg1");
            host.freshReport();
            assertEquals(0, host.histogram("lookups").count());
            assertEquals(0, host.histogram("lookups").sumNs());
            assertFalse(host.removeProbe("lookups").has("error"));
            add(host, "lookups", LOOKUPS);
            playCalls(host);
            assertEquals(LOOKED_UP, host.histogram("lookups").count());
            Lost.assertNothing(host.freshReport());
        }
    }

    private static long descriptors(HostJvm host) {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(host.pid()), "fd"))) {
            // Of BPF only: the host opens and closes files of its own.
            return entries.filter(UserProbesIT::isOfBpf).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfBpf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("bpf");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static String text(HostJvm host, String probe, String key) {
        for (JsonElement element : host.probes().getAsJsonArray("probes")) {
            if (element.getAsJsonObject().get("name").getAsString().equals(probe)) {
                return element.getAsJsonObject().get(key).getAsString();
            }
        }
        throw new AssertionError("no probe " + probe + " in " + host.probes());
    }
}
