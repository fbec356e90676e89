package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More than a thousand pauses a second. */
class PauseStormIT {
    private static final long STORM_MS = 1_500;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyPauseOfAStormIsCounted(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-Xmx48m", "-XX:+UseSerialGC",
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD))) {
            SceneHost.play(host, "storm 300");
            PauseMoment first = PauseMoment.of(host, file);
            SceneHost.play(host, "storm " + STORM_MS);
            PauseMoment second = PauseMoment.of(host, file);

            SafepointLog log = second.log().since(first.log());
            // Some thousands a second on a machine that has nothing else to do.
            assertTrue(log.safepoints().size() > 1_000, () -> log.safepoints().size() + " safepoints");
            PauseComparison.assertHistograms(log, first, second);
            assertList(second);
        } finally {
            SafepointLog.delete(file);
        }
    }

    /** While the VM thread waits for a thread to stop it looks every millisecond: that alone is more than has room. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void pauseForWhichTheRingIsTooSmallIsListedAndMarked(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",pause-buffer=64", "-XX:+UseSerialGC",
                "-XX:-UseCountedLoopSafepoints", "-Xbatch",
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD))) {
            PauseMoment first = PauseMoment.of(host, file);
            SceneHost.play(host, "late-loop 1000");
            PauseMoment second = PauseMoment.of(host, file);
            SceneHost.play(host, "dumps 3");
            PauseMoment third = PauseMoment.of(host, file);

            SafepointLog log = third.log().since(first.log());
            List<PauseEntry> pauses = third.pausesSince(first);
            PauseComparison.assertSame(log.safepoints(), pauses);
            PauseComparison.assertHistograms(log, first, third);
            pauses.forEach(PauseComparison::assertAddsUp);
            assertTrue(second.pauses().loss("lost_pause_records") > 0, () -> second.pauses().losses().toString());
            assertTrue(pauses.stream().anyMatch(PauseEntry::incomplete), pauses::toString);
            // It has got over it.
            assertTrue(third.pausesSince(second).stream().noneMatch(PauseEntry::incomplete), pauses::toString);
            assertEquals(0, third.pauses().loss("lost_pauses"));
        } finally {
            SafepointLog.delete(file);
        }
    }

    /** What is listed has been, in that order; of what is missing there is a count. */
    private static void assertList(PauseMoment moment) {
        List<Safepoint> all = moment.log().safepoints();
        List<Safepoint> listed = new ArrayList<>();
        List<PauseEntry> pauses = moment.pauses().pauses();
        long before = 0;
        for (PauseEntry pause : pauses) {
            assertTrue(pause.number() > before, () -> pause + " is out of order");
            before = pause.number();
            // From the end: the agent has not counted from the JVM's begin. The last ones may not be listed.
            long counted = moment.metrics().get("safepoint").count();
            listed.add(all.get((int) (all.size() - 1 - (counted - pause.number()))));
        }
        PauseComparison.assertSame(listed, pauses);
        pauses.stream().filter(pause -> !pause.incomplete()).forEach(PauseComparison::assertAddsUp);
        long missing = pauses.get(pauses.size() - 1).number() - pauses.get(0).number() + 1 - pauses.size();
        assertTrue(missing <= moment.pauses().loss("lost_pauses"), () -> missing + " are missing, "
                + moment.pauses().losses());
    }
}
