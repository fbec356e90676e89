package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.EventTotals;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.OperationName;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The histograms of what HotSpot's probes tell and of system calls: a page for each metric, for each VM operation and
 * for each system call, and beside the counts their exact sum and maximum. A page is looked at once something was
 * counted in it. Beside them those of virtual threads, which their carriers count.
 */
final class EventAccounts {
    private static final int METRICS = EventMetric.ALL.size();

    private final ByteBuffer globals;
    private final OperationNames names;
    private final DistributionAccount[] accounts = new DistributionAccount[RecordSizes.EVENT_HISTOGRAMS];
    private final long[] sumsNs = new long[RecordSizes.EVENT_HISTOGRAMS];
    /** The operations' numbers in the order in which they were first seen, and how many they are. */
    private final int[] operations = new int[RecordSizes.OPERATIONS];
    private int operationCount;
    /** Null where system calls are not counted. */
    private final SyscallAccounts syscalls;
    private Map<String, Distribution> bySyscall = Map.of();
    /** Null where virtual threads cannot be followed. */
    private VirtualAccounts virtual;
    private EventUsage current = EventUsage.NONE;

    EventAccounts(KernelMemory memory) {
        this.globals = memory.globals();
        this.names = new OperationNames(memory);
        this.syscalls = memory.syscalls() == null ? null : new SyscallAccounts(memory.syscalls());
    }

    /** From now on virtual threads are counted, whenever they are followed. */
    void follow(VirtualAccounts accounts) {
        virtual = accounts;
    }

    /** How many virtual threads have found no place while they were unmounted. */
    long lostVirtualThreads() {
        return virtual == null ? 0 : virtual.lost();
    }

    /** The name of a virtual thread, or null if it is not known. */
    String nameOfVirtual(long id) {
        return virtual == null ? null : virtual.nameOf(id);
    }

    /** As they are now; the same object as before if nothing was counted. */
    EventUsage read(PageReader reader) {
        boolean changed = false;
        for (int metric = 0; metric < METRICS; metric++) {
            int totals = Globals.EVENTS + metric * EventTotals.SIZE;
            changed |= read(reader, metric, totals + EventTotals.SUM_NS, totals + EventTotals.MAX_NS);
        }
        for (int operation = 0; operation < RecordSizes.OPERATIONS; operation++) {
            if (names.of(operation) != null) {
                changed |= readOperation(reader, operation);
            }
        }
        if (syscalls != null) {
            Map<String, Distribution> before = bySyscall;
            bySyscall = syscalls.read();
            changed |= bySyscall != before;
        }
        changed |= virtual != null && virtual.read(reader);
        if (changed) {
            current = toUsage();
        }
        return current;
    }

    private boolean readOperation(PageReader reader, int operation) {
        int histogram = RecordSizes.EVENT_METRICS + operation;
        boolean known = accounts[histogram] != null;
        int entry = OperationNames.offset(operation);
        boolean changed = read(reader, histogram, entry + OperationName.SUM_NS, entry + OperationName.MAX_NS);
        if (!known && accounts[histogram] != null) {
            operations[operationCount++] = operation;
        }
        return changed;
    }

    private boolean read(PageReader reader, int histogram, int sumAt, int maxAt) {
        DistributionAccount account = accounts[histogram];
        if (account == null) {
            if (Words.getOpaqueLong(globals, sumAt) == 0 && Words.getOpaqueLong(globals, maxAt) == 0) {
                return false;
            }
            account = new DistributionAccount();
            accounts[histogram] = account;
        }
        Distribution before = account.toDistribution();
        account.addNewCounts(reader, RecordSizes.FIRST_EVENT_PAGE + histogram, null);
        long sumNs = Words.getOpaqueLong(globals, sumAt);
        // Garbage in the memory must not make a sum go down.
        account.add(Math.max(0, sumNs - sumsNs[histogram]), Words.getOpaqueLong(globals, maxAt));
        sumsNs[histogram] = sumNs;
        return account.toDistribution() != before;
    }

    private EventUsage toUsage() {
        Map<EventMetric, Distribution> metrics = new EnumMap<>(EventMetric.class);
        for (int metric = 0; metric < METRICS; metric++) {
            if (accounts[metric] != null) {
                metrics.put(EventMetric.ALL.get(metric), accounts[metric].toDistribution());
            }
        }
        if (virtual != null) {
            virtual.putInto(metrics);
        }
        Map<String, Distribution> byName = new LinkedHashMap<>();
        for (int i = 0; i < operationCount; i++) {
            String name = names.of(operations[i]);
            Distribution distribution = accounts[RecordSizes.EVENT_METRICS + operations[i]].toDistribution();
            Distribution same = byName.get(name);
            byName.put(name, same == null ? distribution : same.plus(distribution));
        }
        return new EventUsage(metrics, byName, bySyscall, virtual == null ? Map.of() : virtual.pinned());
    }
}
