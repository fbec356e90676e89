package io.bpfagent.it.hostile;

import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.linesOfTheAgent;
import static io.bpfagent.it.hostile.WorkingHost.assertAddsUp;
import static io.bpfagent.it.hostile.WorkingHost.assertWorkedRight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.guest.Cli;
import io.bpfagent.it.guest.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A disk that fills up in the middle of what is copied or unpacked to it: the agent's jar, then its libraries, one
 * after the other. Of what there was no room for nothing may stay, and with room it works.
 */
class HalfRoomIT {
    private static final String NO_COPY = "Cannot copy the agent's jar";
    private static final String NO_START = "The agent did not start";
    private static final String NO_LIBRARIES = "Cannot extract the native libraries";
    private static final String NO_OWN_LIBRARIES = "Cannot load this command's native libraries";
    private static final String FULL = "No space left on device";
    private static final String ROOM = "64m";

    @TempDir
    Path directory;

    /** {@code attach-cli} brings all of it into the host's /tmp. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aTmpWithRoomForAPartKeepsTheAgentOutUntilThereIsMore(Jdk jdk) throws IOException {
        long jar = Files.size(HostJvm.agentJar());
        try (SmallDisk disk = SmallDisk.mount(directory, Long.toString(jar / 2));
                HostJvm host = SceneHost.command(jdk, "-XX:-UsePerfData").prefix(disk.asTmp()).start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "work");
            Cli.run(host.pid(), SceneHost.INTERVAL).assertFailed(NO_COPY, FULL + ". Make room");
            assertNothingLeft(host, disk);
            disk.grow(Long.toString(jar + allButHalfOfTheLast(librarySizes())));
            Cli.run(host.pid(), SceneHost.INTERVAL).assertFailed(NO_START, NO_LIBRARIES + ": java.io.IOException: "
                    + FULL + " (tmpdir=/tmp)");
            assertNothingLeft(host, disk);
            // The JVM keeps the jar open that it has loaded: its room is not free again.
            disk.grow(ROOM);
            Cli attached = Cli.run(host.pid(), SceneHost.INTERVAL);
            assertEquals(0, attached.exitCode(), attached::toString);
            assertOnAndEndsRight(host);
            assertEquals(List.of(NO_LIBRARIES), linesOfTheAgent(host).stream().map(Errors::firstPhrase).toList());
        }
    }

    /** The JVM has been started with the agent, and the disk is another than /tmp. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aTmpdirWithRoomForAPartKeepsTheAgentFromBeginning(Jdk jdk) throws IOException {
        String arguments = SceneHost.INTERVAL + ",tmpdir=" + directory;
        try (SmallDisk disk = SmallDisk.mount(directory, Long.toString(halfOfTheFirst(librarySizes())));
                HostJvm host = SceneHost.command(jdk).agent(arguments).start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "work");
            String error = host.await("failed").get("error").getAsString();
            Errors.assertExplained(NO_LIBRARIES, FULL + " (tmpdir=" + directory + ")", error);
            assertNothingLeft(host, disk);
            host.detach();
            disk.grow(ROOM);
            host.attach(arguments);
            host.await("on");
            assertOnAndEndsRight(host);
            assertEquals(List.of(error), linesOfTheAgent(host));
        }
    }

    /** To ask a JVM with another /tmp to listen, the command unpacks the same libraries for itself. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aCommandWithoutRoomForItsOwnLibrariesLeavesTheHostAlone(Jdk jdk) throws IOException {
        // 32 KiB are the command's JVM's own.
        try (SmallDisk disk = SmallDisk.mount(directory, Long.toString(32_768 + halfOfTheFirst(librarySizes())));
                HostJvm host = SceneHost.command(jdk).start()) {
            host.awaitLine("ready");
            SceneHost.play(host, "work");
            List<String> before = List.of(disk.asTmp());
            Cli.run(before, HostJvm.cliJar(), host.pid(), SceneHost.INTERVAL).assertFailed(NO_OWN_LIBRARIES, FULL
                    + " (tmpdir=/tmp). Name another directory: java -Djava.io.tmpdir=");
            assertNothingLeft(host, disk);
            assertFalse(Files.exists(Path.of("/tmp/.bpf-agent-jar-" + host.pid())));
            assertFalse(Files.exists(Path.of("/tmp/.attach_pid" + host.pid())));
            disk.grow(ROOM);
            Cli attached = Cli.run(before, HostJvm.cliJar(), host.pid(), SceneHost.INTERVAL);
            assertEquals(0, attached.exitCode(), attached::toString);
            assertOnAndEndsRight(host);
            assertEquals(List.of(), linesOfTheAgent(host));
        }
    }

    /** But what the JVMs themselves have made: one its socket, the other a directory for what it tells of itself. */
    private static void assertNothingLeft(HostJvm host, SmallDisk disk) throws IOException {
        assertEquals(List.of(), disk.files().stream()
                .filter(name -> !name.startsWith(".java_pid") && !name.startsWith("hsperfdata_")).toList());
        assertNothingInKernel(host);
    }

    private static void assertOnAndEndsRight(HostJvm host) {
        assertAddsUp(host.freshReport());
        OurBpf held = assertInKernel(host);
        assertWorkedRight(host);
        held.awaitGone();
    }

    private static long halfOfTheFirst(List<Long> sizes) {
        return sizes.get(0) / 2;
    }

    private static long allButHalfOfTheLast(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum() - sizes.get(sizes.size() - 1) / 2;
    }

    /** In the order in which they are unpacked. */
    private static List<Long> librarySizes() throws IOException {
        String folder = "META-INF/bpf-agent/lib/linux-"
                + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64") + "/";
        try (ZipFile jar = new ZipFile(HostJvm.agentJar().toFile());
                InputStream index = jar.getInputStream(jar.getEntry(folder + "index"))) {
            return new String(index.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(name -> jar.getEntry(folder + name).getSize()).toList();
        }
    }
}
