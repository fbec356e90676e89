package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport.SlowEntry;
import io.bpfagent.it.Tools;
import io.bpfagent.it.latencies.DiskReport;
import io.bpfagent.it.latencies.LoopDisk;
import io.bpfagent.it.latencies.Lost;
import io.bpfagent.it.peers.KernelTrace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' biolatency, and the kernel's own tracing in place of biosnoop, on a disk of the test's own. */
class DiskPeersIT {
    private static final long DISK_BYTES = 256 << 20;
    private static final int BLOCK_BYTES = 4096;
    private static final int THREADS = 16;
    private static final int TIMES = 230;
    private static final int FEW_THREADS = 4;
    /** So that no more than 104 come at a time: the kernel's buffer has room for 180 slow events. */
    private static final int FEW_TIMES = 13;
    private static final int ROUNDS = 4;
    /** A block that is used and one that is not, for each. */
    private static final int FILE_MIB = (THREADS * TIMES * 2 * BLOCK_BYTES >> 20) + 1;
    /** block_rq_issue, block_rq_complete. */
    private static final int BIOLATENCY_LINKS = 2;
    private static final int MINOR_BITS = 20;
    private static final int SECTOR_BYTES = 512;
    /** {@code 7,0 WS 4096 () 2056 + 8 none,0,0 [java]}, {@code 7,0 WS () 2056 + 8 none,0,0 [0]}. */
    private static final Pattern REQUEST = Pattern.compile("\\d+,\\d+ (\\w+) (?:\\d+ )?\\(.*?\\) (\\d+) \\+ (\\d+) .*");
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void biolatencyCountsAsManyRequestsAndAsLongOnes(Jdk jdk) {
        try (LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL);
                PeerTool biolatency = PeerTool.start("biolatency", "-F", "-d", disk.name())) {
            Path file = fill(disk, "direct", FILE_MIB);
            SceneHost.play(host, "direct 1 1 " + file); // loads the classes
            biolatency.awaitAttached(BIOLATENCY_LINKS);
            host.freshReport();
            DiskReport before = DiskReport.of(host, disk.name());
            Values readsBefore = deviceTimes(host, disk, "read");
            Values writesBefore = deviceTimes(host, disk, "write");
            long ownBefore = host.histogramOfPool("block_read", "direct-#").count();
            SceneHost.play(host, "direct " + THREADS + " " + TIMES + " " + file);
            SceneHost.play(host, "buffered 4 23 " + disk.directory());
            Lost.assertNothing(host.freshReport());
            List<String> printed = biolatency.end();
            DiskReport requests = DiskReport.of(host, disk.name()).minus(before);
            Values reads = deviceTimes(host, disk, "read").minus(readsBefore);
            Values writes = deviceTimes(host, disk, "write").minus(writesBefore);
            PowersOfTwo theirReads = PowersOfTwo.of(printed, flags -> flags.endsWith("Read"));
            PowersOfTwo theirWrites = PowersOfTwo.of(printed, flags -> flags.endsWith("Write"));
            assertAll(
                    () -> reads.assertAsManyAndAsLong("reads", theirReads),
                    () -> writes.assertAsManyAndAsLong("writes", theirWrites),
                    () -> assertEquals(reads.count(), requests.requests("read"), "reads by who sent them"),
                    () -> Values.assertWithinFivePercent("the threads' own reads",
                            host.histogramOfPool("block_read", "direct-#").count() - ownBefore, theirReads.count()),
                    () -> Values.assertWithinFivePercent("writes by who sent them", requests.requests("host", "write")
                            + requests.requests("kernel", "write") + requests.requests("other", "write"),
                            theirWrites.count()),
                    () -> assertTrue(requests.requests("kernel", "write") > 0, "the journal's, " + requests));
        }
    }

    /** In the device, whoever sent them. */
    private static Values deviceTimes(HostJvm host, LoopDisk disk, String operation) {
        JsonObject document = host.control().get(ControlClient.request("disks"));
        for (JsonElement one : document.getAsJsonArray("disks")) {
            if (one.getAsJsonObject().get("name").getAsString().equals(disk.name())) {
                for (JsonElement times : one.getAsJsonObject().getAsJsonArray("deviceTimes")) {
                    if (times.getAsJsonObject().get("operation").getAsString().equals(operation)) {
                        return Values.of(new Histogram(times.getAsJsonObject()));
                    }
                }
            }
        }
        return new Values(new TreeMap<>());
    }

    @Test
    void everyRequestIsASlowEventWithTheSectorThatTheKernelHasToo() throws IOException {
        try (LoopDisk disk = LoopDisk.create(directory, DISK_BYTES);
                KernelTrace trace = KernelTrace.open(directory);
                HostJvm host = SceneHost.start(Jdks.newest(),
                        SceneHost.INTERVAL + ",slow=off,slow.block_read=0,slow.block_write=0")) {
            SceneHost.play(host, "direct 1 1 " + fill(disk, "classes", 1)); // loads them
            List<Path> files = IntStream.range(0, ROUNDS).mapToObj(round -> fill(disk, "direct-" + round, 1)).toList();
            String ofDisk = "dev == " + numberOf(disk);
            trace.follow("block/block_rq_issue", ofDisk);
            trace.follow("block/block_rq_complete", ofDisk);
            SlowEvents events = SlowEvents.from(host);
            for (Path file : files) {
                SceneHost.play(host, "direct " + FEW_THREADS + " " + FEW_TIMES + " " + file);
                host.freshReport();
            }
            Lost.assertNothing(host.freshReport());
            Map<Request, Long> theirs = requests(trace.end());
            int sent = 2 * ROUNDS * FEW_THREADS * FEW_TIMES;
            assertTrue(theirs.size() >= sent, theirs::toString); // and what the kernel itself has written
            // A request can be hidden: see SceneHost.assertNothingLost.
            List<SlowEntry> ours = events.await(sent * 19 / 20, event -> event.metric().startsWith("block_"));
            Values.assertWithinFivePercent("requests", ours.size(), sent);
            int alike = 0;
            for (SlowEntry event : ours) {
                assertEquals(disk.name(), event.on().get("device"));
                assertTrue(event.thread().matches("direct-\\d"), event::toString);
                Request request = new Request(event.metric(), Long.parseLong(event.on().get("sector")),
                        Long.parseLong(event.on().get("bytes")));
                assertTrue(theirs.containsKey(request), () -> event + " is not among " + theirs);
                alike += isAlike(event.durationNs(), theirs.get(request)) ? 1 : 0;
            }
            assertTrue(alike * 20 >= ours.size() * 19, "as long as the kernel says: " + alike + " of " + ours.size());
        }
    }

    /** In the device: of one operation, on one place. */
    private record Request(String metric, long sector, long bytes) {}

    /** How long each was in the device, ns. */
    private static Map<Request, Long> requests(List<Event> events) {
        Map<Request, Long> issuedUs = new HashMap<>();
        Map<Request, Long> durationsNs = new HashMap<>();
        for (Event event : events) {
            Matcher request = REQUEST.matcher(event.text());
            assertTrue(request.matches(), event::toString);
            Request key = new Request(request.group(1).startsWith("R") ? "block_read" : "block_write",
                    Long.parseUnsignedLong(request.group(2)), Long.parseLong(request.group(3)) * SECTOR_BYTES);
            if (event.name().equals("block_rq_issue")) {
                issuedUs.put(key, event.atUs());
            } else if (issuedUs.containsKey(key)) {
                durationsNs.put(key, (event.atUs() - issuedUs.get(key)) * 1_000);
            }
        }
        return durationsNs;
    }

    /** Within 5 %, or 20 us: between the two looks at the clock an interrupt fits. */
    private static boolean isAlike(long oneNs, long otherNs) {
        long differenceNs = Math.abs(oneNs - otherNs);
        return differenceNs <= 20_000 || differenceNs * 20 <= otherNs;
    }

    /** As the kernel itself has a disk's major and minor numbers in one. */
    private static long numberOf(LoopDisk disk) throws IOException {
        String[] numbers = Files.readString(Path.of("/sys/block", disk.name(), "dev")).strip().split(":");
        return Long.parseLong(numbers[0]) << MINOR_BITS | Long.parseLong(numbers[1]);
    }

    /** A file that has its place on the disk. */
    private static Path fill(LoopDisk disk, String name, int mib) {
        Path file = disk.directory().resolve(name);
        Tools.run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mib, "conv=fsync", "status=none");
        return file;
    }
}
