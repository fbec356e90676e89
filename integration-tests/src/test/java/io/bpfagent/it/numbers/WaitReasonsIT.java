package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Waits that are no futexes: a disk, a page fault, a socket. /var/tmp must be on a disk. */
class WaitReasonsIT {
    private static final int TIMES = 23;
    private static final long LONG_NS = 40_000_000;
    private static final int FAULTS_MB = TIMES * 8;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void fsyncWaitsForTheDiskAndNothingElse(Jdk jdk) throws IOException {
        Path file = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-it-", null);
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "fsyncs " + TIMES + " " + file);
            PoolReport syncer = host.freshReport().pool("syncer");
            // Each is one wait at least: for the data; a file system with a journal waits for that, too.
            assertTrue(host.histogramOfPool("blocked_disk", "syncer").count() >= TIMES,
                    () -> host.hist("blocked_disk", "syncer", null).toString());
            assertTrue(syncer.timeNs("blocked_disk") > 0);
            assertFew(host, "blocked_other", "syncer");
            assertEquals(0, syncer.timeNs("blocked_socket") + syncer.timeNs("blocked_poll"), syncer::toString);
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void coldPagesOfAMappedFileAreWaitsInFaults(Jdk jdk) throws IOException {
        Path file = Files.createTempFile(Path.of("/var/tmp"), "bpf-agent-it-", null);
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            Tools.run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + FAULTS_MB, "conv=fsync", "status=none");
            // Takes the file, and nothing else, out of the page cache.
            Tools.run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
            SceneHost.play(host, "faults " + TIMES + " " + file);
            PoolReport faulter = host.freshReport().pool("faulter");
            Histogram faults = host.histogramOfPool("blocked_fault", "faulter");
            assertTrue(faults.count() >= TIMES, () -> faults + " " + faulter);
            assertFew(host, "blocked_other", "faulter");
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void answersAwaitedOnASocketAreCountedOneByOne(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "echoes " + TIMES);
            host.freshReport();
            assertEquals(TIMES, host.histogramOfPool("blocked_socket", "socket reader").countFrom(LONG_NS));
            assertEquals(TIMES, host.histogramOfPool("blocked_sleep", "socket writer").countFrom(LONG_NS));
            assertEquals(0, host.histogramOfPool("blocked_poll", "socket reader").countFrom(LONG_NS));
            assertEquals(0, host.histogramOfPool("blocked_other", "socket reader").countFrom(LONG_NS));
        }
    }

    /**
     * None of the scene's waits is among them. Mapping a file or a stack, and the thread's end, may wait for
     * the memory map's lock, which other threads take as well.
     */
    private static void assertFew(HostJvm host, String metric, String pool) {
        Histogram others = host.histogramOfPool(metric, pool);
        assertTrue(others.count() < TIMES / 4, () -> metric + " of " + pool + ": " + others);
        assertEquals(0, others.countFrom(LONG_NS), () -> metric + " of " + pool + ": " + others);
    }
}
