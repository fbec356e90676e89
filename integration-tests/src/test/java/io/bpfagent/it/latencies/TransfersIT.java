package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.SlowReport.SlowEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JDK reads and writes, of files and of sockets. */
class TransfersIT {
    private static final long TIMES = 23;
    private static final long FEW = 5;
    private static final long LATE_MS = 200;
    private static final String ASKED =
            SceneHost.INTERVAL + ",metrics=all+file_read+file_write+socket_read+socket_write";
    private static final Map<String, Map<String, Long>> COUNTS = Map.ofEntries(
            Map.entry("moves stream in", Map.of("file_read", TIMES)),
            Map.entry("moves byte in", Map.of("file_read", TIMES)),
            Map.entry("moves stream out", Map.of("file_write", TIMES)),
            Map.entry("moves byte out", Map.of("file_write", TIMES)),
            Map.entry("moves random", Map.of("file_read", 2 * TIMES, "file_write", 2 * TIMES)),
            Map.entry("moves channel", Map.of("file_read", 3 * TIMES, "file_write", 3 * TIMES)),
            Map.entry("moves socket out", Map.of("socket_write", TIMES)),
            Map.entry("moves socket in", Map.of("socket_read", TIMES)),
            Map.entry("moves timed out", Map.of("socket_write", TIMES)),
            Map.entry("moves timed in", Map.of("socket_read", TIMES)),
            Map.entry("moves socket channel out", Map.of("socket_write", 2 * TIMES)),
            Map.entry("moves socket channel in", Map.of("socket_read", 2 * TIMES)),
            Map.entry("moves unix out", Map.of("socket_write", 2 * TIMES)),
            Map.entry("moves unix in", Map.of("socket_read", 2 * TIMES)),
            Map.entry("moves nothing", Map.of()),
            Map.entry("moves packet out", Map.of("socket_write", TIMES)),
            Map.entry("moves packet in", Map.of("socket_read", TIMES)),
            Map.entry("moves pipe out", Map.of("file_write", TIMES)),
            Map.entry("moves pipe in", Map.of("file_read", TIMES)));
    @TempDir
    private Path directory;

    /** On each JDK, and where the layout of an object or what a handle points to is another. */
    private static Stream<Arguments> hosts() {
        List<Arguments> hosts = new ArrayList<>();
        Jdks.all().forEach(jdk -> {
            hosts.add(Arguments.of(jdk, "-XX:+UseSerialGC"));
            hosts.add(Arguments.of(jdk, "-XX:+UseZGC"));
            hosts.add(Arguments.of(jdk, jdk.release() < 25 ? "-XX:-UseCompressedClassPointers"
                    : "-XX:+UseCompactObjectHeaders"));
        });
        return hosts.stream();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void twentyThreeOfEachKindAreTwentyThree(Jdk jdk, String flag) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, ASKED, flag)) {
            assertTwentyThreeOfEach(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeOfEachKindAreTwentyThreeAfterAttaching(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.command(jdk).start()) {
            host.awaitLine("ready");
            // As compiled code calls natives, which is in a way of its own; no more than packets have room.
            SceneHost.play(host, "transfers 250 " + Files.createTempDirectory(directory, "before"));
            host.attach(ASKED);
            host.await("on");
            // Of the same names, and counted as one: the threads of before wait for good.
            assertTwentyThreeOfEach(host);
        }
    }

    private void assertTwentyThreeOfEach(HostJvm host) throws IOException {
        SceneHost.play(host, "transfers " + TIMES + " " + Files.createTempDirectory(directory, "transfers"));
        Lost.assertNothing(host.freshReport());
        List<Executable> checks = new ArrayList<>();
        COUNTS.forEach((thread, counts) -> {
            checks.add(() -> assertEquals(counts, CallCounts.ofThread(host, thread), "thread " + thread));
            checks.add(() -> assertEquals(counts, CallCounts.ofPool(host, thread), "pool " + thread));
        });
        assertAll(checks);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aReadThatWaitsTakesAsLongAsItWaits(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ASKED)) {
            SceneHost.play(host, "late-byte 10"); // so that classes are loaded
            long[] before = {sumMs(host, "socket_read", "waits for socket"), sumMs(host, "file_read", "waits for pipe"),
                sumMs(host, "socket_read", "waits in time")};
            SceneHost.play(host, "late-byte " + LATE_MS);
            host.freshReport();
            assertAboutLate(sumMs(host, "socket_read", "waits for socket") - before[0]);
            assertAboutLate(sumMs(host, "file_read", "waits for pipe") - before[1]);
            long inTime = sumMs(host, "socket_read", "waits in time") - before[2];
            assertTrue(inTime < LATE_MS / 4, () -> "it waits in poll, not in the read: " + inTime + " ms");
            assertEquals(2, host.histogramOfThread("socket_read", "waits in time").count());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aReadThatWaitsForLongIsASlowEvent(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ASKED + ",slow.socket_read=100ms")) {
            SceneHost.play(host, "late-byte 10");
            SceneHost.play(host, "late-byte " + LATE_MS);
            SlowReport events = host.freshEvents();
            List<SlowEntry> ofSocket = events.of("waits for socket", "socket_read");
            assertEquals(1, ofSocket.size(), host::report);
            assertAboutLate(ofSocket.get(0).durationNs() / 1_000_000);
            assertTrue(ofSocket.get(0).stack().stream().anyMatch(frame -> frame.contains("Transfers")), host::report);
            // Of files and what is like them the limit of all holds.
            assertTrue(events.of("waits for pipe", "file_read").stream()
                    .anyMatch(event -> event.durationNs() > LATE_MS * 900_000), host::report);
            assertEquals(List.of(), events.of("waits in time", "socket_read"));
        }
    }

    /** What a native is given leads to it, whether it waits or not. So few that the ring has room for all of them. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aCallOnADescriptorNamesFileOrPeer(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, ASKED
                + ",slow=off,slow.file_write=0,slow.socket_write=0,slow.socket_connect=0")) {
            Path place = Files.createTempDirectory(directory, "named");
            SceneHost.play(host, "transfers " + FEW + " " + place);
            SlowReport events = host.freshEvents();
            List<SlowEntry> ofChannel = events.of("moves channel", "file_write");
            assertEquals(3 * FEW, ofChannel.size(), host::report);
            for (SlowEntry event : ofChannel) {
                assertTrue(event.on().getOrDefault("path", "").startsWith(place + "/"), event::toString);
            }
            for (String thread : List.of("moves socket out", "moves socket channel out")) {
                List<SlowEntry> ofSocket = events.of(thread, "socket_write");
                assertEquals(COUNTS.get(thread).get("socket_write") / TIMES * FEW, ofSocket.size(), host::report);
                for (SlowEntry event : ofSocket) {
                    assertTrue(event.on().getOrDefault("address", "").matches("127\\.0\\.0\\.1:[1-9][0-9]*"),
                            event::toString);
                }
            }
            assertTrue(events.of("moves unix out", "socket_write").stream()
                    .allMatch(event -> event.on().equals(Map.of("address", "unix"))), host::report);
            assertEquals(0, events.loss("lost_slow_events"));
        }
    }

    private static long sumMs(HostJvm host, String metric, String thread) {
        host.freshReport();
        return host.histogramOfThread(metric, thread).sumNs() / 1_000_000;
    }

    private static void assertAboutLate(long ms) {
        assertTrue(ms > LATE_MS * 9 / 10 && ms < LATE_MS * 3, () -> "took " + ms + " ms");
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void oneMetricAloneCountsNoOther(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",metrics=running+socket_write")) {
            SceneHost.play(host, "transfers " + TIMES + " " + Files.createTempDirectory(directory, "transfers"));
            Lost.assertNothing(host.freshReport());
            for (Map.Entry<String, Map<String, Long>> entry : COUNTS.entrySet()) {
                Histogram counted = host.histogramOfThread("socket_write", entry.getKey());
                assertEquals(entry.getValue().getOrDefault("socket_write", 0L), counted.count(), entry.getKey());
            }
        }
    }
}
