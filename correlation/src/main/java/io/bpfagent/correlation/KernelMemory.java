package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Disk;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.Meter;
import io.bpfagent.records.RecordLayouts.PoolPages;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.Remote;
import io.bpfagent.records.RecordLayouts.RowControl;
import io.bpfagent.records.RecordLayouts.RowMeters;
import io.bpfagent.records.RecordLayouts.SlowLimits;
import io.bpfagent.records.RecordLayouts.Supply;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The mapped memory of the BPF maps, exactly as long as their values together (a mapping's length is
 * rounded up: slice it). The accessors of buffers give views of their own in little-endian order.
 *
 * <p>The buffers must be direct: only there is atomic access promised (from JDK 23 on, heap buffers
 * refuse it), and they must stay mapped as long as the {@link Ledger} is used.
 *
 * @param rows      {@code struct thread_row}, 1 to {@value #MAX_ROWS} of them; only read
 * @param pages     {@code struct histogram_page}, {@value #MIN_PAGES} to {@value #MAX_PAGES} of them; only read
 * @param poolPages {@code struct pool_pages}, 513 of them; only read
 * @param supplies  {@code struct supply}, 3 of them, with {@link #supplyItems} items each; items and tail are written
 * @param controls  {@code struct row_control}, as many as rows; pool, role and generation are written
 * @param rowMeters {@code struct row_meters}, as many as rows; only read
 * @param meters    {@code struct meter}, as many as pages; only read
 * @param disks     {@code struct disk}, {@value RecordSizes#DISKS} of them; only read
 * @param globals   {@code struct globals}; only read
 * @param slowLimits {@code struct slow_limits}; written
 * @param syscalls  what system calls add up to, or null where that is not asked for
 * @param remotes   {@code struct remote}, {@value RecordSizes#REMOTES} of them; only read
 */
public record KernelMemory(RecordArray rows, RecordArray pages, ByteBuffer poolPages, ByteBuffer supplies,
                           ByteBuffer controls, RecordArray rowMeters, RecordArray meters, ByteBuffer disks,
                           ByteBuffer globals, ByteBuffer slowLimits, SyscallMemory syscalls, ByteBuffer remotes) {
    /** As many as a supply can hold. */
    public static final int MAX_ROWS = Supply.ITEMS_LENGTH;

    /** Those that are never handed out, and 32 that are: 24 to threads, 8 to pools. */
    public static final int MIN_PAGES = RecordSizes.FIRST_SUPPLIED_PAGE + 32;

    /** Those that are never handed out, and three quarters of the rest as many as a supply can hold. */
    public static final int MAX_PAGES = RecordSizes.FIRST_SUPPLIED_PAGE + Supply.ITEMS_LENGTH / 3 * 4;

    public KernelMemory {
        check("rows", rows, ThreadRow.SIZE, 1, MAX_ROWS);
        check("pages", pages, HistogramPage.SIZE, MIN_PAGES, MAX_PAGES);
        poolPages = view("pool_pages", poolPages, PoolPages.SIZE, RecordSizes.POOLS, RecordSizes.POOLS);
        int items = supplyItems(rows.count(), pages.count());
        supplies = view("supplies", supplies, supplyBytes(items), SupplyKind.SUPPLIES, SupplyKind.SUPPLIES);
        int rowCount = rows.count();
        controls = view("controls", controls, RowControl.SIZE, rowCount, rowCount);
        check("row_meters", rowMeters, RowMeters.SIZE, rowCount, rowCount);
        check("meters", meters, Meter.SIZE, pages.count(), pages.count());
        disks = view("disks", disks, Disk.SIZE, RecordSizes.DISKS, RecordSizes.DISKS);
        globals = view("globals", globals, Globals.SIZE, 1, 1);
        slowLimits = view("slow_limits", slowLimits, SlowLimits.SIZE, 1, 1);
        remotes = view("remotes", remotes, Remote.SIZE, RecordSizes.REMOTES, RecordSizes.REMOTES);
    }

    /** How many items a supply has: room for all rows, or pages; a power of two. */
    public static int supplyItems(int rows, int pages) {
        int most = Math.min(Supply.ITEMS_LENGTH, Math.max(rows, pages));
        return Math.max(2, Integer.highestOneBit(most - 1) << 1);
    }

    /** How long a supply with so many items is. */
    public static int supplyBytes(int items) {
        return Supply.ITEMS + items * Short.BYTES;
    }

    /** Of memory that is all mapped, without system calls. */
    KernelMemory(ByteBuffer rows, ByteBuffer pages, ByteBuffer poolPages, ByteBuffer supplies,
                 ByteBuffer controls, ByteBuffer rowMeters, ByteBuffer meters, ByteBuffer disks, ByteBuffer globals,
                 ByteBuffer slowLimits, ByteBuffer remotes) {
        this(RecordArray.of(view("rows", rows, ThreadRow.SIZE, 1, MAX_ROWS), ThreadRow.SIZE),
                RecordArray.of(view("pages", pages, HistogramPage.SIZE, MIN_PAGES, MAX_PAGES),
                        HistogramPage.SIZE),
                poolPages, supplies, controls, RecordArray.of(rowMeters, RowMeters.SIZE),
                RecordArray.of(meters, Meter.SIZE), disks, globals, slowLimits, null, remotes);
    }

    /** The same with system calls. */
    KernelMemory withSyscalls(SyscallMemory syscalls) {
        return new KernelMemory(rows, pages, poolPages, supplies, controls, rowMeters, meters, disks, globals,
                slowLimits, syscalls, remotes);
    }

    /** How many rows there are. */
    public int rowCount() {
        return rows.count();
    }

    /** How many pages there are, with those that are never handed out. */
    public int pageCount() {
        return pages.count();
    }

    private static void check(String map, RecordArray array, int size, int least, int most) {
        if (array.recordBytes() != size || array.count() < least || array.count() > most) {
            throw new IllegalArgumentException(map + " must be " + least + " to " + most + " times " + size
                    + " bytes, count=" + array.count() + ", bytes=" + array.recordBytes());
        }
    }

    private static ByteBuffer view(String map, ByteBuffer buffer, int size, int least, int most) {
        int bytes = buffer.remaining();
        int count = bytes / size;
        if (bytes % size != 0 || count < least || count > most) {
            throw new IllegalArgumentException(map + " must be " + least + " to " + most + " times " + size
                    + " bytes, bytes=" + bytes);
        }
        return buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
