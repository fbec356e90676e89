package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values that the agent has counted between two moments.
 *
 * @param counts by the greatest value, in ns, that falls into a bucket
 */
record Values(SortedMap<Long, Long> counts) {
    /** Ours begin at most so much below where they end. */
    private static final double BUCKET = 0.0625;
    /** Who is attached later sees the same moment so much later, ns: the other program may miss its caches. */
    private static final long ONE_AFTER_THE_OTHER_NS = 2_000;
    private static final long US = 1_000;

    /** All of a histogram. */
    static Values of(Histogram histogram) {
        return new Values(histogram.buckets());
    }

    /** Without those of an earlier moment. */
    Values minus(Values earlier) {
        SortedMap<Long, Long> difference = new TreeMap<>(counts);
        earlier.counts.forEach((upTo, count) -> difference.merge(upTo, -count, Long::sum));
        return new Values(difference);
    }

    long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The upper bound of the bucket below whose end this share of the values lies, ns. */
    private long upToNs(double share) {
        long seen = 0;
        for (Map.Entry<Long, Long> bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen >= count() * share) {
                return bucket.getKey();
            }
        }
        throw new AssertionError("no values: " + this);
    }

    /**
     * Takes it that the tool has counted as many, within 5 %, and has its median in the same power of two; where ours
     * is so near to the border of two that 5 % of the values decide, in one of them.
     */
    void assertAsManyAndAsLong(String what, PowersOfTwo theirs) {
        assertWithinFivePercent(what, count(), theirs.count());
        double fromUs = (upToNs(0.45) * (1 - BUCKET) - ONE_AFTER_THE_OTHER_NS) / US;
        double upToUs = (double) (upToNs(0.55) + ONE_AFTER_THE_OTHER_NS) / US;
        // Their buckets begin at 0, 2, 4, 8 ...
        long theirUs = theirs.medianFromUs();
        assertTrue(upToUs >= theirUs && fromUs < Math.max(2, 2 * theirUs),
                () -> what + ": our median is " + fromUs + " to " + upToUs + " us; ours " + this + ", the other tool's "
                        + theirs);
    }

    /** Takes it that theirs are some, and ours as many within 5 %. */
    static void assertWithinFivePercent(String what, long ours, long theirs) {
        assertTrue(theirs > 0 && Math.abs(ours - theirs) * 20 <= theirs,
                () -> what + ": counted " + ours + ", the other tool " + theirs);
    }
}
