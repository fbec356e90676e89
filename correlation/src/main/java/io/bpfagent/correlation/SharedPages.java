package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.PoolPages;
import io.bpfagent.records.RecordLayouts.RecordSizes;

import java.nio.ByteBuffer;

/**
 * The pages that several threads count in: a pool's, and each state's overflow page when those are used
 * up. What stands in an overflow page belongs to the pool {@code other}: whose it was is not known.
 *
 * <p>A page stays its pool's for good. Heap: 8 bytes for each page there is.
 */
final class SharedPages {
    private final ByteBuffer poolPages;
    private final Supplies supplies;
    private final int[] pages;
    private final int[] places;
    private final boolean[] known;
    private int count;

    SharedPages(KernelMemory memory, Supplies supplies) {
        this.poolPages = memory.poolPages();
        this.supplies = supplies;
        int most = memory.pageCount();
        this.pages = new int[most];
        this.places = new int[most];
        this.known = new boolean[most];
    }

    /** Looks which pages the first {@code pools} pools have been given since the last call. */
    void find(int pools) {
        if (Integer.compareUnsigned(count, supplies.sharedPages().taken()) >= 0) {
            return;
        }
        for (int place = 0; place < pools * RecordSizes.STATES; place++) {
            int page = poolPages.getInt(place * Integer.BYTES);
            if (page > 0 && page < known.length && supplies.isForPools(page) && !known[page]) {
                known[page] = true;
                pages[count] = page;
                places[count] = place;
                count++;
            }
        }
    }

    /** Whether the pool has a page that its threads share in {@code state}, rather than the overflow page. */
    boolean has(int pool, int state) {
        return poolPages.getInt(pool * PoolPages.SIZE + state * Integer.BYTES) != 0;
    }

    /** Adds what was counted in all of them since the last call to their pools. */
    void addNewCounts(PageReader reader, PoolAccounts pools) {
        for (int state = 0; state < RecordSizes.STATES; state++) {
            reader.addNewCounts(state, pools.other(), state);
        }
        for (int i = 0; i < count; i++) {
            reader.addNewCounts(pages[i], pools.at(places[i] / RecordSizes.STATES), places[i] % RecordSizes.STATES);
        }
    }
}
