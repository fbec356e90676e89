package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SupplyKind;
import java.util.Arrays;

/** The free rows and pages, and which row each page of a thread's own belongs to. */
final class Supplies {
    private static final int NOBODY = -1;
    private static final int CONTEXTS = -2;

    private final SupplyRing rows;
    private final SupplyRing pages;
    private final SupplyRing sharedPages;
    private final int rowCount;
    private final int pageCount;
    private final int ownPagesEnd;
    private final int[] owners;

    Supplies(KernelMemory memory) {
        rows = new SupplyRing(memory.supplies(), SupplyKind.SUPPLY_ROWS);
        pages = new SupplyRing(memory.supplies(), SupplyKind.SUPPLY_PAGES);
        sharedPages = new SupplyRing(memory.supplies(), SupplyKind.SUPPLY_SHARED_PAGES);
        rowCount = memory.rowCount();
        pageCount = memory.pageCount();
        // A quarter is for the pools: a pool's five or so states beside a hundred pools.
        ownPagesEnd = pageCount - (pageCount - RecordSizes.FIRST_SUPPLIED_PAGE) / 4;
        owners = new int[pageCount];
        Arrays.fill(owners, NOBODY);
    }

    /** Puts in everything there is. */
    void supplyAll() {
        for (int row = 0; row < rowCount; row++) {
            rows.put(row);
        }
        for (int page = RecordSizes.FIRST_SUPPLIED_PAGE; page < ownPagesEnd; page++) {
            pages.put(page);
        }
        for (int page = ownPagesEnd; page < pageCount; page++) {
            sharedPages.put(page);
        }
    }

    SupplyRing rows() {
        return rows;
    }

    /** Those for threads alone. */
    SupplyRing pages() {
        return pages;
    }

    SupplyRing sharedPages() {
        return sharedPages;
    }

    /** Whether a pool may share the page, rather than a thread have it alone. */
    boolean isForPools(int page) {
        return page >= ownPagesEnd && page < pageCount;
    }

    /** Notes that the page is {@code row}'s. False if it cannot be: another's, or none of the supply. */
    boolean own(int page, int row) {
        if (page < RecordSizes.FIRST_SUPPLIED_PAGE || page >= ownPagesEnd || owners[page] != NOBODY && owners[page]
                != row) {
            return false;
        }
        owners[page] = row;
        return true;
    }

    /** The same of a page that a context has, for good. */
    boolean ownForContexts(int page) {
        return own(page, CONTEXTS);
    }

    /** Puts in again a page whose owner has ended and whose counts have been read. */
    void release(int page) {
        owners[page] = NOBODY;
        pages.put(page);
    }
}
