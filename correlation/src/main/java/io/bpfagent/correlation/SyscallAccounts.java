package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.EventTotals;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The histograms of system calls by their numbers. A page is looked at, and a name asked for, once something was
 * counted in it. One thread; no content of the memory makes it throw.
 */
final class SyscallAccounts {
    /** The last number stands for all that have no place of their own, and for calls of 32-bit code. */
    private static final int OTHER = RecordSizes.SYSCALLS - 1;
    private static final String OTHER_NAME = "other";

    private final ByteBuffer totals;
    private final PageReader pages;
    private final DistributionAccount[] accounts = new DistributionAccount[RecordSizes.SYSCALLS];
    private Map<String, Distribution> current = Map.of();

    SyscallAccounts(SyscallMemory memory) {
        totals = memory.totals();
        pages = new PageReader(memory.pages());
    }

    /** As they are now, in the order of their numbers; the same object as before if nothing was counted. */
    Map<String, Distribution> read() {
        boolean changed = false;
        for (int number = 0; number < RecordSizes.SYSCALLS; number++) {
            long sumNs = Words.getOpaqueLong(totals, number * EventTotals.SIZE + EventTotals.SUM_NS);
            if (sumNs != 0 || accounts[number] != null) {
                changed |= read(number, sumNs);
            }
        }
        if (changed) {
            current = byName();
        }
        return current;
    }

    private boolean read(int number, long sumNs) {
        if (accounts[number] == null) {
            accounts[number] = new DistributionAccount();
        }
        DistributionAccount account = accounts[number];
        Distribution before = account.toDistribution();
        account.addNewCounts(pages, number, null);
        // Garbage in the memory must not make a sum go down.
        account.add(Math.max(0, sumNs - account.sumNs()),
                Words.getOpaqueLong(totals, number * EventTotals.SIZE + EventTotals.MAX_NS));
        return account.toDistribution() != before;
    }

    private Map<String, Distribution> byName() {
        Map<String, Distribution> byName = new LinkedHashMap<>();
        for (int number = 0; number < RecordSizes.SYSCALLS; number++) {
            if (accounts[number] != null) {
                byName.put(number == OTHER ? OTHER_NAME : SyscallNames.of(number), accounts[number].toDistribution());
            }
        }
        return byName;
    }
}
