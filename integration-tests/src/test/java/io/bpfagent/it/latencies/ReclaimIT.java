package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who uses the page cache in a small memory cgroup makes room in it himself. */
class ReclaimIT {
    /** For what the host gets from now on; what it has got before is not counted. */
    private static final long LIMIT_BYTES = 32 << 20;
    private static final int FILE_MIB = 96;
    private static final long DISK_BYTES = 256 << 20;
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void isCountedForTheThreadThatNeedsTheRoom(Jdk jdk) {
        try (MemoryCgroup cgroup = MemoryCgroup.create();
                LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            cgroup.limitTo(LIMIT_BYTES);
            cgroup.add(host.pid());
            Histogram reclaims = reclaims(host, disk);
            assertTrue(reclaims.count() > 0, host::report);
            // The kernel tries the limit first, each time.
            assertTrue(reclaims.count() <= cgroup.limitsMet(), () -> reclaims.count() + " of " + cgroup.limitsMet());
            assertTrue(reclaims.sumNs() > 0, reclaims::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void isNotCountedWhereThereIsRoom(Jdk jdk) {
        try (LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            assertEquals(0, reclaims(host, disk).count());
            assertEquals(0, host.histogram("reclaim").count());
        }
    }

    /** Of a thread that has used the page cache. */
    private static Histogram reclaims(HostJvm host, LoopDisk disk) {
        SceneHost.play(host, "cached " + FILE_MIB + " " + disk.directory().resolve("cached"));
        Lost.assertNothing(host.freshReport());
        return host.histogramOfPool("reclaim", "cache user");
    }
}
