package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.workload.Errand;
import io.bpfagent.workload.FullHeap;
import io.bpfagent.workload.OwnStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications with habits that an agent could trip over. */
class HostHabitsIT {
    private static final String ERROR = "No kernel BTF (/nonexistent cannot be read)";

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void writesItsLineToTheHostsOwnStderr(Jdk jdk) {
        try (HostJvm host = ownStreams(jdk, "collect")) {
            host.awaitLine("begin");
            host.attach("btf=/nonexistent");
            String error = host.await("failed").get("error").getAsString();
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            assertEquals(List.of("begin", "out", "err bpf-agent: " + error), stripped(host));
            assertSilent(host);
        }
    }

    /** Without the warning of JDK 21 and later at attaching, which a System.err that throws turns into a failure. */
    private static HostJvm ownStreams(Jdk jdk, String kind) {
        return HostJvm.of(jdk).jvm("-XX:+EnableDynamicAgentLoading").main(OwnStreams.class, kind).start();
    }

    private static List<String> stripped(HostJvm host) {
        return host.stdout().stream().map(String::strip).toList();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void livesWithAStderrThatThrowsOrIsNone(Jdk jdk) {
        for (String kind : List.of("throw", "none")) {
            try (HostJvm host = ownStreams(jdk, kind)) {
                host.awaitLine("begin");
                host.attach("btf=/nonexistent");
                assertTrue(host.await("failed").get("error").getAsString().startsWith(ERROR));
                host.send("end");
                assertEquals(0, host.awaitExit(), host::report);
                assertEquals(List.of("begin", "out", "err"), stripped(host));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void leavesAHostWithAFullHeapAlone(Jdk jdk) {
        try (HostJvm host = fullHeap(jdk, "later")) {
            host.await("on");
            host.send("");
            assertFilledItsHeapAndLived(host, 1);
        }
        // The channel and the agent can fail to begin, each in its own line.
        try (HostJvm host = fullHeap(jdk, "now")) {
            assertFilledItsHeapAndLived(host, 2);
        }
    }

    private static HostJvm fullHeap(Jdk jdk, String when) {
        return HostJvm.of(jdk).jvm("-Xmx24m", "-XX:+UseSerialGC").agent("interval=100ms").main(FullHeap.class,
                when).start();
    }

    private static void assertFilledItsHeapAndLived(HostJvm host, int mostLines) {
        host.awaitLine("full 5");
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertEquals(List.of("begin", "full 1", "full 2", "full 3", "full 4", "full 5", "end"),
                host.stdout().stream().filter(line -> !line.isEmpty()).toList());
        assertTrue(ours(host).size() <= mostLines, host::report);
        for (String line : ours(host)) {
            assertTrue(Errors.headings().contains(Errors.firstPhrase(line)), line);
        }
    }

    /** The agent's lines on stderr, without who says it. */
    private static List<String> ours(HostJvm host) {
        String who = "bpf-agent: ";
        return host.stderr().stream().filter(line -> line.startsWith(who)).map(line -> line.substring(who.length()))
                .toList();
    }

    static List<Jdk> jdksWithSecurityManager() {
        return Jdks.all().stream().filter(jdk -> jdk.release() < 24).toList();
    }

    @ParameterizedTest
    @MethodSource("jdksWithSecurityManager")
    void obeysASecurityManager(Jdk jdk) throws IOException {
        String all = "permission java.security.AllPermission; };\n";
        Path forHost = Files.writeString(directory.resolve("host.policy"),
                "grant codeBase \"file:" + HostJvm.testClasses() + "/-\" { " + all);
        Path forBoth = Files.writeString(directory.resolve("both.policy"), "grant { " + all);
        try (HostJvm refused = HostJvm.of(jdk).jvm("-Djava.security.manager", "-Djava.security.policy==" + forHost)
                .agent("").main(Errand.class).start();
                HostJvm allowed = HostJvm.of(jdk).jvm("-Djava.security.manager", "-Djava.security.policy==" + forBoth)
                .agent("").main(Errand.class).start()) {
            allowed.await("on");
            assertInKernel(allowed);
            assertEndsAsEver(refused, jdk);
            assertEndsAsEver(allowed, jdk);
            assertTrue(refused.stderr().get(2).startsWith("bpf-agent: Cannot start: java.security.Access"),
                    refused::report);
            assertEquals(3, refused.stderr().size(), refused::report);
            assertSilent(allowed);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void doesNotNeedUsdtNorJmx(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms,usdt=off,jmx=false,log=off").main(Errand.class)
                .start()) {
            JsonObject status = host.await("on");
            assertEquals("unsupported", UnprivilegedIT.probes(status).get("thread__start"), status::toString);
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            host.detach();
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void comesAndGoesInAPidNamespaceOfItsOwn(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).prefix(Prefixes.OWN_PIDS).agent("interval=100ms").main(Errand.class)
                .start()) {
            JsonObject status = host.await("on");
            assertEquals(1, host.innerPid());
            assertEquals(1, status.get("pid").getAsInt());
            Report report = host.freshReport();
            assertEquals(3, report.threads("pool-1-thread-").size());
            assertTrue(report.threads().stream().allMatch(thread -> thread.tid() < 200),
                    () -> report.threads().toString());
            assertTrue(Cli.run("detach", host.pid()).assertDone().startsWith("detached"));
            assertNothingInKernel(host);
            assertTrue(Cli.run(host.pid()).assertDone().startsWith("attached"));
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }
}
