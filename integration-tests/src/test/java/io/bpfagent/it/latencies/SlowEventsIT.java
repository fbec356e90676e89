package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.SlowReport.SlowEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What single waits and calls tell: for what, since when, and who ended them. */
class SlowEventsIT {
    private static final int TIMES = 23;
    private static final int PINGS = 50_000;
    private static final long MS = 1_000_000;
    /** Not in memory, as {@code java.io.tmpdir} may be: a sync is to wait for a disk. */
    @TempDir(cleanup = CleanupMode.ALWAYS, factory = VarTmp.class)
    private Path directory;

    /** A directory on a disk. */
    static final class VarTmp implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element,
                ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Path.of("/var/tmp"), "bpf-agent-it-");
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyCallNamesWhatItWasFor(Jdk jdk) {
        String all = ",slow=off,slow.file_open_failed=0,slow.dns=0,slow.tcp_connect=0,slow.tcp_connect_failed=0";
        try (HostJvm host = SceneHost.command(jdk).environment("RES_OPTIONS", "timeout:1 attempts:1")
                .agent(SceneHost.INTERVAL + all).start()) {
            host.awaitLine("ready");
            host.await("on");
            SceneHost.play(host, "calls " + TIMES + " " + directory);
            SlowReport report = host.freshEvents();
            for (String thread : List.of("exact stream misser", "exact channel misser")) {
                List<SlowEntry> missed = report.of(thread, "file_open_failed");
                assertEquals(TIMES, missed.size(), thread);
                for (SlowEntry event : missed) {
                    assertEquals(Map.of("path", directory.resolve("missing").toString(), "errno", "ENOENT"),
                            event.on());
                    assertTrue(event.durationNs() > 0 && event.javaId() > 0, event::toString);
                }
            }
            List<SlowEntry> lookedUp = report.of("exact looker", "dns");
            assertEquals(TIMES, lookedUp.size());
            Set<String> hosts = new HashSet<>();
            lookedUp.forEach(event -> hosts.add(event.on().get("host")));
            assertEquals(TIMES, hosts.size(), hosts::toString);
            assertTrue(hosts.stream().allMatch(name -> name.matches("name-[0-9]+\\.invalid")), hosts::toString);
            assertOnePort(report.of("exact refused", "tcp_connect_failed"));
            assertOnePort(report.of("exact connector", "tcp_connect"));
            assertEquals(0, report.loss("lost_slow_events"));
        }
    }

    private static void assertOnePort(List<SlowEntry> connects) {
        assertEquals(TIMES, connects.size());
        Set<String> addresses = new HashSet<>();
        connects.forEach(event -> addresses.add(event.on().get("address")));
        assertEquals(1, addresses.size(), addresses::toString);
        assertTrue(addresses.iterator().next().matches("127\\.0\\.0\\.1:[1-9][0-9]*"), addresses::toString);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aWaitForTheDiskNamesCallAndFile(Jdk jdk) {
        Path file = directory.resolve("synced");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",slow.blocked_disk=0,slow.block_io=0,slow.file_sync=0")) {
            // Who wakes whom is noted once that was missed.
            SceneHost.play(host, "sync " + TIMES + " " + directory.resolve("before"));
            long before = host.freshEvents().seen();
            long writesBefore = Histogram.only(host.hist("block_write", "slow syncer", null)).count();
            SceneHost.play(host, "sync " + TIMES + " " + file);
            SlowReport report = host.freshEvents().after(before);
            List<SlowEntry> waits = report.of("slow syncer", "blocked_disk").stream()
                    .filter(event -> "fsync".equals(event.on().get("syscall"))).toList();
            assertTrue(waits.size() >= TIMES, () -> waits + "\n" + host.report());
            for (SlowEntry event : waits) {
                assertEquals(file.toString(), event.on().get("path"), event::toString);
            }
            // The device ends them, in an interrupt or by a thread of the kernel; the journal's is one.
            assertTrue(waits.stream().anyMatch(event -> Set.of("interrupt",
                    "kernel").contains(event.actor().getOrDefault("who", ""))),
                    waits::toString);
            List<SlowEntry> syncs = report.of("slow syncer", "file_sync");
            assertEquals(TIMES, syncs.size(), host::report);
            for (SlowEntry event : syncs) {
                assertEquals(Map.of("path", file.toString()), event.on(), event::toString);
            }
            List<SlowEntry> writes = report.of("slow syncer", "block_write");
            for (SlowEntry event : writes) {
                assertTrue(Long.parseLong(event.on().get("bytes")) > 0, event::toString);
                assertFalse(event.on().get("device").isEmpty(), event::toString);
            }
            assertEquals(Histogram.only(host.hist("block_write", "slow syncer", null)).count() - writesBefore,
                    writes.size());
        }
    }

    /** Up to JDK 23 a waiting thread wakes itself now and then, which cuts its wait into pieces. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aWaitForALockNamesWhoLetItGoAndWhereTheCodeIs(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "held 5 300");
            List<SlowEntry> waits = host.freshEvents().of("waiter", "blocked_monitor");
            long sumNs = waits.stream().mapToLong(SlowEntry::durationNs).sum();
            assertTrue(sumNs > 5 * 250 * MS && sumNs < 5 * 400 * MS, waits::toString);
            assertTrue(waits.stream().anyMatch(event -> event.actor().equals(Map.of("who", "own", "id",
                    event.actor().getOrDefault("id", ""), "name", "holder"))), waits::toString);
            // Of one it may not be known: who wakes whom is only noted once that was missed.
            assertTrue(waits.stream().filter(event -> event.actor().isEmpty()).count() <= 1, waits::toString);
            assertTrue(waits.stream().anyMatch(event -> !event.stack().isEmpty()
                    && event.stack().get(0).startsWith("io.bpfagent.workload.SlowWaits.enter(SlowWaits.java:")),
                    waits::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aWaitForAPeerNamesItsAddress(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",slow.blocked_socket=50ms,slow.blocked_poll=50ms")) {
            SceneHost.play(host, "silent 5 100");
            String port = host.awaitLine("silent peer ").replaceFirst(".* ", "");
            List<SlowEntry> waits = host.freshEvents().of("slow reader", "blocked_socket");
            assertEquals(5, waits.size(), host::report);
            for (SlowEntry event : waits) {
                assertEquals("127.0.0.1:" + port, event.on().get("address"), event::toString);
                assertTrue(event.durationNs() > 60 * MS && event.durationNs() < 200 * MS, event::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aWaitForACpuNamesWhoHadIt(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",slow.runnable=2ms"); CpuHogs hogs = new CpuHogs(2)) {
            SceneHost.play(host, "spin 2 1500");
            List<SlowEntry> waits = host.freshEvents().events().stream()
                    .filter(event -> event.metric().equals("runnable")
                    && event.thread().startsWith("spinner-")).toList();
            long behindHogs = waits.stream().filter(event -> CpuHogs.NAME.equals(event.actor().get("name"))).count();
            // Others may have had a CPU last, for whatever short time.
            assertTrue(behindHogs >= 2, () -> behindHogs + " of " + waits);
        }
    }

    /** Tens of thousands a second: most are dropped, none is forgotten, and the host goes on. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aFloodIsDroppedAndCounted(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",slow=off,slow.blocked_park=0,stacks=false")) {
            SceneHost.play(host, "pings " + PINGS);
            SlowReport report = host.freshEvents();
            long parks = Histogram.only(host.hist("blocked_park", null, null)).count();
            long told = report.seen() + report.loss("lost_slow_events");
            assertTrue(report.loss("lost_slow_events") > report.seen(), () -> report.seen() + " of " + parks);
            assertEquals(Math.min(SlowReport.MOST, report.seen()), report.events().size());
            assertTrue(parks > PINGS, () -> parks + " waits");
            // What the JVM's own threads do between the two questions.
            assertTrue(Math.abs(parks - told) <= 20, () -> parks + " waits, " + told + " told of");
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nothingIsToldWhenNothingIsAskedFor(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",slow=off")) {
            SceneHost.play(host, "held 1 100");
            SlowReport report = host.freshEvents();
            assertEquals(List.of(), report.events());
            assertEquals(0, report.seen());
        }
    }
}
