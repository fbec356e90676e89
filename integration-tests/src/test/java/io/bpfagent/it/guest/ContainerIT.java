package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM in a container, from the host by the host's PID and from inside by its own. */
class ContainerIT {
    private static final List<String> REPORTS =
            List.of("status", "threads", "hist", "pauses", "events", "remotes", "disks");

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyVerbWorksFromTheHost(Jdk jdk) {
        try (HostJvm host = new Container(directory).host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            assertEquals(1, host.innerPid());
            JsonObject jvm = CliJson.listed(Cli.run("list", "--format", "json"), host.pid());
            assertEquals("[\"pid\",\"mnt\"]", jvm.getAsJsonObject("container").get("namespaces").toString());
            assertEquals(1, jvm.getAsJsonObject("container").get("innerPid").getAsInt());
            assertEquals("off", jvm.get("agent").getAsString());
            assertTrue(jvm.get("jdk").getAsString().startsWith(jdk.release() + "."), jvm::toString);
            assertEquals(0, Cli.run("doctor", host.pid()).exitCode());

            assertTrue(Cli.run("attach", host.pid(), "interval=100ms,max-cost=off").stdout().get(0)
                    .startsWith("attached to " + host.pid()));
            OurBpf held = assertInKernel(host);
            for (String verb : REPORTS) {
                assertReports(Cli.run(verb, host.pid()), host.pid());
            }
            assertEquals(0, Cli.run("probe", host.pid(), "search", "uprobe:libc.so.6:getaddrinfo").exitCode());
            Cli.run("probe", host.pid(), "add", "lookups", "uprobe:libc.so.6:getaddrinfo").assertDone();
            assertReports(Cli.run("probe", host.pid(), "list"), host.pid());
            Cli.run("detach", host.pid()).assertDone();
            held.awaitGone();
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyVerbWorksFromInside(Jdk jdk) {
        try (HostJvm host = new Container(directory).host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            JsonObject jvm = CliJson.listed(Container.inside(host, "list", "--format", "json"), 1);
            assertFalse(jvm.get("container").isJsonObject(), jvm::toString);
            assertEquals(0, Container.inside(host, "doctor", "Errand").exitCode());
            assertTrue(Container.inside(host, "attach", "Errand", "interval=100ms,max-cost=off").stdout().get(0)
                    .startsWith("attached to 1"));
            OurBpf held = assertInKernel(host);
            for (String verb : REPORTS) {
                assertReports(Container.inside(host, verb, 1), 1);
            }
            assertEquals(0, Container.inside(host, "probe", 1, "search", "uprobe:libc.so.6:getaddrinfo").exitCode());
            // What was attached from inside is there from the host.
            assertReports(Cli.run("threads", host.pid()), host.pid());
            Container.inside(host, "detach", 1).assertDone();
            held.awaitGone();
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void rootAttachesToAnotherUsersJvmThere(Jdk jdk) {
        try (HostJvm host = new Container(directory).asUserWith("+bpf,+perfmon").host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            assertEquals(Integer.toString(Container.USER),
                    CliJson.listed(Cli.run("list", "--format", "json"), host.pid()).get("user").getAsString());
            assertEquals(0, Cli.run("doctor", host.pid()).exitCode());
            Cli.run("attach", host.pid()).assertDone();
            assertReports(Cli.run("threads", host.pid()), host.pid());
            Cli.run("detach", host.pid()).assertDone();
            assertSilent(host);
        }
    }

    /**
     * As a service with PrivateTmp, or docker run --pid=host: the JDK itself looks for such a JVM's socket in the
     * wrong /tmp.
     */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void attachesWhereOnlyTheRootDirectoryDiffers(Jdk jdk) {
        try (HostJvm host = new Container(directory).withPidsOfTheHost().host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            assertEquals(host.pid(), host.innerPid());
            assertEquals("[\"mnt\"]", CliJson.listed(Cli.run("list", "--format", "json"), host.pid())
                    .getAsJsonObject("container").get("namespaces").toString());
            assertEquals(0, Cli.run("doctor", host.pid()).exitCode());
            for (int i = 0; i < 2; i++) { // the first asks the JVM to listen, the second finds it listening
                Cli.run("attach", host.pid()).assertDone();
                assertReports(Cli.run("threads", host.pid()), host.pid());
                Cli.run("detach", host.pid()).assertDone();
            }
            assertSilent(host);
        }
    }

    /** A rootless container: root of the host is nobody there, and the JVM's capabilities do not count for BPF. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aJvmInAUserNamespaceIsHandedThePrograms(Jdk jdk) {
        try (HostJvm host = new Container(directory).rootless().host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            JsonObject jvm = CliJson.listed(Cli.run("list", "--format", "json"), host.pid());
            assertEquals("[\"pid\",\"mnt\",\"user\"]", jvm.getAsJsonObject("container").get("namespaces").toString());
            assertEquals("off", jvm.get("agent").getAsString());
            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(0, doctor.exitCode(), doctor::toString);
            String capabilities = CliJson.condition(doctor, "capabilities").get("value").getAsString();
            assertTrue(capabilities.endsWith("do not count for BPF: you hand it the programs"), capabilities);
            assertTrue(Cli.run("attach", host.pid(),
                    "interval=100ms,max-cost=off").stdout().get(0).startsWith("attached to "));
            for (String verb : REPORTS) {
                assertReports(Cli.run(verb, host.pid()), host.pid());
            }
            Cli.run("detach", host.pid()).assertDone();
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whereNothingCanBeWrittenOneLineSaysSo(Jdk jdk) {
        try (HostJvm host = new Container(directory).readOnly().host(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            Cli doctor = Cli.run("doctor", host.pid(), "--format", "json");
            assertEquals(1, doctor.exitCode());
            assertEquals("on a file system that is mounted read-only",
                    CliJson.condition(doctor, "its /tmp").get("value").getAsString());
            Cli.run("attach", host.pid()).assertFailed("Cannot copy the agent's jar", "Read-only file system");
            assertSilent(host);
        }
    }

    private static void assertReports(Cli cli, long pid) {
        assertEquals(0, cli.exitCode(), cli::toString);
        assertEquals(List.of(), cli.stderr());
        assertTrue(cli.stdout().get(0).startsWith("JVM " + pid + " (io.bpfagent.workload.Errand)"), cli::toString);
    }
}
