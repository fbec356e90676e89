package io.bpfagent.it.hostile;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static io.bpfagent.it.guest.Unharmed.linesOfTheAgent;
import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertEndsRight;
import static io.bpfagent.it.hostile.WorkingHost.assertWorkedRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.it.guest.Cli;
import io.bpfagent.it.guest.Errors;
import io.bpfagent.workload.FullHeap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Something has run out that host and agent share: file descriptors, heap, a disk. */
class NoRoomIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TIMES = 23;
    private static final long MS = 1_000_000;
    private static final String AGENT = "bpf-agent";
    private static final String TOO_FEW = "Too few file descriptors";
    private static final String NO_CHANNEL = "Cannot open the control channel";
    private static final String NO_LIBRARIES = "Cannot extract the native libraries";
    /** No file can be made in such a /tmp, nor a directory; nobody else sees it so. */
    private static final String[] FULL_TMP = {"unshare", "-m", "sh", "-c",
        "mount -t tmpfs -o nr_inodes=1 tmpfs /tmp && exec \"$@\"", "sh"};

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aHostWithFewDescriptorsKeepsThem(Jdk jdk) {
        try (HostJvm host = SceneHost.command(jdk).start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "work");
            // So few that not even who asks could be let in.
            leaveDescriptors(host, 8);
            host.attach(SceneHost.INTERVAL);
            Await.until(SOON, host::report, () -> phrases(host).size() == 2 && !hasAgent(host));
            assertNothingInKernel(host);
            leaveDescriptors(host, 60);
            host.attach(SceneHost.INTERVAL);
            assertTrue(host.await("failed").get("error").getAsString().startsWith(TOO_FEW));
            assertNothingInKernel(host);
            host.detach();
            leaveDescriptors(host, 1_000);
            host.attach(SceneHost.INTERVAL);
            host.await("on");
            assertAddsUp(host.freshReport());
            OurBpf held = assertInKernel(host);
            assertWorkedRight(host);
            assertEquals(List.of(TOO_FEW, NO_CHANNEL, TOO_FEW), phrases(host));
            held.awaitGone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void anAgentThatIsOnCountsOnWithoutDescriptors(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(jdk, SceneHost.INTERVAL)) {
            // Its classes are loaded then.
            SceneHost.play(host, "sleep-many 1 1 1");
            leaveDescriptors(host, 0);
            SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
            leaveDescriptors(host, 1_000);
            assertAddsUp(host.freshReport());
            assertEquals(TIMES, host.histogramOfPool("blocked_sleep", "dozing-#").countFrom(18 * MS));
            assertEquals("on", host.status().get("state").getAsString());
            assertEndsRight(host);
        }
    }

    /** From the first number on that the host has not in use. */
    private static void leaveDescriptors(HostJvm host, int count) {
        long next = 1 + Tools.run("ls", "/proc/" + host.pid() + "/fd").lines().mapToLong(Long::parseLong).max()
                .orElseThrow();
        Tools.run("prlimit", "--pid", Long.toString(host.pid()), "--nofile=" + (next + count) + ":");
    }

    /** {@code bpf-agent}, by the kernel's word: nobody may be there to ask. */
    private static boolean hasAgent(HostJvm host) {
        return HeldThread.tasks(host.pid()).anyMatch(task -> HeldThread.comm(task).equals(AGENT));
    }

    /** The first phrases of what the agent has said, each of which is explained. */
    private static List<String> phrases(HostJvm host) {
        List<String> phrases = linesOfTheAgent(host).stream().map(Errors::firstPhrase).toList();
        assertTrue(Errors.headings().containsAll(phrases), phrases::toString);
        return phrases;
    }

    /**
     * Asked all the time, so that the thread that answers needs memory too. The heap stays full until the JVM has
     * thrown the error into the agent's own thread, by its own log.
     */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFullHeapEndsTheAgentAtWorst(Jdk jdk) {
        Path thrown = directory.resolve("thrown.log");
        try (HostJvm host = HostJvm.of(jdk).jvm("-Xmx24m", "-XX:+UseSerialGC",
                "-Xlog:exceptions:file=" + thrown + ":tid:filecount=0").agent(SceneHost.INTERVAL)
                .main(FullHeap.class, "held").start()) {
            host.await("on");
            String tid = tidOfTheAgent(host);
            host.send("");
            Await.until(SOON, host::report, () -> {
                state(host);
                return hasHadNoMemory(thrown, tid);
            });
            host.send("");
            Await.until(SOON, host::report, () -> !state(host).isEmpty() && host.stdout().contains("full 5")
                    || !hasAgent(host));
            host.awaitLine("full 5");
            // On, failed with nothing left, or gone; never there and out of reach.
            Await.until(SOON, host::report, () -> !hasAgent(host) || !state(host).isEmpty());
            if (!state(host).equals("on")) {
                assertNothingInKernel(host);
                if (state(host).equals("failed")) {
                    host.detach();
                }
                Await.until(SOON, host::report, () -> !hasAgent(host));
                host.attach(SceneHost.INTERVAL);
                host.await("on");
            }
            assertAddsUp(host.freshReport());
            OurBpf held = assertInKernel(host);
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            assertEquals(List.of("begin", "full 1", "full 2", "full 3", "full 4", "full 5", "end"),
                    host.stdout().stream().filter(line -> !line.isEmpty()).toList());
            assertTrue(phrases(host).size() <= 2, host::report);
            held.awaitGone();
        }
    }

    /** Of its own thread, not of the one that answers. */
    private static String tidOfTheAgent(HostJvm host) {
        return HeldThread.tasks(host.pid()).filter(task -> HeldThread.comm(task).equals(AGENT)).findFirst()
                .orElseThrow().getFileName().toString();
    }

    private static boolean hasHadNoMemory(Path thrown, String tid) {
        Pattern error = Pattern.compile("\\[" + tid + " *] ?Exception <a 'java/lang/OutOfMemoryError'.*");
        try (Stream<String> lines = Files.lines(thrown)) {
            return lines.anyMatch(line -> error.matcher(line).matches());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty where nobody answers within a second, or it cannot be told for want of memory. */
    private static String state(HostJvm host) {
        // The JDK itself may lose a connection that it has just taken when there is no memory for it.
        return CompletableFuture.supplyAsync(() -> askState(host)).completeOnTimeout("", 1, TimeUnit.SECONDS).join();
    }

    private static String askState(HostJvm host) {
        try {
            JsonObject answer = host.control().ask(ControlClient.request("status"));
            return answer.has("state") ? answer.get("state").getAsString() : "";
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFullTmpKeepsTheAgentOutUntilThereIsRoom(Jdk jdk) {
        try (HostJvm host = SceneHost.command(jdk, "-XX:-UsePerfData").prefix(FULL_TMP).agent(SceneHost.INTERVAL)
                .start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "work");
            Await.until(SOON, host::report, () -> host.stderr().stream().anyMatch(line -> line.contains(NO_CHANNEL)));
            Await.until(SOON, host::report, () -> !hasAgent(host));
            assertNothingInKernel(host);
            Tools.run("nsenter", "-t", Long.toString(host.pid()), "-m", "mount", "-o",
                    "remount,nr_inodes=1000", "/tmp");
            assertEquals(0, Cli.run(host.pid(), SceneHost.INTERVAL).exitCode());
            assertAddsUp(host.freshReport());
            OurBpf held = assertInKernel(host);
            assertWorkedRight(host);
            assertEquals(List.of(NO_LIBRARIES, NO_CHANNEL), phrases(host));
            held.awaitGone();
        }
    }

    /** The agent is on and loses the directory in which it listens. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aTmpThatFillsUpWhileItIsOnHarmsNobody(Jdk jdk) {
        try (HostJvm host = WorkingHost.start(SceneHost.command(jdk, "-XX:-UsePerfData").prefix(FULL_TMP[0],
                FULL_TMP[1],
                FULL_TMP[2], FULL_TMP[3], "mount -t tmpfs -o nr_inodes=100,size=8m tmpfs /tmp && exec \"$@\"", "sh"),
                SceneHost.INTERVAL)) {
            Tools.run("sh", "-c",
                    "head -c 9000000 /dev/zero > /proc/" + host.pid() + "/root/tmp/full 2> /dev/null || true");
            assertTrue(Files.exists(host.control().socket()));
            SceneHost.play(host, "sleep-many 1 " + TIMES + " 20");
            assertAddsUp(host.freshReport());
            assertEquals(TIMES, host.histogramOfThread("blocked_sleep", "dozing-1").countFrom(18 * MS));
            assertSilent(host);
            assertEndsRight(host);
        }
    }
}
