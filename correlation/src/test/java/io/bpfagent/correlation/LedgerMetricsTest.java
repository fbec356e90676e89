package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What threads do besides being in states, and what disks do. */
class LedgerMetricsTest {
    private static final int SUPPLIED = 32;

    private final FakeKernel kernel = new FakeKernel(8, SUPPLIED);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    private FakeThread thread(String name) {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, name);
        return thread;
    }

    private static PoolUsage pool(Snapshot snapshot, String name) {
        return snapshot.pools().stream().filter(pool -> pool.pool().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void countsForThreadPoolAndProcess() {
        FakeThread first = thread("reader-1");
        FakeThread second = thread("reader-2");
        kernel.metric(first, ThreadMetric.FILE_SYNC, 5_000_000);
        kernel.metric(first, ThreadMetric.FILE_SYNC, 7_000_000);
        kernel.metric(second, ThreadMetric.FILE_SYNC, 1_000_000);
        kernel.metric(second, ThreadMetric.DNS, 2_000);
        Snapshot snapshot = ledger.read();
        Distribution own = snapshot.threads().get(0).distribution(ThreadMetric.FILE_SYNC);
        assertEquals(2, own.count());
        assertEquals(12_000_000, own.sumNs());
        assertEquals(7_000_000, own.maxNs());
        Distribution ofPool = pool(snapshot, "reader-#").distribution(ThreadMetric.FILE_SYNC);
        assertEquals(3, ofPool.count());
        assertEquals(13_000_000, ofPool.sumNs());
        assertEquals(3, snapshot.total(ThreadMetric.FILE_SYNC).count());
        assertEquals(1, snapshot.total(ThreadMetric.DNS).count());
        assertEquals(0, snapshot.total(ThreadMetric.FILE_OPEN).count());
        assertSame(Distribution.EMPTY, snapshot.threads().get(0).distribution(ThreadMetric.DNS));
    }

    @Test
    void givesOnlyWhatIsNewInAnInterval() {
        FakeThread thread = thread("reader-1");
        kernel.metric(thread, ThreadMetric.FILE_SYNC, 5_000_000);
        Snapshot first = ledger.read();
        kernel.metric(thread, ThreadMetric.FILE_SYNC, 1_000_000);
        kernel.metric(thread, ThreadMetric.BLOCK_READ, 90_000);
        Snapshot interval = ledger.read().minus(first);
        assertEquals(1_000_000, interval.threads().get(0).distribution(ThreadMetric.FILE_SYNC).sumNs());
        assertEquals(1, interval.total(ThreadMetric.BLOCK_READ).count());
        assertEquals(0, ledger.read().minus(ledger.read()).total(ThreadMetric.FILE_SYNC).count());
    }

    @Test
    void keepsInThePoolWhatAThreadDidThatHasEnded() {
        FakeThread thread = thread("reader-1");
        ledger.read();
        kernel.metric(thread, ThreadMetric.FILE_SYNC, 5_000_000);
        kernel.end(thread, "java");
        assertEquals(1, ledger.read().total(ThreadMetric.FILE_SYNC).count());
        assertEquals(SUPPLIED * 3 / 4, kernel.free(SupplyKind.SUPPLY_PAGES), "its pages are free again");
        // The next one in the same row, and with the same page, begins anew.
        FakeThread next = thread("writer-1");
        for (int i = 0; i < 40; i++) {
            kernel.metric(next, ThreadMetric.FILE_SYNC, 64);
        }
        Snapshot snapshot = ledger.read();
        assertEquals(5_000_000, pool(snapshot, "reader-#").distribution(ThreadMetric.FILE_SYNC).sumNs());
        assertEquals(40 * 64, pool(snapshot, "writer-#").distribution(ThreadMetric.FILE_SYNC).sumNs());
        assertEquals(64, pool(snapshot, "writer-#").distribution(ThreadMetric.FILE_SYNC).maxNs());
    }

    @Test
    void countsForTheProcessWhatFindsNoPage() {
        FakeThread thread = thread("reader-1");
        int own = SUPPLIED * 3 / 4;
        for (ThreadMetric metric : ThreadMetric.ALL) {
            kernel.metric(thread, metric, 64);
        }
        FakeThread second = thread("reader-2");
        for (ThreadMetric metric : ThreadMetric.ALL) {
            kernel.metric(second, metric, 6_400);
        }
        Snapshot snapshot = ledger.read();
        int without = 2 * ThreadMetric.ALL.size() - own;
        assertEquals(without, snapshot.losses().get(Loss.EVENTS_WITHOUT_PAGE));
        for (ThreadMetric metric : ThreadMetric.ALL) {
            assertEquals(2, snapshot.total(metric).count(), metric.metric());
            assertEquals(6_464, snapshot.total(metric).sumNs(), metric.metric());
            assertEquals(6_400, snapshot.total(metric).maxNs(), metric.metric());
        }
        assertEquals(1, pool(snapshot, PoolNames.OTHER).distribution(ThreadMetric.COMPACTION).count());
    }

    @Test
    void leavesOutAPageThatCannotBeTheThreads() {
        FakeThread thread = thread("reader-1");
        kernel.metric(thread, ThreadMetric.FILE_SYNC, 64);
        kernel.rowMeters.putShort(thread.row * 64 + 8 + 2 * ThreadMetric.DNS.ordinal(), (short) 3);
        Snapshot snapshot = ledger.read();
        assertEquals(1, snapshot.losses().get(Loss.TORN_ROWS));
        assertEquals(0, snapshot.total(ThreadMetric.DNS).count());
        assertEquals(1, snapshot.total(ThreadMetric.FILE_SYNC).count());
    }

    @Test
    void tellsWhatDisksDid() {
        kernel.disk(0, "loop3");
        kernel.request(0, DiskUsage.User.HOST, DiskUsage.Operation.READ, 4096, 1_000, 90_000);
        kernel.request(0, DiskUsage.User.OTHER, DiskUsage.Operation.READ, 8192, 2_000, 10_000);
        kernel.request(0, DiskUsage.User.KERNEL, DiskUsage.Operation.FLUSH, 0, 0, 500_000);
        Snapshot first = ledger.read();
        DiskUsage disk = first.disks().get(0);
        assertEquals("loop3", disk.name());
        assertEquals(7, disk.major());
        assertEquals(3, disk.uses().size());
        assertEquals(new DiskUsage.Use(DiskUsage.User.HOST, DiskUsage.Operation.READ, 1, 4096, 1_000, 90_000, 90_000,
                0),
                disk.use(DiskUsage.User.HOST, DiskUsage.Operation.READ));
        assertEquals(2, disk.deviceTimes().get(DiskUsage.Operation.READ).count());
        assertEquals(100_000, disk.deviceTimes().get(DiskUsage.Operation.READ).sumNs());
        assertEquals(90_000, disk.deviceTimes().get(DiskUsage.Operation.READ).maxNs());
        kernel.request(0, DiskUsage.User.HOST, DiskUsage.Operation.READ, 4096, 1_000, 60_000);
        DiskUsage interval = ledger.read().minus(first).disks().get(0);
        assertEquals(1, interval.use(DiskUsage.User.HOST, DiskUsage.Operation.READ).requests());
        assertEquals(0, interval.use(DiskUsage.User.OTHER, DiskUsage.Operation.READ).requests());
        assertEquals(60_000, interval.deviceTimes().get(DiskUsage.Operation.READ).sumNs());
        assertEquals(List.of(), new FakeKernel(8, SUPPLIED).ledger(identities).read().disks());
        assertEquals(8, RecordSizes.DISKS);
    }
}
