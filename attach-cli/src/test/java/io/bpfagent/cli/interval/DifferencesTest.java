package io.bpfagent.cli.interval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was added between two documents. */
class DifferencesTest {

    private static ThreadsDocument.Entry thread(int tid, long javaId, long running, long sleep) {
        return new ThreadsDocument.Entry(tid, javaId, "t-" + javaId, "t-#", "java", "running", running + sleep,
            Map.of("running", running, "blocked_sleep", sleep), Map.of("own", running), running, 0, 0,
            Map.of("cycles", new ThreadsDocument.Count(10 * running, 1), "instructions",
                new ThreadsDocument.Count(15 * running, 1)), 1.0, null);
    }

    private static ThreadsDocument document(long wallNs, long ended, long running, ThreadsDocument.Entry... threads) {
        return new ThreadsDocument(1, false, wallNs, List.of(threads), List.of(new ThreadsDocument.Pool("t-#",
            threads.length, ended, Map.of("running", running), Map.of(), 0, 0, 0, null, null, null)),
            Map.of("torn_rows", 23L), List.of());
    }

    @Test
    void timesOfThreadsAndPoolsAreSubtracted() {
        ThreadsDocument added = ThreadsDifference.of(document(1000, 2, 300, thread(7, 1, 100, 900)),
            document(2500, 5, 1300, thread(7, 1, 350, 2150), thread(8, 2, 10, 20)));
        assertEquals(1500, added.wallNs());
        assertEquals(true, added.interval());
        assertEquals(Map.of("running", 250L, "blocked_sleep", 1250L), added.threads().get(0).timesNs());
        assertEquals(1500, added.threads().get(0).wallNs());
        assertEquals(250, added.threads().get(0).migrations());
        assertEquals(2500, added.threads().get(0).counters().get("cycles").count());
        assertEquals(1.5, added.threads().get(0).instructionsPerCycle());
        assertNull(added.threads().get(0).cacheMissShare());
        assertNull(added.pools().get(0).counters());
        assertEquals(thread(8, 2, 10, 20), added.threads().get(1));
        assertEquals(3, added.pools().get(0).ended());
        assertEquals(1000, added.pools().get(0).wallNs());
        assertEquals(23, added.losses().get("torn_rows"));
    }

    @Test
    void aTidThatAnotherThreadHasNowBeginsAnew() {
        ThreadsDocument added = ThreadsDifference.of(document(1000, 0, 0, thread(7, 0, 100, 900)),
            document(2000, 0, 0, thread(7, 0, 50, 150)));
        assertEquals(200, added.threads().get(0).wallNs());
    }

    @Test
    void aStayThatIsToldAgainInAnotherStateIsNotNegative() {
        ThreadsDocument added = ThreadsDifference.of(document(1000, 0, 500, thread(7, 1, 500, 500)),
            document(2000, 0, 400, thread(7, 1, 400, 1600)));
        assertEquals(0, added.threads().get(0).timesNs().get("running"));
        assertEquals(0, added.pools().get(0).timesNs().get("running"));
    }

    private static HistogramsDocument.Entry histogram(long count, long sum, Long max, long[]... buckets) {
        return histogram(null, count, sum, max, buckets);
    }

    private static HistogramsDocument.Entry histogram(Long atMs, long count, long sum, Long max, long[]... buckets) {
        return new HistogramsDocument.Entry("runnable", null, "p", null, null, "ns", atMs, count, sum, 1L, 2.0, max, 3L,
                4L, 5L, 6L,
            List.of(buckets));
    }

    @Test
    void bucketsAreSubtracted() {
        HistogramsDocument.Entry added = HistogramDifference.of(
            histogram(5, 500, 250L, new long[] {127, 3}, new long[] {255, 2}),
            histogram(9, 1100, 250L, new long[] {63, 1}, new long[] {127, 6}, new long[] {255, 2}));
        assertEquals(4, added.count());
        assertEquals(600, added.sum());
        assertEquals(127, added.max());
        assertEquals(2, added.buckets().size());
        assertArrayEquals(new long[] {63, 1}, added.buckets().get(0));
        assertArrayEquals(new long[] {127, 3}, added.buckets().get(1));
        assertNull(added.p99());
    }

    @Test
    void aProbeThatTookTheNameOfAnotherBeginsAnew() {
        assertEquals(2, HistogramDifference.of(histogram(1L, 23, 2300, 100L, new long[] {127, 23}),
            histogram(2L, 2, 200, 100L, new long[] {127, 2})).count());
    }

    @Test
    void aNewGreatestIsExact() {
        HistogramsDocument.Entry earlier = histogram(1, 100, 100L, new long[] {127, 1});
        assertEquals(300, HistogramDifference.of(earlier,
            histogram(2, 400, 300L, new long[] {127, 1}, new long[] {319, 1})).max());
        assertEquals(300, HistogramDifference.of(null, histogram(1, 300, 300L, new long[] {319, 1})).max());
        assertNull(HistogramDifference.of(earlier, earlier).max());
    }
}
