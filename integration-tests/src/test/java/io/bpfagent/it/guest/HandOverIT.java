package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertOnlyLine;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Report;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM of a user that owns nothing, without any capability: root loads its programs and hands them to it. */
class HandOverIT {
    private static final int SOMEBODY = 65533;
    private static final List<String> AS_SOMEBODY = List.of("setpriv", "--reuid", "" + SOMEBODY, "--regid",
            "" + SOMEBODY, "--clear-groups");

    @TempDir
    private static Path directory;
    private static PublicFiles files;

    @BeforeAll
    static void prepareFiles() {
        files = new PublicFiles(directory);
    }

    private static HostCommand nobodys(Jdk jdk) {
        return files.workloadsFor(HostJvm.of(jdk)).prefix(Prefixes.asNobody()).main(Errand.class);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void waitsUntilRootHandsThemOver(Jdk jdk) {
        try (HostJvm host = nobodys(jdk).agent(files.agentJar(), "interval=100ms").start()) {
            String line = host.await("waiting").get("error").getAsString();
            Errors.assertExplained("Waiting for privileges", "Complete it with: sudo attach-cli " + host.pid(), line);
            assertOnlyLine(line, host);
            assertNothingInKernel(host);
            assertFalse(host.control().ask(ControlClient.request("threads")).get("error").isJsonNull());

            assertTrue(Cli.run(host.pid()).stdout().get(0).startsWith("attached to " + host.pid()));
            JsonObject status = host.await("on");
            assertTrue(status.get("error").isJsonNull(), status::toString);
            assertEquals("0000000000000000", host.procStatus("CapEff"));
            Map<String, String> probes = UnprivilegedIT.probes(status);
            for (String probe : List.of("sched_switch", "sched_wakeup", "sched_wakeup_new", "seed_threads",
                    "hotspot_probe", "thread__start", "safepoint__begin", "look_at_connections", "call_begins")) {
                assertEquals("attached", probes.get(probe), probes::toString);
            }
            Report report = host.freshReport();
            assertEquals(3, report.threads("pool-1-thread-").size());
            assertTrue(report.thread("main").wallNs() > 0);
            assertTrue(host.histogram("runnable").count() > 0);
            long before = host.histogram("safepoint").count();
            Jcmd.run(jdk, host, "GC.run");
            Await.until(Duration.ofSeconds(20), () -> "a pause\n" + host.report(),
                    () -> host.histogram("safepoint").count() > before);

            OurBpf held = assertInKernel(host);
            assertTrue(Cli.run("detach", host.pid()).assertDone().startsWith("detached"));
            held.awaitGone();
            assertNothingInKernel(host);
            assertEndsAsEver(host, jdk);
            assertOnlyLine(line, host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void oneCommandIsEnoughForAJvmWithoutTheAgent(Jdk jdk) {
        try (HostJvm host = nobodys(jdk).start()) {
            host.awaitLine("begin");
            Cli attached = Cli.run(host.pid(), "interval=100ms");
            assertEquals(0, attached.exitCode(), attached::toString);
            assertEquals(List.of(), attached.stderr());
            assertEquals(3, host.freshReport().threads("pool-1-thread-").size());
            assertMaps(host);
            OurBpf held = assertInKernel(host);
            host.kill();
            held.awaitGone();
            assertSilent(host);
        }
    }

    /** By its PID here; it calls itself 1, or nearly so. */
    @Test
    void aJvmInANamespaceOfItsOwnGetsThemToo() {
        Jdk jdk = Jdks.all().get(0);
        List<String> prefix = new ArrayList<>(List.of(Prefixes.OWN_PIDS));
        prefix.addAll(List.of(Prefixes.asNobody()));
        try (HostJvm host = files.workloadsFor(HostJvm.of(jdk)).prefix(prefix.toArray(String[]::new))
                .agent(files.agentJar(), "interval=100ms").main(Errand.class).start()) {
            String line = host.await("waiting").get("error").getAsString();
            assertTrue(line.contains("sudo attach-cli " + host.innerPid() + " (in a container"), line);
            assertEquals(0, Cli.run(host.pid()).exitCode());
            Report report = host.freshReport();
            assertEquals(3, report.threads("pool-1-thread-").size());
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
        }
    }

    /** What it holds: no program, and only maps that it writes can be written. */
    private static void assertMaps(HostJvm host) {
        Set<String> writable = new TreeSet<>();
        try (Stream<Path> infos = Files.list(Path.of("/proc/" + host.pid() + "/fdinfo"))) {
            for (Path path : infos.toList()) {
                List<String> info = lines(path);
                assertTrue(info.stream().noneMatch(line -> line.startsWith("prog_type:")), info::toString);
                if (info.contains("frozen:\t0")) {
                    writable.add(value(info, "map_type") + " of " + value(info, "max_entries"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // supplies, controls, slow_limits; the rings of pauses and of slow events, where it notes how far it has read
        assertEquals(Set.of("2 of 3", "2 of 4096", "2 of 1", "27 of 524288", "27 of 65536"), writable);
    }

    private static List<String> lines(Path info) throws IOException {
        try {
            return Files.readAllLines(info);
        } catch (IOException e) {
            // closed meanwhile
            return List.of();
        }
    }

    private static String value(List<String> info, String key) {
        return info.stream().filter(line -> line.startsWith(key + ":")).findFirst().orElseThrow().split("\t")[1];
    }

    @Test
    void oneOfTheTwoCapabilitiesIsNotEnough() {
        Jdk jdk = Jdks.all().get(0);
        try (HostJvm host = files.workloadsFor(HostJvm.of(jdk)).prefix(Prefixes.asNobodyWith("+bpf"))
                .agent(files.agentJar(), "").main(Errand.class).start()) {
            String line = host.await("waiting").get("error").getAsString();
            assertTrue(line.startsWith("Waiting for privileges: CAP_PERFMON missing"), line);
            assertEndsAsEver(host, jdk);
            assertOnlyLine(line, host);
        }
    }

    @Test
    void itsOwnUserIsToldWhatCompletesIt() {
        Jdk jdk = Jdks.all().get(0);
        try (HostJvm host = nobodys(jdk).start()) {
            host.awaitLine("begin");
            for (int i = 0; i < 2; i++) {
                Cli.run(List.of(Prefixes.asNobody()), files.cliJar(), host.pid()).assertFailed(
                        "The agent waits for privileges", "Complete it with: sudo attach-cli " + host.pid());
            }
            assertEquals("waiting", host.status().get("state").getAsString());
            assertTrue(Cli.run(List.of(Prefixes.asNobody()), files.cliJar(), "detach", host.pid()).assertDone()
                    .startsWith("detached"));
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    /** Left by a JVM of root's that had the same number: in a sticky /tmp only root can take it away. */
    @Test
    void aFileInTheWayIsNamedToItsOwnUserAndRemovedByRoot() throws IOException {
        Jdk jdk = Jdks.all().get(0);
        try (HostJvm host = nobodys(jdk).start()) {
            host.awaitLine("begin");
            Path file = Files.createFile(Path.of("/tmp/.java_pid" + host.pid()));
            Cli.run(List.of(Prefixes.asNobody()), files.cliJar(), host.pid()).assertFailed(
                    "Cannot attach: another user's file is in the way", "sudo rm " + file);
            assertEquals(0, Cli.run(host.pid()).exitCode());
            assertEquals("on", host.status().get("state").getAsString());
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }

    /** Neither can it be attached to, nor asked, nor given anything. */
    @Test
    void anotherUserGetsNothing() {
        Jdk jdk = Jdks.all().get(0);
        try (HostJvm host = nobodys(jdk).start()) {
            host.awaitLine("begin");
            Cli.run(AS_SOMEBODY, files.cliJar(), host.pid()).assertFailed("Cannot attach: another user's process",
                    "you are uid " + SOMEBODY);
            assertEquals(0, Cli.run(host.pid()).exitCode());
            for (String verb : List.of("status", "threads", "events", "detach")) {
                Cli.run(AS_SOMEBODY, files.cliJar(), verb, host.pid())
                        .assertFailed("Cannot reach the agent: another user's process", "Run the command");
            }
            Cli.run(AS_SOMEBODY, files.cliJar(), host.pid())
                    .assertFailed("Cannot attach: another user's process", "you are uid " + SOMEBODY);
            assertNoPorts(host);
            assertEndsAsEver(host, jdk);
        }
    }

    /** Nothing in this process listens on a network port. */
    private static void assertNoPorts(HostJvm host) {
        List<String> listening = new ArrayList<>();
        Path process = Path.of("/proc/" + host.pid());
        try (Stream<Path> fds = Files.list(process.resolve("fd"))) {
            for (Path fd : fds.toList()) {
                String file = Files.exists(fd, LinkOption.NOFOLLOW_LINKS)
                        ? Files.readSymbolicLink(fd).toString() : "";
                for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
                    for (String line : Files.readAllLines(process.resolve("net/" + protocol))) {
                        String[] words = line.strip().split("\\s+");
                        if (words.length > 9 && file.equals("socket:[" + words[9] + "]")) {
                            listening.add(line);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(List.of(), listening);
    }

    /** Root's process loads what root alone could have written, whatever it is told. */
    @Test
    void rootLoadsNoLibraryThatTheJvmsUserCouldChange() throws IOException {
        Path library = Files.copy(files.agentJar(), directory.resolve("libbpf.so.1"));
        Files.setAttribute(library, "unix:uid", Prefixes.NOBODY);
        Jdk jdk = Jdks.all().get(0);
        try (HostJvm host = nobodys(jdk).agent(files.agentJar(), "").start()) {
            host.await("waiting");
            Cli.run(host.pid(), "libbpf=" + library).assertFailed("Cannot hand over the BPF programs",
                    library + " belongs to uid " + Prefixes.NOBODY);
            assertEquals("waiting", host.await("waiting").get("state").getAsString());
            assertNothingInKernel(host);
            assertEquals(0, Cli.run(host.pid()).exitCode());
            host.await("on");
            assertEndsAsEver(host, jdk);
        }
    }
}
