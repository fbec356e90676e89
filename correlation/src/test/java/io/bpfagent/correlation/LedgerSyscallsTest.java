package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerSyscallsTest {
    /** On every machine. */
    private static final int CLONE3 = 435;
    private static final int OPENAT2 = 437;
    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final Ledger ledger = kernel.ledger(live -> Map.of());

    @Test
    void tellsThemApartByTheirNames() {
        kernel.syscall(OPENAT2, 3_000);
        ledger.read();
        kernel.syscall(CLONE3, 700);
        kernel.syscall(OPENAT2, 5_000);
        EventUsage events = ledger.read().events();
        assertEquals(List.of("clone3", "openat2"), List.copyOf(events.syscalls().keySet()), "in their numbers' order");
        Distribution opens = events.byName(EventMetric.SYSCALL).get("openat2");
        assertEquals(2, opens.count());
        assertEquals(8_000, opens.sumNs());
        assertEquals(5_000, opens.maxNs(), "exact, not a bucket's bound");
        assertEquals(3, events.of(EventMetric.SYSCALL).count());
        assertSame(events, ledger.read().events(), "the same as long as nothing is counted");
    }

    @Test
    void countsAllWithoutAPlaceOfTheirOwnTogether() {
        kernel.syscall(RecordSizes.SYSCALLS - 1, 100);
        kernel.syscall(RecordSizes.SYSCALLS - 1, 300);
        kernel.syscall(RecordSizes.SYSCALLS - 2, 50);
        Map<String, Distribution> syscalls = ledger.read().events().syscalls();
        assertEquals(List.of("syscall 510", "other"), List.copyOf(syscalls.keySet()));
        assertEquals(2, syscalls.get("other").count());
    }

    @Test
    void giveTheIntervalBetweenTwo() {
        kernel.syscall(CLONE3, 4_000);
        Snapshot earlier = ledger.read();
        kernel.syscall(CLONE3, 100);
        Distribution interval = ledger.read().minus(earlier).events().syscalls().get("clone3");
        assertEquals(1, interval.count());
        assertEquals(100, interval.sumNs());
    }

    @Test
    void areNoneWhereNobodyAskedForThem() {
        KernelMemory memory = kernel.memory().withSyscalls(null);
        Ledger without = new Ledger(memory, live -> Map.of(), () -> kernel.nowNs, () -> 0);
        without.supplyAll();
        kernel.syscall(CLONE3, 4_000);
        assertEquals(Map.of(), without.read().events().syscalls());
    }

    @Test
    void memoryOfAnotherSizeIsRefused() {
        RecordArray pages = RecordArray.of(kernel.syscallPages, HistogramPage.SIZE);
        assertThrows(IllegalArgumentException.class, () -> new SyscallMemory(ByteBuffer.allocateDirect(8176), pages));
        RecordArray one = RecordArray.of(ByteBuffer.allocateDirect(HistogramPage.SIZE), HistogramPage.SIZE);
        assertThrows(IllegalArgumentException.class, () -> new SyscallMemory(kernel.syscalls, one));
    }
}
