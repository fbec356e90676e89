package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests to disks, as threads' metrics and disks' numbers have them, against {@code /proc/diskstats}. */
class BlockRequestsIT {
    private static final int THREADS = 16;
    private static final int TIMES = 230;
    private static final int REQUESTS = THREADS * TIMES;
    private static final int BLOCK_BYTES = 4096;
    /** A block that is used and one that is not, for each. */
    private static final int FILE_BYTES = REQUESTS * 2 * BLOCK_BYTES;
    private static final long DISK_BYTES = 256 << 20;
    /** On a busy machine hundreds of these requests are slow at a time, more than there is room for. */
    private static final String ARGUMENTS = SceneHost.INTERVAL + ",slow=off";
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void requestsPastThePageCacheAreTheThreadsOwnAndAsManyAsTheDiskHasDone(Jdk jdk) throws IOException {
        try (LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                HostJvm host = SceneHost.start(jdk, ARGUMENTS)) {
            Path file = fill(disk.directory().resolve("direct"));
            SceneHost.play(host, "direct 1 1 " + file); // loads the classes
            host.freshReport();
            Map<String, Long> poolBefore = ofPool(host, "direct-#");
            Map<String, Long> allBefore = ofAll(host);
            DiskStats diskBefore = disk.stats();
            SceneHost.play(host, "direct " + THREADS + " " + TIMES + " " + file);
            Lost.assertNothing(host.freshReport());
            DiskStats done = disk.stats().minus(diskBefore);
            Map<String, Long> all = minus(ofAll(host), allBefore);
            Map<String, Long> own = minus(ofPool(host, "direct-#"), poolBefore);
            assertAll(
                    () -> requests(REQUESTS).forEach((metric, sent) -> assertNear(sent, own.get(metric), metric)),
                    () -> requests(REQUESTS).forEach((metric, sent) -> assertTrue(own.get(metric) <= sent, metric)),
                    () -> assertNear(done.reads(), all.get("block_read"), "reads"),
                    () -> assertNear(done.writes(), all.get("block_write"), "writes"),
                    () -> assertNear(done.readBytes() + done.writtenBytes(), all.get("bytes"), "bytes"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void requestsOfADiskAreCountedForThisJvmTheKernelAndOthersAsManyAsTheDiskHasDone(Jdk jdk) {
        try (LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                HostJvm host = SceneHost.start(jdk, ARGUMENTS)) {
            Path file = fill(disk.directory().resolve("direct"));
            host.freshReport();
            DiskReport before = DiskReport.of(host, disk.name());
            DiskStats statsBefore = disk.stats();
            Map<String, Long> poolsBefore = ofAll(host);
            host.send("direct " + THREADS + " " + TIMES + " " + file);
            SceneHost.play(host, "buffered " + THREADS + " 23 " + disk.directory());
            SceneHost.awaitEnd(host, "direct " + THREADS + " " + TIMES + " " + file);
            fill(disk.directory().resolve("of others"));
            Lost.assertNothing(host.freshReport());
            DiskStats done = disk.stats().minus(statsBefore);
            DiskReport counted = DiskReport.of(host, disk.name()).minus(before);
            Map<String, Long> pools = minus(ofAll(host), poolsBefore);
            assertAll(
                    () -> assertNear(done.reads(), counted.requests("read"), "reads"),
                    () -> assertNear(done.writes(), counted.requests("write"), "writes"),
                    () -> assertNear(done.readBytes(), counted.bytes("read"), "bytes read"),
                    () -> assertNear(done.writtenBytes(), counted.bytes("write"), "bytes written"),
                    () -> assertNear(done.flushes(), counted.requests("flush"), "flushes"),
                    () -> assertNear(counted.requests("host", "read"), pools.get("block_read"), "the host's reads"),
                    () -> assertNear(counted.requests("host", "write"), pools.get("block_write"), "the host's writes"),
                    () -> assertNear(REQUESTS, counted.requests("host", "read"), "reads by the host"),
                    () -> assertTrue(counted.requests("host", "write") > REQUESTS, counted::toString),
                    () -> assertTrue(counted.requests("kernel", "write") > 0, "the journal's: " + counted),
                    () -> assertNear(FILE_BYTES, counted.bytes("other", "write"), "bytes written by others"));
        }
    }

    /** Writes the file by this process, to the disk. */
    private static Path fill(Path path) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer all = ByteBuffer.allocateDirect(FILE_BYTES);
            while (all.hasRemaining()) {
                file.write(all);
            }
            file.force(true);
            return path;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Long> requests(long ofEach) {
        return new TreeMap<>(Map.of("block_read", ofEach, "block_write", ofEach, "block_read_queue", ofEach,
                "block_write_queue", ofEach, "block_io_size", 2 * ofEach, "bytes", 2 * ofEach * BLOCK_BYTES));
    }

    private static Map<String, Long> ofPool(HostJvm host, String pool) {
        return counts(metric -> host.histogramOfPool(metric, pool));
    }

    private static Map<String, Long> ofAll(HostJvm host) {
        return counts(host::histogram);
    }

    /** By metric, and beside them the bytes. */
    private static Map<String, Long> counts(Function<String, Histogram> source) {
        Map<String, Long> counts = new TreeMap<>();
        for (String metric : requests(0).keySet()) {
            counts.put(metric, metric.equals("bytes") ? source.apply("block_io_size").sumNs()
                    : source.apply(metric).count());
        }
        return counts;
    }

    private static Map<String, Long> minus(Map<String, Long> after, Map<String, Long> before) {
        Map<String, Long> difference = new TreeMap<>(after);
        before.forEach((metric, count) -> difference.merge(metric, -count, Long::sum));
        return difference;
    }

    /**
     * Within 2 %: the JVM and the kernel have a little to do with disks besides; and of a request that ends while a
     * thread is current for which the kernel runs no BPF program (see {@link SceneHost#assertNothingLost}) nobody
     * hears.
     */
    private static void assertNear(long expected, long counted, String what) {
        assertTrue(expected > 0 && Math.abs(counted - expected) <= expected / 50,
                () -> what + ": expected " + expected + ", counted " + counted);
    }
}
