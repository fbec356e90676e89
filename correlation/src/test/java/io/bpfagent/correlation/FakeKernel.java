package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Counted;
import io.bpfagent.records.RecordLayouts.Disk;
import io.bpfagent.records.RecordLayouts.DiskOperation;
import io.bpfagent.records.RecordLayouts.DiskUse;
import io.bpfagent.records.RecordLayouts.EventTotals;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.Meter;
import io.bpfagent.records.RecordLayouts.MetricTotals;
import io.bpfagent.records.RecordLayouts.OperationName;
import io.bpfagent.records.RecordLayouts.PageNumbers;
import io.bpfagent.records.RecordLayouts.PoolPages;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Remote;
import io.bpfagent.records.RecordLayouts.RowControl;
import io.bpfagent.records.RecordLayouts.RowCounters;
import io.bpfagent.records.RecordLayouts.RowLife;
import io.bpfagent.records.RecordLayouts.RowMeters;
import io.bpfagent.records.RecordLayouts.SlowLimits;
import io.bpfagent.records.RecordLayouts.StateTotals;
import io.bpfagent.records.RecordLayouts.StayFlags;
import io.bpfagent.records.RecordLayouts.Supply;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The BPF programs in Java: rows.h, pages.h, events.h and thread_state.bpf.c on plain buffers and a clock of
 * its own.
 */
public final class FakeKernel {
    public final ByteBuffer rows;
    final ByteBuffer pages;
    final ByteBuffer poolPages = buffer(PoolPages.SIZE * RecordSizes.POOLS);
    final ByteBuffer supplies;
    /** Items of a supply. */
    final int items;
    final ByteBuffer controls;
    final ByteBuffer rowMeters;
    final ByteBuffer meters;
    final ByteBuffer disks = buffer(Disk.SIZE * RecordSizes.DISKS);
    final ByteBuffer remotes = buffer(Remote.SIZE * RecordSizes.REMOTES);
    public final ByteBuffer globals = buffer(Globals.SIZE);
    public final ByteBuffer slowLimits = buffer(SlowLimits.SIZE);
    final ByteBuffer syscalls = buffer(EventTotals.SIZE * RecordSizes.SYSCALLS);
    final ByteBuffer rowCounters;
    final ByteBuffer syscallPages = buffer(HistogramPage.SIZE * RecordSizes.SYSCALLS);
    /** Bit s: state s has histograms. */
    int histogramStates = 0xffff;
    public long nowNs = 1_000_000_000L;
    public final FakePauses pauses = new FakePauses(this);
    private int nextTid = 100;

    /** @param suppliedPages those that are handed out */
    public FakeKernel(int rowCount, int suppliedPages) {
        int pageCount = RecordSizes.FIRST_SUPPLIED_PAGE + suppliedPages;
        items = KernelMemory.supplyItems(rowCount, pageCount);
        supplies = buffer(KernelMemory.supplyBytes(items) * SupplyKind.SUPPLIES);
        rows = buffer(ThreadRow.SIZE * rowCount);
        pages = buffer(HistogramPage.SIZE * pageCount);
        controls = buffer(RowControl.SIZE * rowCount);
        rowMeters = buffer(RowMeters.SIZE * rowCount);
        meters = buffer(Meter.SIZE * pageCount);
        rowCounters = buffer(RowCounters.SIZE * rowCount);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public KernelMemory memory() {
        return new KernelMemory(rows, pages, poolPages, supplies, controls, rowMeters, meters, disks, globals,
                slowLimits, remotes)
                .withSyscalls(new SyscallMemory(syscalls, RecordArray.of(syscallPages, HistogramPage.SIZE)));
    }

    /** A ledger on this memory with this clock, everything supplied. */
    public Ledger ledger(IdentitySource identities) {
        Ledger ledger = new Ledger(memory(), identities, () -> nowNs, () -> 0);
        ledger.supplyAll();
        return ledger;
    }

    public void pass(long ns) {
        nowNs += ns;
    }

    /** Starts a thread, or returns null if there is no row for it. */
    public FakeThread start(String comm, ThreadState state) {
        int row = take(SupplyKind.SUPPLY_ROWS);
        if (row < 0) {
            lose(KernelLosses.THREADS_WITHOUT_ROW);
            return null;
        }
        int base = row * ThreadRow.SIZE;
        int generation = rows.getInt(base + ThreadRow.GENERATION) + 1;
        FakeThread thread = new FakeThread(row, generation, nextTid++, nowNs, state);
        advanceSequence(row);
        rows.putLong(base + ThreadRow.START_NS, nowNs);
        rows.putLong(base + ThreadRow.SINCE_NS, nowNs);
        rows.putLong(base + ThreadRow.JAVA_ID, 0);
        rows.putInt(base + ThreadRow.TID, thread.tid);
        rows.putInt(base + ThreadRow.HOST_TID, thread.hostTid);
        rows.put(base + ThreadRow.STATE, (byte) state.ordinal());
        rows.put(base + ThreadRow.NAME_LENGTH, (byte) 0);
        rows.putInt(base + ThreadRow.GENERATION, generation);
        for (int at = ThreadRow.MINOR_FAULTS; at < ThreadRow.JAVA_ID; at++) {
            rows.put(base + at, (byte) 0);
        }
        setComm(thread, comm);
        rows.put(base + ThreadRow.LIFE, (byte) RowLife.ROW_LIVE);
        advanceSequence(row);
        return thread;
    }

    /** hotspot:thread__start */
    public void named(FakeThread thread, String name, long javaId) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, RecordSizes.NAME_BYTES);
        int base = thread.row * ThreadRow.SIZE;
        rows.put(base + ThreadRow.NAME, bytes, 0, length);
        rows.putLong(base + ThreadRow.JAVA_ID, javaId);
        rows.put(base + ThreadRow.NAME_LENGTH, (byte) length);
    }

    /** The thread is in such a call. */
    public void inCall(FakeThread thread, ThreadMetric metric) {
        rows.put(thread.row * ThreadRow.SIZE + ThreadRow.CALL, (byte) (metric.ordinal() + 1));
        rows.putLong(thread.row * ThreadRow.SIZE + ThreadRow.CALL_NS, nowNs);
    }

    /** Programs are attached again that were away. */
    public void forgetBegins() {
        globals.putLong(Globals.BEGUN_AFTER_NS, nowNs);
    }

    /** Ends the thread's stay in its state, begins one in {@code next}. */
    public void change(FakeThread thread, ThreadState next) {
        change(thread, next, 0);
    }

    /** With these {@code enum stay_flags}, if a record of it is sent. */
    public void change(FakeThread thread, ThreadState next, int flags) {
        pauses.stayEnds(thread, next, flags);
        int s = thread.state.ordinal();
        long ns = nowNs - thread.sinceNs;
        int totals = totalsOf(thread, thread.state);
        advanceSequence(thread.row);
        rows.putLong(totals + StateTotals.TIME_NS, rows.getLong(totals + StateTotals.TIME_NS) + ns);
        rows.putInt(totals + StateTotals.COUNT, rows.getInt(totals + StateTotals.COUNT) + 1);
        rows.putLong(totals + StateTotals.MAX_NS, Math.max(rows.getLong(totals + StateTotals.MAX_NS), ns));
        rows.putLong(thread.row * ThreadRow.SIZE + ThreadRow.SINCE_NS, nowNs);
        rows.put(thread.row * ThreadRow.SIZE + ThreadRow.STATE, (byte) next.ordinal());
        advanceSequence(thread.row);
        countInPage(thread.row, s, totals, ns);
        thread.timeNs[s] += ns;
        thread.count[s]++;
        thread.maxNs[s] = Math.max(thread.maxNs[s], ns);
        thread.state = next;
        thread.sinceNs = nowNs;
    }

    /** The thread, which runs, is in {@code state} for {@code stateNs} and then runs again. */
    public void stay(FakeThread thread, ThreadState state, long stateNs) {
        change(thread, state);
        pass(stateNs);
        change(thread, ThreadState.RUNNING);
    }

    public void end(FakeThread thread, String comm) {
        change(thread, ThreadState.RUNNING, StayFlags.STAY_ENDED);
        setComm(thread, comm);
        endWithoutEvent(thread);
    }

    /** What becomes of a row that lost the race for its thread. */
    void endWithoutEvent(FakeThread thread) {
        advanceSequence(thread.row);
        rows.put(thread.row * ThreadRow.SIZE + ThreadRow.LIFE, (byte) RowLife.ROW_ENDED);
        advanceSequence(thread.row);
    }

    void advanceSequence(int row) {
        int at = row * ThreadRow.SIZE + ThreadRow.SEQUENCE;
        rows.putInt(at, rows.getInt(at) + 1);
    }

    int totalsOf(FakeThread thread, ThreadState state) {
        return thread.row * ThreadRow.SIZE + ThreadRow.TOTALS + state.ordinal() * StateTotals.SIZE;
    }

    int pageOf(FakeThread thread, ThreadState state) {
        return Words.getShort(rows, totalsOf(thread, state) + StateTotals.PAGE);
    }

    int poolOf(FakeThread thread) {
        return poolOf(thread.row);
    }

    private int poolOf(int row) {
        return saidOf(row, RowControl.POOL);
    }

    /** {@code enum pause_role} */
    int roleOf(FakeThread thread) {
        return saidOf(thread.row, RowControl.ROLE);
    }

    private int saidOf(int row, int field) {
        int control = row * RowControl.SIZE;
        int generation = rows.getInt(row * ThreadRow.SIZE + ThreadRow.GENERATION);
        return controls.getInt(control + RowControl.GENERATION) == generation
                ? Words.getShort(controls, control + field) : 0;
    }

    /** What the kernel had counted of the thread when its accounting began. */
    public void firstCounters(FakeThread thread, int minorFaults, int majorFaults, int migrations) {
        int base = thread.row * ThreadRow.SIZE;
        rows.putInt(base + ThreadRow.FIRST_MINOR_FAULTS, minorFaults);
        rows.putInt(base + ThreadRow.FIRST_MAJOR_FAULTS, majorFaults);
        rows.putInt(base + ThreadRow.FIRST_MIGRATIONS, migrations);
        counters(thread, minorFaults, majorFaults, migrations);
    }

    /** What the kernel has counted of the thread. */
    public void counters(FakeThread thread, int minorFaults, int majorFaults, int migrations) {
        int base = thread.row * ThreadRow.SIZE;
        rows.putInt(base + ThreadRow.MINOR_FAULTS, minorFaults);
        rows.putInt(base + ThreadRow.MAJOR_FAULTS, majorFaults);
        rows.putInt(base + ThreadRow.MIGRATIONS, migrations);
    }

    /** count_stay, of the counter that stands there as this one. */
    void counted(FakeThread thread, int counter, long count, long enabledNs, long runningNs) {
        int base = thread.row * RowCounters.SIZE;
        advanceCounters(thread);
        if (rowCounters.getInt(base + RowCounters.GENERATION) != thread.generation) {
            for (int i = 0; i < RecordSizes.COUNTERS * Counted.SIZE; i++) {
                rowCounters.put(base + RowCounters.COUNTED + i, (byte) 0);
            }
            rowCounters.putInt(base + RowCounters.GENERATION, thread.generation);
        }
        int at = base + RowCounters.COUNTED + counter * Counted.SIZE;
        rowCounters.putLong(at + Counted.COUNT, rowCounters.getLong(at + Counted.COUNT) + count);
        rowCounters.putLong(at + Counted.ENABLED_NS, rowCounters.getLong(at + Counted.ENABLED_NS) + enabledNs);
        rowCounters.putLong(at + Counted.RUNNING_NS, rowCounters.getLong(at + Counted.RUNNING_NS) + runningNs);
        advanceCounters(thread);
    }

    /** Begins or ends a write of what is counted for the thread. */
    void advanceCounters(FakeThread thread) {
        int at = thread.row * RowCounters.SIZE + RowCounters.SEQUENCE;
        rowCounters.putInt(at, rowCounters.getInt(at) + 1);
    }

    /** What is counted for each row. */
    CounterMemory counters(Counter... counters) {
        return new CounterMemory(List.of(counters), RecordArray.of(rowCounters, RowCounters.SIZE));
    }

    /** note_wait */
    public void waited(FakeThread thread, ThreadCounts.Behind behind, long ns) {
        int at = thread.row * ThreadRow.SIZE + ThreadRow.WAITED_NS + behind.ordinal() * Long.BYTES;
        rows.putLong(at, rows.getLong(at) + ns);
    }

    /** count_in_metric_page, of the thread's own page if there is one for it. */
    public void metric(FakeThread thread, ThreadMetric metric, long value) {
        metric(thread, metric.ordinal(), value);
    }

    /** The same, by the metric's number. */
    void metric(FakeThread thread, int metric, long value) {
        int page = metricPage(thread, metric);
        int totals = Globals.METRICS + metric * MetricTotals.SIZE;
        ByteBuffer of = page == 0 ? globals : meters;
        int sum = page == 0 ? totals + MetricTotals.SUM : page * Meter.SIZE + Meter.SUM;
        int max = page == 0 ? totals + MetricTotals.MAX : page * Meter.SIZE + Meter.MAX;
        if (page == 0) {
            lose(KernelLosses.EVENTS_WITHOUT_PAGE);
        }
        count(page == 0 ? RecordSizes.FIRST_METRIC_PAGE + metric : page, value);
        of.putLong(sum, of.getLong(sum) + value);
        of.putLong(max, Math.max(of.getLong(max), value));
    }

    /** forget_rows, of all of them */
    void forgetRows(int metric) {
        int totals = Globals.METRICS + metric * MetricTotals.SIZE;
        globals.putLong(totals + MetricTotals.SUM, 0);
        globals.putLong(totals + MetricTotals.MAX, 0);
        for (int at = 0; at < rowMeters.capacity(); at += RowMeters.SIZE) {
            rowMeters.putShort(at + RowMeters.PAGE + metric * Short.BYTES, (short) PageNumbers.PAGE_NONE);
        }
    }

    private int metricPage(FakeThread thread, int metric) {
        int base = thread.row * RowMeters.SIZE;
        if (rowMeters.getInt(base + RowMeters.GENERATION) != thread.generation) {
            for (int i = 0; i < RecordSizes.THREAD_METRICS; i++) {
                rowMeters.putShort(base + RowMeters.PAGE + i * Short.BYTES, (short) 0);
            }
            rowMeters.putInt(base + RowMeters.GENERATION, thread.generation);
        }
        int at = base + RowMeters.PAGE + metric * Short.BYTES;
        if (Words.getShort(rowMeters, at) == PageNumbers.PAGE_NONE) {
            int taken = take(SupplyKind.SUPPLY_PAGES);
            if (taken >= 0) {
                rowMeters.putShort(at, (short) taken);
                meters.putLong(taken * Meter.SIZE + Meter.SUM, 0);
                meters.putLong(taken * Meter.SIZE + Meter.MAX, 0);
            }
        }
        return Words.getShort(rowMeters, at);
    }

    void count(int page, long value) {
        int at = page * HistogramPage.SIZE + bucketOf(value) * Integer.BYTES;
        pages.putInt(at, pages.getInt(at) + 1);
    }

    /** bucket_of of pages.h, line by line. */
    static int bucketOf(long ns) {
        long value = ns >>> 6;
        long rest = value >>> 5;
        int shift = 0;
        for (int bits = 16; bits > 0; bits /= 2) {
            if (rest >>> bits != 0) {
                rest >>>= bits;
                shift += bits;
            }
        }
        shift += (int) rest;
        value = ((long) shift << 4) + (value >>> shift);
        return (int) Math.min(value, 511);
    }

    /** count_for_disk */
    public void request(int disk, DiskUsage.User user, DiskUsage.Operation operation, long bytes, long queueNs,
            long deviceNs) {
        int use = disk * Disk.SIZE + Disk.USES
                + (user.ordinal() * DiskOperation.DISK_OPERATIONS + operation.ordinal()) * DiskUse.SIZE;
        disks.putLong(use + DiskUse.REQUESTS, disks.getLong(use + DiskUse.REQUESTS) + 1);
        disks.putLong(use + DiskUse.BYTES, disks.getLong(use + DiskUse.BYTES) + bytes);
        disks.putLong(use + DiskUse.QUEUE_NS, disks.getLong(use + DiskUse.QUEUE_NS) + queueNs);
        disks.putLong(use + DiskUse.DEVICE_NS, disks.getLong(use + DiskUse.DEVICE_NS) + deviceNs);
        disks.putLong(use + DiskUse.MAX_DEVICE_NS, Math.max(disks.getLong(use + DiskUse.MAX_DEVICE_NS), deviceNs));
        if (operation.ordinal() <= DiskUsage.Operation.FLUSH.ordinal()) {
            count(RecordSizes.FIRST_DISK_PAGE + 3 * disk + operation.ordinal(), deviceNs);
        }
    }

    /** disk_number, of one that is new: first its place is taken, then its name is written. */
    public void disk(int disk, String name) {
        disks.putLong(disk * Disk.SIZE + Disk.DEVICE, 0xffff_8880_0000_0000L + disk);
        disks.putInt(disk * Disk.SIZE + Disk.NAMED, 1);
        disks.putInt(disk * Disk.SIZE + Disk.MAJOR, 7);
        disks.putInt(disk * Disk.SIZE + Disk.MINOR, disk);
        disks.put(disk * Disk.SIZE + Disk.NAME, name.getBytes(StandardCharsets.UTF_8));
    }

    /** count_event */
    public void event(EventMetric metric, long ns) {
        countEvent(metric.ordinal(), Globals.EVENTS + metric.ordinal() * EventTotals.SIZE + EventTotals.SUM_NS,
                Globals.EVENTS + metric.ordinal() * EventTotals.SIZE + EventTotals.MAX_NS, ns);
    }

    /** count_operation, of the one with this number. */
    public void operation(int number, long ns) {
        int entry = Globals.OPERATIONS + number * OperationName.SIZE;
        event(EventMetric.VM_OPERATION, ns);
        countEvent(RecordSizes.EVENT_METRICS + number, entry + OperationName.SUM_NS, entry + OperationName.MAX_NS, ns);
    }

    /** sys_exit, of the call with this number. */
    public void syscall(int number, long ns) {
        event(EventMetric.SYSCALL, ns);
        int at = number * EventTotals.SIZE;
        syscalls.putLong(at + EventTotals.SUM_NS, syscalls.getLong(at + EventTotals.SUM_NS) + ns);
        syscalls.putLong(at + EventTotals.MAX_NS, Math.max(syscalls.getLong(at + EventTotals.MAX_NS), ns));
        int bucket = number * HistogramPage.SIZE + bucketOf(ns) * Integer.BYTES;
        syscallPages.putInt(bucket, syscallPages.getInt(bucket) + 1);
    }

    private void countEvent(int histogram, int sumAt, int maxAt, long ns) {
        globals.putLong(sumAt, globals.getLong(sumAt) + ns);
        globals.putLong(maxAt, Math.max(globals.getLong(maxAt), ns));
        count(RecordSizes.FIRST_EVENT_PAGE + histogram, ns);
    }

    /** Enters the name of the VM operation with this number. */
    public void nameOperation(int number, String name) {
        int entry = Globals.OPERATIONS + number * OperationName.SIZE;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        globals.put(entry + OperationName.NAME, bytes, 0, bytes.length);
        globals.put(entry + OperationName.LENGTH, (byte) bytes.length);
        globals.putLong(entry + OperationName.ADDRESS, 0x7f00_0000_0000L + number);
    }

    public void lose(int counter) {
        int at = Globals.LOSSES + counter;
        globals.putLong(at, globals.getLong(at) + 1);
    }

    int free(int supply) {
        return supplies.getInt(supplyAt(supply) + Supply.TAIL) - supplies.getInt(supplyAt(supply) + Supply.HEAD);
    }

    int supplyAt(int supply) {
        return supply * KernelMemory.supplyBytes(items);
    }

    private void setComm(FakeThread thread, String comm) {
        byte[] bytes = comm.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < RecordSizes.COMM_BYTES; i++) {
            boolean inside = i < bytes.length && i < RecordSizes.COMM_BYTES - 1;
            rows.put(thread.row * ThreadRow.SIZE + ThreadRow.COMM + i, inside ? bytes[i] : 0);
        }
    }

    private void countInPage(int row, int state, int totals, long ns) {
        int page = Words.getShort(rows, totals + StateTotals.PAGE);
        if (page == PageNumbers.PAGE_NONE) {
            if ((histogramStates >> state & 1) == 0) {
                return;
            }
            int taken = take(SupplyKind.SUPPLY_PAGES);
            page = taken < 0 ? PageNumbers.PAGE_SHARED : taken;
            rows.putShort(totals + StateTotals.PAGE, (short) page);
        }
        if (page == PageNumbers.PAGE_SHARED) {
            page = sharedPage(row, state, ns);
        }
        if (page < 0 || page >= pages.capacity() / HistogramPage.SIZE) {
            return; // as the look-up in a map: a test has put garbage there
        }
        count(page, ns);
    }

    private int sharedPage(int row, int state, long ns) {
        int pool = poolOf(row) * PoolPages.SIZE;
        int at = pool + PoolPages.PAGE + state * Integer.BYTES;
        if (poolPages.getInt(at) == 0) {
            int taken = take(SupplyKind.SUPPLY_SHARED_PAGES);
            if (taken < 0) {
                int overflow = Globals.OVERFLOW_SUM_NS + state * Long.BYTES;
                globals.putLong(overflow, globals.getLong(overflow) + ns);
                return state;
            }
            poolPages.putInt(at, taken);
        }
        int sum = pool + PoolPages.SUM_NS + state * Long.BYTES;
        poolPages.putLong(sum, poolPages.getLong(sum) + ns);
        return poolPages.getInt(at);
    }

    int take(int supply) {
        int base = supplyAt(supply);
        int head = supplies.getInt(base + Supply.HEAD);
        if (head == supplies.getInt(base + Supply.TAIL)) {
            return -1;
        }
        supplies.putInt(base + Supply.HEAD, head + 1);
        return Words.getShort(supplies, base + Supply.ITEMS + (head & items - 1) * Short.BYTES);
    }
}
