package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.ContextTotal;
import io.bpfagent.records.RecordLayouts.PageNumbers;
import io.bpfagent.records.RecordLayouts.StateTotals;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The numbers of one node: a context within others.
 *
 * <p>Times are what has ended, and what is open at the moment of the read. The two are read one after the other, what
 * has ended first; so a stay that ends in between is missing in that read, and no number goes down.
 *
 * <p>Heap: 850 bytes, and 550 for each stripe.
 */
final class NodeAccount {
    private static final int STATES = StateTimes.STATES;
    private static final int WORDS = ContextTotal.SIZE / Long.BYTES;
    private static final int WORDS_OF_STATE = StateTotals.SIZE / Long.BYTES;
    private static final int COUNT_WORD = StateTotals.COUNT / Long.BYTES;
    private static final int PAGE_SHIFT = (StateTotals.PAGE - StateTotals.COUNT) * Byte.SIZE;
    private static final int PAGE_MASK = 0xffff;

    /** Each stripe as it was last read. */
    private final long[][] stripes;
    private long[] now = new long[WORDS];
    private final long[] endedNs = new long[STATES];
    private final long[] openNs = new long[STATES];
    private final long[] shownNs = new long[STATES];
    private final long[] counts = new long[STATES];
    private final long[] maxNs = new long[STATES];
    private final long[] givenSumsNs = new long[STATES];
    private final long[] givenCounts = new long[STATES];
    private long entered;
    private long enteredNow;

    NodeAccount(int stripes) {
        this.stripes = new long[stripes][WORDS];
    }

    /** Reads what has ended in one stripe; nothing else is read of a stripe in which nothing has. */
    void readEnded(int stripe, ByteBuffer piece, int base) {
        for (int i = 0; i < WORDS; i++) {
            now[i] = piece.getLong(base + i * Long.BYTES);
        }
        long[] before = stripes[stripe];
        if (!Arrays.equals(now, before)) {
            for (int s = 0, at = 0; s < STATES; s++, at += WORDS_OF_STATE) {
                // Garbage in the memory must not make a number go down.
                endedNs[s] += Math.max(0, now[at] - before[at]);
                maxNs[s] = Math.max(maxNs[s], now[at + StateTotals.MAX_NS / Long.BYTES]);
                counts[s] += Integer.toUnsignedLong((int) now[at + COUNT_WORD] - (int) before[at + COUNT_WORD]);
            }
            stripes[stripe] = now;
            now = before;
        }
        enteredNow = 0;
        Arrays.fill(openNs, 0);
    }

    /** Adds a stay that has not ended yet. */
    void addOpen(int state, long ns) {
        openNs[state] += ns;
    }

    /** Adds to how often it was entered, as of this read. */
    void addEntered(long count) {
        enteredNow += count;
    }

    /** When all has been read and added. Garbage counts as nothing. */
    void finish() {
        for (int s = 0; s < STATES; s++) {
            shownNs[s] = Math.max(shownNs[s], endedNs[s] + openNs[s]);
        }
        entered = Math.max(entered, enteredNow);
    }

    /**
     * Reads the pages in which there is something new, into the context's histograms. CPUs may share one, and read it
     * twice.
     */
    void readPages(PageReader reader, Supplies supplies, DistributionAccounts into) {
        for (int s = 0; s < STATES; s++) {
            // Stays of 0 ns are stays: the scheduler does not read its clock anew for each event.
            if (endedNs[s] == givenSumsNs[s] && counts[s] == givenCounts[s]) {
                continue;
            }
            boolean hasPage = false;
            for (long[] stripe : stripes) {
                int page = (int) (stripe[s * WORDS_OF_STATE + COUNT_WORD] >>> PAGE_SHIFT) & PAGE_MASK;
                if (page != PageNumbers.PAGE_NONE && page != PageNumbers.PAGE_SHARED && supplies.ownForContexts(page)) {
                    into.of(s).addNewCounts(reader, page, null);
                    hasPage = true;
                }
            }
            if (hasPage) {
                into.of(s).add(endedNs[s] - givenSumsNs[s], maxNs[s]);
            }
            givenSumsNs[s] = endedNs[s];
            givenCounts[s] = counts[s];
        }
    }

    long timeNs(int state) {
        return shownNs[state];
    }

    long count(int state) {
        return counts[state];
    }

    long maxNs(int state) {
        return maxNs[state];
    }

    long entered() {
        return entered;
    }
}
