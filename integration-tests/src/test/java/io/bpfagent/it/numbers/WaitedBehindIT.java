package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.CpuCgroup;
import io.bpfagent.it.CpuHogs;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.Counts;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever makes threads wait for a CPU is the one that is told; and the kernel's counters are the kernel's. */
class WaitedBehindIT {
    private static final int HOGS_PER_CPU = 2;
    private static final int SPIN_MS = 1_500;
    private static final int FAULTS = 23;
    /** As far apart as the scene touches pages. */
    private static final long FAULTS_BYTES = FAULTS * (8L << 20);
    private static final Duration SOON = Duration.ofSeconds(20);
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void otherProcesses(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL); CpuHogs hogs = new CpuHogs(HOGS_PER_CPU)) {
            assertMostly("process", host, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void processesOfTheSameCgroup(Jdk jdk) {
        try (CpuCgroup cgroup = CpuCgroup.create(); HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL);
                CpuHogs hogs = new CpuHogs(HOGS_PER_CPU)) {
            cgroup.add(host.pid());
            hogs.pids().forEach(cgroup::add);
            assertMostly("cgroup", host, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nobodyWhereTheQuotaIsUsedUp(Jdk jdk) {
        try (CpuCgroup cgroup = CpuCgroup.create(); HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            cgroup.prefer();
            cgroup.add(host.pid());
            cgroup.limitTo(20);
            assertMostly("throttled", host, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void eachOther(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            assertMostly("own", host, 4 * Runtime.getRuntime().availableProcessors());
        }
    }

    /** More than half of what is told of its waits; and no more in all than it waited. */
    private static void assertMostly(String behind, HostJvm host, int threads) {
        SceneHost.play(host, "spin " + threads + " " + SPIN_MS);
        PoolReport pool = host.freshReport().pool("spinner-#");
        Map<String, Long> waitedNs = new HashMap<>(pool.counts().waitedNs());
        assertEquals(Set.of("own", "cgroup", "process", "kernel", "idle", "throttled"), waitedNs.keySet());
        long allNs = Report.sum(waitedNs);
        assertTrue(allNs <= pool.timeNs("runnable"), pool::toString);
        assertTrue(allNs > pool.timeNs("runnable") / 50, pool::toString);
        if (!behind.equals("process")) {
            // What has nothing to do with the test.
            allNs -= waitedNs.get("process");
        }
        assertTrue(waitedNs.get(behind) > allNs / 2, pool::toString);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void faultsAndMigrationsAreTheKernels(Jdk jdk) throws IOException {
        Path cold = directory.resolve("cold");
        try (RandomAccessFile file = new RandomAccessFile(cold.toFile(), "rw")) {
            file.setLength(FAULTS_BYTES);
        }
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "faults-and-park " + FAULTS + " " + cold);
            Await.until(SOON, host::report,
                    () -> host.freshReport().thread("parked faulter").state().equals("blocked_park"));
            ThreadReport thread = host.freshReport().thread("parked faulter");
            String stat = Files.readString(Path.of("/proc/" + host.pid() + "/task/" + thread.tid() + "/stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            Counts counts = thread.counts();
            assertEquals(Long.parseLong(words[7]), counts.minorFaults(), thread::toString);
            assertEquals(Long.parseLong(words[9]), counts.majorFaults(), thread::toString);
            assertTrue(counts.minorFaults() + counts.majorFaults() >= FAULTS, thread::toString);
        }
    }
}
