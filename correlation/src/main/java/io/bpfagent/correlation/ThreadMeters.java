package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.Meter;
import io.bpfagent.records.RecordLayouts.PageNumbers;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.RowMeters;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * What one thread did besides being in states: which page counts which {@link ThreadMetric} or {@link UserMetric} of
 * it, and how much of that its pools have been given. Most threads do little of it: this is made when a thread has its
 * first page.
 */
final class ThreadMeters {
    private static final int METRICS = RecordSizes.THREAD_METRICS;

    private final int[] pages = new int[METRICS];
    /** The words in which the pages stand, as they were last read. */
    private final long[] words = new long[METRICS * Short.BYTES / Long.BYTES];
    /** Whether all pages were taken over from these words: then nothing is new as long as they are the same. */
    private boolean isTakenOver = true;
    private final long[] givenSums = new long[METRICS];
    private final long[] givenMaxima = new long[METRICS];

    /** Whether the row's thread has any page yet; one look at memory for most of them. */
    static boolean isUsed(KernelMemory memory, int row, int generation) {
        ByteBuffer piece = memory.rowMeters().piece(row);
        return Words.getAcquire(piece, memory.rowMeters().offset(row) + RowMeters.GENERATION) == generation;
    }

    /** Takes over the pages of the thread in {@code row}. False if one of them cannot be its own: it is left out. */
    boolean update(KernelMemory memory, int row, Supplies supplies) {
        ByteBuffer piece = memory.rowMeters().piece(row);
        int at = memory.rowMeters().offset(row) + RowMeters.PAGE;
        boolean plausible = true;
        boolean same = isTakenOver;
        for (int i = 0; i < words.length; i++) {
            long word = piece.getLong(at + i * Long.BYTES);
            same &= word == words[i];
            words[i] = word;
        }
        // A page that is entered meanwhile is taken at the next read, which finds the word changed, or here.
        for (int metric = 0; metric < METRICS && !same; metric++) {
            int page = Words.getShort(piece, at + metric * Short.BYTES);
            if (page != pages[metric]) {
                boolean takes = pages[metric] == PageNumbers.PAGE_NONE && supplies.own(page, row);
                pages[metric] = takes ? page : pages[metric];
                plausible &= takes;
            }
        }
        isTakenOver = plausible;
        // What stands beside a page was set back before the page was entered.
        VarHandle.loadLoadFence();
        return plausible;
    }

    /** Reads the thread's pages and gives it and its pool what is new. */
    void giveTo(KernelMemory memory, DistributionAccounts own, PoolAccount pool, PageReader reader) {
        for (int metric = 0; metric < METRICS; metric++) {
            int page = pages[metric];
            if (page != PageNumbers.PAGE_NONE) {
                DistributionAccount ofThread = own.of(Distributions.FIRST_METRIC + metric);
                DistributionAccount ofPool = pool.distributions().of(Distributions.FIRST_METRIC + metric);
                ofThread.addNewCounts(reader, page, ofPool);
                ByteBuffer piece = memory.meters().piece(page);
                int at = memory.meters().offset(page);
                long sum = Words.getOpaqueLong(piece, at + Meter.SUM);
                long max = Words.getOpaqueLong(piece, at + Meter.MAX);
                // Garbage in the memory must not make a sum go down.
                long more = Math.max(0, sum - givenSums[metric]);
                givenSums[metric] += more;
                // Its pool may be another by now: the old maximum stays with the old one.
                long newMax = max > givenMaxima[metric] ? max : 0;
                givenMaxima[metric] = Math.max(givenMaxima[metric], max);
                ofThread.add(more, newMax);
                ofPool.add(more, newMax);
            }
        }
    }

    /** Puts the pages back into the supply; their counts must have been given. */
    void releasePages(Supplies supplies) {
        for (int page : pages) {
            if (page != PageNumbers.PAGE_NONE) {
                supplies.release(page);
            }
        }
    }

    /** Puts one metric's page back likewise, which the kernel side has taken from the row: the metric has gone. */
    void forget(int metric, Supplies supplies) {
        if (pages[metric] != PageNumbers.PAGE_NONE) {
            supplies.release(pages[metric]);
            pages[metric] = PageNumbers.PAGE_NONE;
            isTakenOver = false;
            givenSums[metric] = 0;
            givenMaxima[metric] = 0;
        }
    }
}
