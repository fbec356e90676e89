package io.bpfagent.report;

import static io.bpfagent.report.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.DiskUsage.Operation;
import io.bpfagent.correlation.DiskUsage.Use;
import io.bpfagent.correlation.DiskUsage.User;
import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventUsage;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The document {@code disks}, beside its golden files; -DwriteGolden=DIR writes what there would be. */
class DiskDocumentTest {
    private static final List<Probe> ATTACHED = List.of(
            new Probe("sched_switch", Probe.ATTACHED, "", 0, 0),
            new Probe("block_io_start", Probe.ATTACHED, "", 0, 0));

    /** Used by all, in every way; and a disk with an odd name of which no request is done yet. */
    static List<DiskUsage> disks() {
        return List.of(
                new DiskUsage("nvme0n1", 259, 0, List.of(
                        new Use(User.HOST, Operation.READ, 3, 139_264, 21_000, 1_670_000, 1_500_000, 1),
                        new Use(User.OTHER, Operation.READ, 2, 8_192, 7_000, 190_000, 120_000, 0),
                        new Use(User.KERNEL, Operation.WRITE, 2, 1_048_576, 400_000, 500_000, 300_000, 2),
                        new Use(User.KERNEL, Operation.FLUSH, 1, 0, 3_000, 2_000_000, 2_000_000, 0),
                        new Use(User.OTHER, Operation.OTHER, 1, 1_073_741_824, 0, 40_000, 40_000, 0)),
                        Map.of(Operation.READ, times(80_000, 90_000, 1_500_000, 70_000, 120_000),
                                Operation.WRITE, times(200_000, 300_000),
                                Operation.FLUSH, times(2_000_000))),
                new DiskUsage("a\"b\\c\u2028\u00fc", 8, 16, List.of(), Map.of()));
    }

    private static Distribution times(long... ns) {
        return new Snapshots().operation("any", ns).at(0, 0).events().ofOperation("any");
    }

    static Snapshot snapshot(List<DiskUsage> disks) {
        return new Snapshot(15_000_000_000L, 10_000_000_000L, List.of(), List.of(), EventUsage.NONE, disks, List.of(),
                List.of(), Losses.NONE);
    }

    @Test
    void disksOfAllUsers() throws IOException {
        Snapshot snapshot = snapshot(disks()).plus(Loss.LOST_BLOCK_REQUESTS, 2).plus(Loss.EVENTS_WITHOUT_PAGE, 1);
        assertGolden("disks.json", JsonDocuments.disks(snapshot, ATTACHED, false));
    }

    @Test
    void disksWhereNoneAreLookedAt() throws IOException {
        assertGolden("disks-none.json", JsonDocuments.disks(snapshot(List.of()), List.of(new Probe("block_io_start",
                Probe.UNSUPPORTED, "needs Linux 6.5; missing: block_read, block_write", 0, 0)), false));
    }

    /** What a disk did before is not in an interval; a kind of request that there was none of in it is still there. */
    @Test
    void disksOfAnInterval() {
        DiskUsage before = disks().get(0);
        Use reads = before.use(User.HOST, Operation.READ);
        DiskUsage now = new DiskUsage(before.name(), 259, 0, List.of(
                new Use(User.HOST, Operation.READ, reads.requests() + 23, reads.bytes() + 4_096, reads.queueNs() + 5,
                        reads.deviceNs() + 230_000, 1_600_000, reads.sequential() + 7),
                before.use(User.KERNEL, Operation.FLUSH)),
                Map.of(Operation.READ, before.deviceTimes().get(Operation.READ).plus(times(100_000, 130_000))));
        Snapshot interval = snapshot(List.of(now)).minus(snapshot(disks()));
        JsonObject document = JsonParser.parseString(JsonDocuments.disks(interval, ATTACHED, true)).getAsJsonObject();
        assertTrue(document.get("interval").getAsBoolean());
        JsonObject disk = document.getAsJsonArray("disks").get(0).getAsJsonObject();
        assertEquals("{\"by\":\"host\",\"operation\":\"read\",\"requests\":23,\"bytes\":4096,\"queueNs\":5,"
                + "\"deviceNs\":230000,\"maxDeviceNs\":1600000,\"sequential\":7}",
                disk.getAsJsonArray("uses").get(0).toString());
        assertEquals(0, disk.getAsJsonArray("uses").get(1).getAsJsonObject().get("requests").getAsLong());
        JsonObject times = disk.getAsJsonArray("deviceTimes").get(0).getAsJsonObject();
        assertEquals(2, times.get("count").getAsLong());
        assertEquals(230_000, times.get("sum").getAsLong());
    }

    @Test
    void saysWhyThereAreNoDisks() {
        Probe other = new Probe("sched_switch", Probe.ATTACHED, "", 0, 0);
        assertNull(DiskDocument.reason(ATTACHED));
        assertEquals("Cannot load latencies: EPERM.", DiskDocument.reason(List.of(other,
                new Probe("latencies", Probe.FAILED, "Cannot load latencies: EPERM.", 0, 0))));
        assertEquals("no block_ metric is kept: metrics=all keeps them", DiskDocument.reason(List.of(other)));
        assertEquals("no block_ metric is kept: metrics=all keeps them", DiskDocument.reason(List.of()));
    }
}
