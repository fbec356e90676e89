package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.PauseReport.PausedThread;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pauses that are cut off, that are stopped themselves, or in which somebody new appears. */
class PauseBoundsIT {
    private static final String[] LONG_LOOPS = {"-XX:+UseSerialGC", "-XX:-UseCountedLoopSafepoints", "-Xbatch"};
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ATTACHMENTS = 2;
    private static final long STOP_MS = 1_500;
    private static final long MS = 1_000_000;

    /**
     * The JVM is in a pause most of the time, and the thread that attaches comes on in its system calls, which no pause
     * stops: so probes come and go in the middle of pauses.
     */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void pauseInWhichTheAgentComesOrGoesIsLeftOut(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.command(jdk, LONG_LOOPS)
                .jvm(SafepointLog.flag(file, SafepointLog.TAGS)).start()) {
            host.awaitLine("ready");
            // It ends when its stdin does.
            host.send("late-loops 60000 20");
            Await.until(SOON, host::report,
                    () -> SafepointLog.read(file).safepoints().size() >= 10);
            for (int time = 1; time <= ATTACHMENTS; time++) {
                host.attach("interval=100ms");
                host.await("on");
                Await.until(SOON, () -> "pauses\n" + host.report(), () -> host.pauses(0).pauses().size() >= 20);
                assertListedAreInTheLog(host, file);
                OurBpf ours = OurBpf.heldBy(host.pid());
                assertFalse(ours.isEmpty());
                host.detach();
                ours.awaitGone();
            }
            int safepoints = SafepointLog.read(file).safepoints().size();
            Await.until(SOON, () -> "it goes on\n" + host.report(),
                    () -> SafepointLog.read(file).safepoints().size() > safepoints + 5);
        } finally {
            SafepointLog.delete(file);
        }
    }

    /** Side by side with the log, where it fits best, down to the first that the agent has seen from its begin. */
    private static void assertListedAreInTheLog(HostJvm host, Path file) {
        List<PauseEntry> pauses = host.pauses(0).pauses();
        List<Safepoint> safepoints = SafepointLog.read(file).safepoints();
        int last = (int) pauses.get(pauses.size() - 1).number();
        List<Safepoint> best = List.of();
        long mostAlike = -1;
        for (int before = 0; before + last <= safepoints.size(); before++) {
            List<Safepoint> same = new ArrayList<>();
            long alike = 0;
            for (PauseEntry pause : pauses) {
                Safepoint safepoint = safepoints.get(before + (int) pause.number() - 1);
                alike += Math.abs(safepoint.totalNs() - pause.totalNs()) < MS / 10 ? 1 : 0;
                same.add(safepoint);
            }
            best = alike > mostAlike ? same : best;
            mostAlike = Math.max(alike, mostAlike);
        }
        List<String> shorter = new ArrayList<>();
        for (int i = 0; i < pauses.size(); i++) {
            PauseEntry pause = pauses.get(i);
            Safepoint safepoint = best.get(i);
            assertEquals(safepoint.operation(), pause.operation(), () -> pause + " in the log is " + safepoint);
            // Longer it can be: there are more threads than CPUs.
            if (pause.totalNs() <= safepoint.totalNs() * 0.95
                    || pause.timeToSafepointNs() <= safepoint.stoppingNs() * 0.95 - MS / 10) {
                shorter.add(pause + " in the log is " + safepoint);
                assertTrue(i > 0, shorter::toString);
            }
            PauseComparison.assertAddsUp(pause);
        }
        // One of which only a part was seen would be the first. Any can be where the VM thread has lost its CPU between
        // its own look at the clock and the probe, a microsecond later.
        assertTrue(shorter.size() <= 1, shorter::toString);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void processThatIsStoppedInAPauseMakesItLong(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.command(jdk, LONG_LOOPS).jvm(SafepointLog.flag(file, SafepointLog.TAGS
                + SafepointLog.VM_THREAD)).agent(SceneHost.INTERVAL).start()) {
            host.awaitLine("ready");
            host.await("on");
            PauseMoment first = PauseMoment.of(host, file);
            host.send("late-loop 1500");
            // Past its warm-up, and long before the loop's end.
            Await.sleep(900);
            stopFor(host, STOP_MS);
            SceneHost.awaitEnd(host, "late-loop 1500");
            PauseMoment second = PauseMoment.of(host, file);
            SafepointLog log = second.log().since(first.log());
            List<PauseEntry> pauses = second.pausesSince(first);
            PauseComparison.assertSame(log.safepoints(), pauses);
            PauseComparison.assertHistograms(log, first, second);
            pauses.forEach(PauseComparison::assertAddsUp);
            assertEquals(1, pauses.stream().filter(pause -> pause.totalNs() > STOP_MS * MS).count(), pauses::toString);
        } finally {
            SafepointLog.delete(file);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void processThatIsStoppedOutsideOfPausesHasNone(Jdk jdk) {
        Path file = SafepointLog.create();
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+UseG1GC",
                SafepointLog.flag(file, SafepointLog.TAGS + SafepointLog.VM_THREAD))) {
            SceneHost.play(host, "dumps 23");
            PauseMoment first = PauseMoment.of(host, file);
            stopFor(host, STOP_MS);
            SceneHost.play(host, "dumps 19");
            PauseMoment second = PauseMoment.of(host, file);
            SafepointLog log = second.log().since(first.log());
            List<PauseEntry> pauses = second.pausesSince(first);
            PauseComparison.assertSame(log.safepoints(), pauses);
            PauseComparison.assertHistograms(log, first, second);
            assertEquals(19, pauses.stream().filter(pause -> pause.operation().equals("ThreadDump")).count());
            assertTrue(pauses.stream().noneMatch(pause -> pause.totalNs() > STOP_MS * MS), pauses::toString);
        } finally {
            SafepointLog.delete(file);
        }
    }

    private static void stopFor(HostJvm host, long ms) {
        Tools.run("kill", "-STOP", Long.toString(host.pid()));
        Await.sleep(ms);
        Tools.run("kill", "-CONT", Long.toString(host.pid()));
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void gcWorkerThatIsBornInAPauseIsInIt(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+UseParallelGC", "-Xmx300m",
                "-XX:+UseDynamicNumberOfGCThreads", "-XX:ParallelGCThreads=6")) {
            Set<String> before = gcThreads(host);
            SceneHost.play(host, "live 40");
            SceneHost.play(host, "collections 2");
            Set<String> born = new TreeSet<>(gcThreads(host));
            born.removeAll(before);
            assertTrue(born.size() >= 1, () -> "no worker was born: " + before);
            List<PauseEntry> pauses = host.freshPauses(0).pauses();
            Set<String> worked = new HashSet<>();
            for (PauseEntry pause : pauses) {
                PauseComparison.assertAddsUp(pause);
                for (PausedThread thread : pause.threads("gc")) {
                    assertTrue(thread.timeNs("running") > 0, () -> thread + " of " + pause);
                    worked.add(thread.name());
                }
            }
            assertTrue(worked.containsAll(born), () -> born + " were born, in pauses there are " + worked);
        }
    }

    /** By the names that the kernel knows, which are whole: they are short. */
    private static Set<String> gcThreads(HostJvm host) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(host.pid()), "task"))) {
            return tasks.map(PauseBoundsIT::comm).filter(name -> name.startsWith("GC Thread"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String comm(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
