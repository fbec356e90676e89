package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.FollowedPauses;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pause against the JVM's own log of the same run, with each of HotSpot's collectors. */
class PauseOracleIT {
    private static final long WARM_UP_MS = 300;
    private static final long RUN_MS = 2_000;
    private static final int SAFEPOINTS = 100;
    private static final int MOST_RUNS = 20;
    /** Before, HotSpot collects for a look at the heap without the probe gc__begin. */
    private static final int FIRST_WITH_GC_BEGIN_IN_ALL = 25;

    static Stream<Arguments> hosts() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of("Serial", "Parallel", "G1", "Z", "Shenandoah")
                .map(collector -> Arguments.of(jdk, collector)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void everySafepointOfTheLogIsThereAndNoneMore(Jdk jdk, String collector) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-Xmx128m", "-XX:+Use" + collector + "GC",
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD))) {
            SceneHost.play(host, "pauses " + WARM_UP_MS);
            PauseMoment first = PauseMoment.of(host, file);
            FollowedPauses followed = new FollowedPauses(host, first.pauses().seen());
            PauseMoment second = first;
            // Where others have the CPUs, less happens in the same time.
            for (int i = 0; i < MOST_RUNS && second.log().since(first.log()).safepoints().size() < SAFEPOINTS; i++) {
                followed.play("pauses " + (RUN_MS + i)); // a scene is known by its text
                second = PauseMoment.of(host, file);
            }
            check(first, second, followed);
        } finally {
            SafepointLog.delete(file);
        }
    }

    private static void check(PauseMoment first, PauseMoment second, FollowedPauses followed) {
        // The JVM does not keep still for long.
        List<PauseEntry> pauses = followed.all().stream()
                .filter(pause -> pause.number() <= second.pauses().seen()).toList();

        SafepointLog log = second.log().since(first.log());
        assertTrue(log.safepoints().size() >= SAFEPOINTS, () -> "safepoints: " + log.safepoints().size());
        PauseComparison.assertNumbered(first.pauses().seen() + 1, second.pauses(), pauses);
        assertAll(() -> PauseComparison.assertSame(log.safepoints(), pauses),
                () -> PauseComparison.assertHistograms(log, first, second),
                () -> pauses.forEach(PauseComparison::assertAddsUp),
                () -> PauseComparison.assertCovered(pauses),
                () -> assertNothingLost(second.pauses(), pauses));
    }

    private static void assertNothingLost(PauseReport report, List<PauseEntry> pauses) {
        assertEquals(List.of(), pauses.stream().filter(PauseEntry::incomplete).toList());
        for (String loss : List.of("lost_pause_records", "lost_pauses", "operations_over_limit")) {
            assertEquals(0, report.loss(loss), loss);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatJcmdMakesTheVmDoIsThereByItsName(Jdk jdk) throws IOException {
        Path file = SafepointLog.create();
        Path dump = file.resolveSibling(file.getFileName() + ".hprof");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-Xmx64m", "-XX:+UseParallelGC",
                // Work within work: before and after a full collection the VM counts what is in the heap.
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD + ",gc+classhisto*=trace"))) {
            PauseMoment first = PauseMoment.of(host, file);
            Jcmd.run(jdk, host, "GC.class_histogram");
            Jcmd.run(jdk, host, "GC.heap_dump", dump.toString());
            Jcmd.run(jdk, host, "Thread.print");
            Jcmd.run(jdk, host, "GC.run");
            PauseMoment second = PauseMoment.of(host, file);
            SafepointLog log = second.log().since(first.log());
            if (jdk.release() < FIRST_WITH_GC_BEGIN_IN_ALL) {
                log = log.withoutGcIn(Set.of("GC_HeapInspection", "HeapDumper"));
            }
            assertTrue(Set.copyOf(log.names()).size() >= 4, log::toString);
            PauseComparison.assertSame(log.safepoints(), second.pausesSince(first));
            PauseComparison.assertHistograms(log, first, second);
        } finally {
            SafepointLog.delete(file);
            Files.deleteIfExists(dump);
        }
    }
}
