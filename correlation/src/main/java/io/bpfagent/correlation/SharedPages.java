package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.MetricTotals;
import io.bpfagent.records.RecordLayouts.PoolPages;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;

/**
 * The pages that several threads count in: a pool's, and when those are used up each state's and each thread
 * metric's overflow page. What stands in an overflow page belongs to the pool {@code other}: whose it was is not known.
 *
 * <p>Beside the counts the kernel side keeps their sum; the maximum is known as the bound of the highest
 * bucket only. A page stays its pool's for good. Heap: 16 bytes for each page there is.
 */
final class SharedPages {
    private final ByteBuffer poolPages;
    private final ByteBuffer globals;
    private final Supplies supplies;
    private final int[] pages;
    private final int[] places;
    private final long[] sumsNs;
    private final boolean[] known;
    private final long[] overflowSumsNs = new long[RecordSizes.STATES];
    private final long[] metricSums = new long[RecordSizes.THREAD_METRICS];
    private int count;

    SharedPages(KernelMemory memory, Supplies supplies) {
        this.poolPages = memory.poolPages();
        this.globals = memory.globals();
        this.supplies = supplies;
        int most = memory.pageCount();
        this.pages = new int[most];
        this.places = new int[most];
        this.sumsNs = new long[most];
        this.known = new boolean[most];
    }

    /** Looks which pages the first {@code pools} pools have been given since the last call. */
    void find(int pools) {
        if (Integer.compareUnsigned(count, supplies.sharedPages().taken()) >= 0) {
            return;
        }
        for (int place = 0; place < pools * RecordSizes.STATES; place++) {
            int page = poolPages.getInt(field(place, PoolPages.PAGE, Integer.BYTES));
            if (page > 0 && page < known.length && supplies.isForPools(page) && !known[page]) {
                known[page] = true;
                pages[count] = page;
                places[count] = place;
                count++;
            }
        }
    }

    private static int field(int place, int array, int itemBytes) {
        return place / RecordSizes.STATES * PoolPages.SIZE + array + place % RecordSizes.STATES * itemBytes;
    }

    /** Adds what was counted in all of them since the last call to their pools. */
    void addNewCounts(PageReader reader, PoolAccounts pools) {
        for (int state = 0; state < RecordSizes.STATES; state++) {
            long sumNs = Words.getOpaqueLong(globals, Globals.OVERFLOW_SUM_NS + state * Long.BYTES);
            reader.addNewCounts(state, pools.other(), state, sumNs - overflowSumsNs[state]);
            overflowSumsNs[state] = sumNs;
        }
        for (int metric = 0; metric < metricSums.length; metric++) {
            addOverflow(reader, pools.other(), metric);
        }
        for (int i = 0; i < count; i++) {
            int place = places[i];
            long sumNs = Words.getOpaqueLong(poolPages, field(place, PoolPages.SUM_NS, Long.BYTES));
            reader.addNewCounts(pages[i], pools.at(place / RecordSizes.STATES), place % RecordSizes.STATES,
                    sumNs - sumsNs[i]);
            sumsNs[i] = sumNs;
        }
    }

    /** A metric has gone: the kernel side has set its sum back. */
    void forget(int metric) {
        metricSums[metric] = 0;
    }

    /** Of what was counted for the process alone the maximum is known too. */
    private void addOverflow(PageReader reader, PoolAccount other, int metric) {
        int totals = Globals.METRICS + metric * MetricTotals.SIZE;
        long sum = Words.getOpaqueLong(globals, totals + MetricTotals.SUM);
        long max = Words.getOpaqueLong(globals, totals + MetricTotals.MAX);
        if (sum != 0 || max != 0) {
            DistributionAccount pooled = other.distributions().of(Distributions.FIRST_METRIC + metric);
            pooled.addNewCounts(reader, RecordSizes.FIRST_METRIC_PAGE + metric, null);
            long more = Math.max(0, sum - metricSums[metric]);
            metricSums[metric] += more;
            pooled.add(more, max);
        }
    }
}
