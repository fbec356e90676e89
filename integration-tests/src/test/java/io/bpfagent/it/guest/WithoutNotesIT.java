package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.workload.Scenes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that was built without USDT probes, as Oracle's are: threads are then found by looking again. */
class WithoutNotesIT {
    private static final String LONG_NAME = "a thread whose name has more than 15 letters";
    private static final int BRIEF_THREADS = 23;
    private static final List<String> PROBE_METRICS = List.of("gc_pause", "safepoint", "time_to_safepoint",
            "vm_operation", "class_init", "jit_compile", "park");

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void namesThreadsByLookingAgain(Jdk jdk) throws IOException {
        try (NotelessJdk noteless = new NotelessJdk(jdk);
                HostJvm host = HostJvm.of(noteless.jdk()).agent("interval=100ms").main(Scenes.class).start()) {
            JsonObject status = host.await("on");
            Map<String, String> probes = UnprivilegedIT.probes(status);
            assertEquals("unsupported", probes.get("thread__start"), status::toString);
            assertEquals("attached", probes.get("sched_switch"), status::toString);
            assertTrue(status.toString().contains("built without"), status::toString);

            host.send("named 1 " + Base64.getEncoder().encodeToString(LONG_NAME.getBytes(StandardCharsets.UTF_8)));
            host.awaitLine("done named");
            Report.ThreadReport named = host.freshReport().thread(LONG_NAME);
            assertEquals("java", named.kind());
            assertTrue(named.javaId() > 0, named::toString);
            assertEquals("blocked_wait", named.state());

            // They live for less than an interval: at least the kernel's name of them is known, and their number.
            host.send("brief " + BRIEF_THREADS);
            host.awaitLine("done brief");
            Await.until(Duration.ofSeconds(60), () -> "ended threads, " + host.freshReport().pools(),
                    () -> endedOf(host.freshReport()) >= BRIEF_THREADS);
            host.detach();
            assertNothingInKernel(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void allButWhatTheProbesTellIsThereAndStatusSaysWhatIsNot(Jdk jdk) throws IOException {
        try (NotelessJdk noteless = new NotelessJdk(jdk);
                HostJvm host = HostJvm.of(noteless.jdk()).agent("interval=100ms,metrics=all+park").main(Scenes.class)
                        .start()) {
            assertNoPauses(host, "this JVM was built without the note");
        }
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms,metrics=all+park,usdt=off").main(Scenes.class)
                .start()) {
            assertNoPauses(host, "switched off with usdt=off");
        }
    }

    private static void assertNoPauses(HostJvm host, String why) {
        Map<String, String> details = UnprivilegedIT.details(host.await("on"));
        for (String metric : PROBE_METRICS) {
            assertTrue(details.values().stream().anyMatch(detail -> detail.startsWith(why) && detail.contains(metric)),
                    () -> metric + " in " + details);
        }
        host.awaitLine("ready");
        SceneHost.play(host, "dumps 23");
        Report report = host.freshReport();
        assertTrue(report.thread("main").wallNs() > 0);
        for (String loss : List.of("lost_pause_records", "lost_pauses", "unmatched_events", "operations_over_limit")) {
            assertEquals(0, report.loss(loss), loss);
        }
        for (String metric : PROBE_METRICS) {
            assertEquals(0, host.histogram(metric).count(), metric);
        }
        PauseReport pauses = host.pauses(0);
        assertEquals(List.of(), pauses.pauses());
        assertTrue(pauses.json().get("reason").getAsString().contains(why), () -> pauses.json().toString());
        Cli cli = Cli.run("pauses", host.pid());
        assertTrue(cli.exitCode() == 0 && cli.stdout().toString().contains(why), cli::toString);
        host.detach();
        assertNothingInKernel(host);
        assertSilent(host);
    }

    private static long endedOf(Report report) {
        return report.pools().values().stream().filter(pool -> pool.pool().startsWith("brief"))
                .mapToLong(Report.PoolReport::ended).sum();
    }
}
