package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.PoolPages;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.RowControl;
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
 * @param supplies  {@code struct supply}, 3 of them; items and tail are written
 * @param controls  {@code struct row_control}, as many as rows; pool, role and generation are written
 * @param globals   {@code struct globals}; only read
 */
public record KernelMemory(RecordArray rows, RecordArray pages, ByteBuffer poolPages, ByteBuffer supplies,
                           ByteBuffer controls, ByteBuffer globals) {
    /** As many as a supply can hold. */
    public static final int MAX_ROWS = Supply.ITEMS_LENGTH;

    /** Those of states and events, and 32 to be handed out: 24 to threads, 8 to pools. */
    public static final int MIN_PAGES = RecordSizes.FIRST_SUPPLIED_PAGE + 32;

    /** Those of states and events, and three quarters of the rest as many as a supply can hold. */
    public static final int MAX_PAGES = RecordSizes.FIRST_SUPPLIED_PAGE + Supply.ITEMS_LENGTH / 3 * 4;

    public KernelMemory {
        check("rows", rows, ThreadRow.SIZE, 1, MAX_ROWS);
        check("pages", pages, HistogramPage.SIZE, MIN_PAGES, MAX_PAGES);
        poolPages = view("pool_pages", poolPages, PoolPages.SIZE, RecordSizes.POOLS, RecordSizes.POOLS);
        supplies = view("supplies", supplies, Supply.SIZE, SupplyKind.SUPPLIES, SupplyKind.SUPPLIES);
        int rowCount = rows.count();
        controls = view("controls", controls, RowControl.SIZE, rowCount, rowCount);
        globals = view("globals", globals, Globals.SIZE, 1, 1);
    }

    /** Of memory that is all mapped. */
    KernelMemory(ByteBuffer rows, ByteBuffer pages, ByteBuffer poolPages, ByteBuffer supplies,
                 ByteBuffer controls, ByteBuffer globals) {
        this(RecordArray.of(view("rows", rows, ThreadRow.SIZE, 1, MAX_ROWS), ThreadRow.SIZE),
                RecordArray.of(view("pages", pages, HistogramPage.SIZE, MIN_PAGES, MAX_PAGES),
                        HistogramPage.SIZE),
                poolPages, supplies, controls, globals);
    }

    /** How many rows there are. */
    public int rowCount() {
        return rows.count();
    }

    /** How many pages there are, with those of states and events. */
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
