package io.bpfagent.cli.report;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** The longest pauses, or slow events of a metric, so many of them as a page has room for. One thread. */
final class Longest {

    private static final Comparator<One> SHORTEST_FIRST =
        Comparator.comparingLong(One::ns).thenComparing(Comparator.comparingLong(One::number).reversed());

    private final int most;
    private final PriorityQueue<One> kept = new PriorityQueue<>(SHORTEST_FIRST);
    private long leftOut;

    /**
     * @param json the document without its stack
     * @param stack indexes of frames
     */
    record One(long number, long ns, String json, int[] stack) {
    }

    Longest(int most) {
        this.most = most;
    }

    void add(One one) {
        kept.add(one);
        if (kept.size() > most) {
            kept.remove();
            leftOut++;
        }
    }

    /** The longest of them, so many at most. */
    Stream<One> kept(int atMost) {
        List<One> all = kept.stream().sorted(SHORTEST_FIRST.reversed()).toList();
        return all.stream().limit(atMost);
    }

    /** How many there were besides those. */
    long leftOut(int atMost) {
        return leftOut + Math.max(0, kept.size() - atMost);
    }
}
