package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import io.bpfagent.workload.OwnSecurityManager;
import io.bpfagent.workload.OwnSystemLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Applications with a system class loader, a security manager or a stderr of their own, before and after the agent
 * comes.
 */
class HostRulesIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    static List<Jdk> jdksWithSecurityManager() {
        return Jdks.all().stream().filter(jdk -> jdk.release() < 24).toList();
    }

    /** Without CDS, of which the JDK says that it does without under such a loader. */
    private static HostCommand ownLoader(Jdk jdk, Class<?> loader) {
        return HostJvm.of(jdk).jvm("-Xshare:off", "-Djava.system.class.loader=" + loader.getName());
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void livesUnderASystemClassLoaderOfTheHosts(Jdk jdk) {
        try (HostJvm host = ownLoader(jdk, OwnSystemLoader.Open.class).agent("interval=100ms").main(Errand.class)
                .start()) {
            host.await("on");
            assertInKernel(host);
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            assertTrue(Cli.run("detach", host.pid()).assertDone().startsWith("detached"));
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void isAttachedUnderASystemClassLoaderThatTakesAgents(Jdk jdk) {
        try (HostJvm host = ownLoader(jdk, OwnSystemLoader.Open.class).main(Errand.class).start()) {
            host.awaitLine("begin");
            for (int time = 0; time < 2; time++) {
                assertTrue(Cli.run(host.pid(), "interval=100ms").assertDone().startsWith("attached"));
                assertInKernel(host);
                assertTrue(Cli.run("detach", host.pid()).assertDone().startsWith("detached"));
                assertNothingInKernel(host);
            }
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void saysThatASystemClassLoaderTakesNoAgents(Jdk jdk) {
        try (HostJvm host = ownLoader(jdk, OwnSystemLoader.class).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli.run(host.pid()).assertFailed("Cannot attach: the JVM could not load the agent", "");
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void livesWithoutAStandardError(Jdk jdk) {
        String[] closed = {"sh", "-c", "exec \"$0\" \"$@\" 2>&-"};
        try (HostJvm host = HostJvm.of(jdk).prefix(closed).agent("interval=100ms").main(Errand.class).start()) {
            host.await("on");
            assertInKernel(host);
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            host.detach();
            assertNothingInKernel(host);
            // A line that nobody can read: it must not get into what has the number of stderr now.
            host.attach("btf=/nonexistent");
            assertTrue(host.await("failed").get("error").getAsString().startsWith("No kernel BTF"));
            host.detach();
            Cli.run(host.pid(), "interval=100ms").assertDone();
            assertInKernel(host);
            assertEndsAsEver(host, jdk);
            assertEquals(List.of(), host.stderr());
        }
    }

    private Path policy(boolean ours) throws IOException {
        String all = "permission java.security.AllPermission; };\n";
        return Files.writeString(directory.resolve("host.policy"), ours ? "grant { " + all
                : "grant codeBase \"file:" + HostJvm.testClasses() + "/-\" { " + all);
    }

    private static HostJvm secured(Jdk jdk, Path policy, String arguments) {
        return HostJvm.of(jdk).jvm("-Djava.security.manager=allow", "-Djava.security.policy==" + policy)
                .agent(arguments).main(OwnSecurityManager.class).start();
    }

    private static void assertRunsOn(HostJvm host) {
        host.send("end");
        assertEquals(0, host.awaitExit(), host::report);
        assertEquals(List.of("begin", "secure", "end"), host.stdout(), host::report);
    }

    @ParameterizedTest
    @MethodSource("jdksWithSecurityManager")
    void worksOnUnderASecurityManagerThatAllowsIt(Jdk jdk) throws IOException {
        try (HostJvm host = secured(jdk, policy(true), "interval=100ms")) {
            host.await("on");
            host.send("secure");
            host.awaitLine("secure");
            assertTrue(host.freshReport().thread("main").wallNs() > 0);
            host.detach();
            assertNothingInKernel(host);
            Cli.run(host.pid()).assertDone();
            assertInKernel(host);
            assertRunsOn(host);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("jdksWithSecurityManager")
    void goesWithOneLineWhenItIsAskedUnderASecurityManagerThatForbidsIt(Jdk jdk) throws IOException {
        try (HostJvm host = secured(jdk, policy(false), "interval=100ms")) {
            host.await("on");
            host.send("secure");
            host.awaitLine("secure");
            // It goes on as long as it needs nothing that is forbidden now.
            Await.sleep(300);
            assertInKernel(host);
            assertEquals(1, Cli.run("status", host.pid()).exitCode());
            Await.until(SOON, host::report, () -> OurBpf.heldBy(host.pid()).isEmpty());
            assertNothingInKernel(host);
            assertRunsOn(host);
            List<String> ours = ours(host);
            assertEquals(1, ours.size(), host::report);
            Errors.assertExplained("Stopped by a security manager", "access denied", ours.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("jdksWithSecurityManager")
    void saysThatASecurityManagerForbidsIt(Jdk jdk) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).jvm("-Djava.security.manager", "-Djava.security.policy==" + policy(false))
                .main(Errand.class).start()) {
            host.awaitLine("begin");
            host.attach("");
            Await.until(SOON, host::report, () -> !ours(host).isEmpty());
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertEquals(1, ours(host).size(), host::report);
            assertTrue(ours(host).get(0).startsWith("Cannot start: java.security.AccessControlException"),
                    host::report);
        }
    }

    /** Nobody in that JVM may open a socket to say so; who attaches sees that there is no thread of the agent. */
    @ParameterizedTest
    @MethodSource("jdksWithSecurityManager")
    void whoAttachesUnderASecurityManagerThatForbidsItIsToldAtOnce(Jdk jdk) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).jvm("-Djava.security.manager", "-Djava.security.policy==" + policy(false))
                .main(Errand.class).start()) {
            host.awaitLine("begin");
            long began = System.nanoTime();
            Cli.run(host.pid()).assertFailed("The agent did not start", "a permission that its policy does not grant");
            assertTrue(System.nanoTime() - began < SOON.toNanos(), "it waited for somebody who had gone");
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
        }
    }

    private static List<String> ours(HostJvm host) {
        String who = "bpf-agent: ";
        return host.stderr().stream().filter(line -> line.startsWith(who)).map(line -> line.substring(who.length()))
                .toList();
    }
}
