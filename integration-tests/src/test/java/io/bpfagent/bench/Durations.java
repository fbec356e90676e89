package io.bpfagent.bench;

import java.util.Arrays;
import java.util.Collection;

/** How long each of the things that a thread has done took, ns; of very many the last ones. Any thread. */
final class Durations {
    private static final int MOST = 1 << 17;

    private final long[] ns = new long[MOST];
    private long count;

    synchronized void add(long one) {
        ns[(int) (count++ % MOST)] = one;
    }

    private synchronized long[] taken() {
        long[] taken = Arrays.copyOf(ns, (int) Math.min(count, MOST));
        count = 0;
        return taken;
    }

    /** Of all threads since it was asked last: {@code P50 P99 P99.9}, us; each 0 when there are none. */
    static String percentiles(Collection<Durations> threads) {
        long[] all = threads.stream().map(Durations::taken).flatMapToLong(Arrays::stream).sorted().toArray();
        return us(all, 500) + " " + us(all, 990) + " " + us(all, 999);
    }

    private static String us(long[] sorted, int permille) {
        int place = (int) Math.max(0, (sorted.length * (long) permille + 999) / 1_000 - 1);
        return sorted.length == 0 ? "0" : Long.toString(sorted[place] / 1_000);
    }
}
