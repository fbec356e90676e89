package io.bpfagent.correlation;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Reads what was added to histogram pages since they were last read. A page's buckets are counters
 * modulo 2^32 that are never set back, whoever owns it.
 *
 * <p>Heap: 2 KiB for each page that was ever hit, kept for good. One thread; no garbage.
 */
final class PageReader {
    private static final int[] UNTOUCHED = new int[Buckets.COUNT];

    private final RecordArray pages;
    /** Of each piece of the pages, once it was read. */
    private final IntBuffer[] buckets;
    private final int[][] last;
    private int[] now = new int[Buckets.COUNT];
    /** The highest bucket in which something was new at the last call that found something. */
    private int highest;

    PageReader(RecordArray pages) {
        this.pages = pages;
        this.buckets = new IntBuffer[pages.pieces()];
        this.last = new int[pages.count()][];
    }

    /**
     * Adds what is new in page {@code number}, stays of {@code ns} together, to {@code pool}'s stays in {@code
     * state}.
     */
    void addNewCounts(int number, PoolAccount pool, int state, long ns) {
        if (isTouched(number)) {
            DistributionAccount pooled = pool.distributions().of(state);
            long added = pooled.addNewCounts(this, number, null);
            // Garbage in the memory must not make a sum go down.
            pooled.add(Math.max(0, ns), added == 0 ? 0 : Buckets.upToNs(highest));
        }
    }

    private boolean isTouched(int number) {
        if (last[number] != null) {
            return true;
        }
        readNow(number);
        return Arrays.mismatch(now, UNTOUCHED) >= 0;
    }

    private void readNow(int number) {
        int piece = pages.pieceOf(number);
        if (buckets[piece] == null) {
            buckets[piece] = pages.piece(number).asIntBuffer();
        }
        // Of aligned ints none is torn by this copy: Unsafe.copyMemory moves them whole.
        buckets[piece].get(pages.offset(number) / Integer.BYTES, now);
    }

    /**
     * Adds to {@code target}, and to {@code second} unless that is null, what was counted in page
     * {@code number} since the last call, and returns how much that was.
     */
    long addNewCounts(int number, BucketCounts target, BucketCounts second) {
        readNow(number);
        int[] before = last[number] == null ? UNTOUCHED : last[number];
        long added = 0;
        int from = 0;
        // From one difference to the next: the JVM has that loop compiled, and ours is short.
        for (int step; (step = Arrays.mismatch(now, from, Buckets.COUNT, before, from, Buckets.COUNT)) >= 0; ) {
            int i = from + step;
            long difference = Integer.toUnsignedLong(now[i] - before[i]);
            added += difference;
            target.add(i, difference);
            if (second != null) {
                second.add(i, difference);
            }
            highest = i;
            from = i + 1;
        }
        if (from == 0) {
            return 0;
        }
        int[] free = last[number] == null ? new int[Buckets.COUNT] : last[number];
        last[number] = now;
        now = free;
        return added;
    }
}
