package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.CpuCgroup;
import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.PauseReport.PausedThread;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pauses of which the cause is known, and what the agent says of them. */
class PauseCausesIT {
    private static final String[] PARALLEL = {"-XX:+UseParallelGC", "-Xmx300m", "-XX:-UseDynamicNumberOfGCThreads"};
    /** Compiled loops that count an int have no safepoint in them then. */
    private static final String[] LONG_LOOPS = {"-XX:+UseSerialGC", "-XX:-UseCountedLoopSafepoints", "-Xbatch",
        "-Xmx1200m", "-Xmn64m"};
    /** On JDK 17 the stack of a slow event is a ThreadDump of its own. */
    private static final String ONLY_DUMP = SceneHost.INTERVAL + ",slow=off";
    /** What Parallel calls those of System.gc(), in JDK 17 and later. */
    private static final Set<String> COLLECTIONS = Set.of("ParallelGCSystemGC", "ParallelGCCollect");
    /** The occupants that go by no process's name. */
    private static final Set<String> NO_PROCESSES = Set.of("own", "cgroup", "kernel", "idle", "throttled", "unknown");
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int HOGS_PER_CPU = 3;
    private static final int LIVE_MB = 60;
    private static final int FAULTS = 24;
    private static final int FAULTS_MB = 8 * FAULTS;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void cpuHogsOfAnotherProcessAreNamed(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, PARALLEL)) {
            SceneHost.play(host, "live " + LIVE_MB);
            try (CpuHogs hogs = new CpuHogs(HOGS_PER_CPU)) {
                assertWaitedFor(CpuHogs.NAME, collection(host));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void cpuHogsInTheSameCgroupAreItsNeighbours(Jdk jdk) {
        try (CpuCgroup cgroup = CpuCgroup.create(); HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, PARALLEL)) {
            SceneHost.play(host, "live " + LIVE_MB);
            try (CpuHogs hogs = new CpuHogs(HOGS_PER_CPU)) {
                cgroup.add(host.pid());
                hogs.pids().forEach(cgroup::add);
                assertWaitedFor("cgroup", collection(host));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void cpuQuotaIsToldFromCompetition(Jdk jdk) {
        try (CpuCgroup cgroup = CpuCgroup.create(); HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, PARALLEL)) {
            SceneHost.play(host, "live " + LIVE_MB);
            cgroup.prefer();
            cgroup.add(host.pid());
            cgroup.limitTo(20);
            assertWaitedFor("throttled", collection(host));
        }
    }

    /**
     * HotSpot wakes all threads before it says that the pause is over. Where the VM thread waits for a CPU in between,
     * the application's switches, some ten thousand a second, are in the pause too.
     */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void applicationThatRunsBeforeThePauseIsOverFillsNoRing(Jdk jdk) {
        // Room for what is told until all have stopped, but not for all that these threads do after that.
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",pause-buffer=2048", "-XX:+UseSerialGC")) {
            int vmThread = host.freshReport().thread("VM Thread").tid();
            Tools.run("renice", "-n", "19", "-p", Integer.toString(vmThread));
            host.send("mixed 3000");
            Await.sleep(500);
            SceneHost.play(host, "dumps 30");
            SceneHost.awaitEnd(host, "mixed 3000");
            PauseReport pauses = host.pauses(0);
            assertEquals(0, pauses.loss("lost_pause_records"), pauses::toString);
            assertTrue(pauses.pauses().stream().noneMatch(PauseEntry::incomplete), pauses::toString);
            PauseEntry longest = pauses.pauses().stream().max(Comparator.comparingLong(PauseEntry::totalNs))
                    .orElseThrow();
            // It took so long since the application had the CPUs again.
            assertTrue(longest.totalNs() > 5_000_000, longest::toString);
            assertTrue(longest.occupantsNs("vm").getOrDefault("own", 0L) > longest.totalNs() / 2, longest::toString);
            PauseComparison.assertAddsUp(longest);
        }
    }

    /** Its GC workers were mostly runnable, at times none of them had a CPU, and that one was the reason. */
    private static void assertWaitedFor(String who, PauseEntry pause) {
        assertCollection(pause);
        assertMostlyRunnable(pause);
        assertTrue(pause.partNs("no_cpu") > pause.totalNs() / 5, pause::toString);
        assertTrue(occupied(pause, who) > 0.5, () -> who + " " + occupied(pause, who) + ": " + pause);
    }

    private static void assertMostlyRunnable(PauseEntry pause) {
        assertTrue(pause.timeNs("gc", "runnable") > pause.timeNs("gc", "running"), pause::toString);
    }

    private static void assertCollection(PauseEntry pause) {
        assertTrue(pause.gc(), pause::toString);
        assertTrue(pause.threads("gc").size() >= 2, pause::toString);
        PauseComparison.assertAddsUp(pause);
    }

    /**
     * How much of the time in which the GC workers were runnable that one had the CPU; without the time that processes
     * had that have nothing to do with the test.
     */
    private static double occupied(PauseEntry pause, String who) {
        Map<String, Long> occupants = new HashMap<>(pause.occupantsNs("gc"));
        occupants.keySet().removeIf(occupant -> !occupant.equals(who) && !NO_PROCESSES.contains(occupant));
        return (double) occupants.getOrDefault(who, 0L) / Report.sum(occupants);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void moreGcWorkersThanCpusWaitForEachOther(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+UseParallelGC", "-Xmx300m",
                "-XX:-UseDynamicNumberOfGCThreads",
                "-XX:ParallelGCThreads=" + 4 * Runtime.getRuntime().availableProcessors())) {
            SceneHost.play(host, "live " + LIVE_MB);
            PauseEntry pause = collection(host);
            assertCollection(pause);
            assertMostlyRunnable(pause);
            assertTrue(occupied(pause, "own") > 0.8, pause::toString);
            assertTrue(pause.partNs("working") > pause.partNs("no_cpu"), pause::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadInALongCountedLoopIsLateBecauseItRuns(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ONLY_DUMP, LONG_LOOPS)) {
            assertLate("late looper", "running", dump(host, "late-loop 200"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadInAHugeArraycopyIsLateBecauseItRuns(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, ONLY_DUMP, LONG_LOOPS)) {
            assertLate("late copier", "running", dump(host, "late-copy 1000"));
        }
    }

    /** /var/tmp must be on a disk. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadThatReadsAColdMappedFileIsLateBecauseOfTheDisk(Jdk jdk) throws IOException {
        Path file = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-it-", null);
        try (HostJvm host = SceneHost.start(jdk, ONLY_DUMP, LONG_LOOPS)) {
            Tools.run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + FAULTS_MB, "conv=fsync", "status=none");
            // Takes the file, and nothing else, out of the page cache.
            Tools.run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
            PauseEntry pause = dump(host, "late-fault " + FAULTS + " " + file);
            PausedThread faulter = assertLate("late faulter", "blocked_fault", pause);
            // Which of them the kernel calls major is its own affair: not those for pages that are on their way.
            assertTrue(faulter.minorFaults() + faulter.majorFaults() > FAULTS / 2, faulter::toString);
        } finally {
            Files.delete(file);
        }
    }

    /** The pause was long because that thread did not stop, and that is what it did meanwhile, more than all else. */
    private static PausedThread assertLate(String name, String state, PauseEntry pause) {
        assertTrue(pause.timeToSafepointNs() > pause.totalNs() / 2, pause::toString);
        PauseComparison.assertAddsUp(pause);
        PausedThread late = pause.threads("late").stream().filter(thread -> thread.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not late in " + pause));
        assertTrue(late.wallNs() > pause.timeToSafepointNs() * 0.9, () -> late + " of " + pause);
        // Without the time in which others had its CPU.
        assertTrue(late.timeNs(state) > (late.wallNs() - late.timeNs("runnable")) / 2, late::toString);
        return late;
    }

    private static PauseEntry collection(HostJvm host) {
        return pauseOf(host, "collections 1", pause -> COLLECTIONS.contains(pause.operation()));
    }

    private static PauseEntry dump(HostJvm host, String scene) {
        return pauseOf(host, scene, pause -> pause.operation().equals("ThreadDump"));
    }

    /** The first such pause of the scene. */
    private static PauseEntry pauseOf(HostJvm host, String scene, Predicate<PauseEntry> which) {
        long seen = host.freshPauses(0).seen();
        SceneHost.play(host, scene);
        List<PauseEntry> found = new ArrayList<>();
        Await.until(SOON, () -> "a pause of " + scene + "\n" + host.report(), () -> {
            host.pauses(seen).pauses().stream().filter(which).forEach(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }
}
