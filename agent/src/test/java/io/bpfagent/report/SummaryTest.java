package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.UserMetric;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static Distribution distribution(long... ns) {
        return new Snapshots().pool("p", ThreadKind.JAVA, 1, 0, Snapshots.activity().stays(ThreadState.RUNNING, ns))
                .at(1, 0).total(ThreadState.RUNNING);
    }

    @Test
    void isThatOfHdrHistogram() {
        long[] ns = new long[1009];
        for (int i = 0; i < ns.length; i++) {
            ns[i] = 50L + (long) i * i * i;
        }
        Distribution distribution = distribution(ns);
        Histogram histogram = distribution.toHistogram();
        Summary summary = Summary.of(distribution);
        assertEquals(1009, summary.count());
        assertEquals(histogram.getMinValue(), summary.min());
        assertEquals(histogram.getValueAtPercentile(50), summary.p50());
        assertEquals(histogram.getValueAtPercentile(90), summary.p90());
        assertEquals(histogram.getValueAtPercentile(99), summary.p99());
        assertEquals(distribution.sumNs() / 1009.0, summary.mean());
        assertEquals(50L + 1008L * 1008 * 1008, summary.max());
    }

    @Test
    void percentilesAreNeverMoreThanTheMaximum() {
        Summary summary = Summary.of(distribution(1_000_000));
        assertEquals(1_000_000, summary.max());
        assertEquals(1_000_000, summary.p50());
        assertEquals(1_000_000, summary.p999());
        assertEquals(983_040, summary.min());
    }

    @Test
    void takesTimesBeyondTheLastBucket() {
        long hour = 3_600_000_000_000L;
        Summary summary = Summary.of(distribution(hour));
        assertEquals(hour, summary.max());
        assertEquals(hour, summary.p99());
        assertEquals(hour, summary.sum());
        assertEquals(2_130_303_778_816L, summary.min());
    }

    @Test
    void bytesAreBytes() {
        Distribution sizes = new Snapshots().event(EventMetric.OBJECT_ALLOC, 16, 24, 24, 40, 1_048_577)
                .at(1, 0).total(EventMetric.OBJECT_ALLOC);
        MetricUnit unit = MetricUnit.of(EventMetric.OBJECT_ALLOC);
        assertEquals("bytes", unit.name());
        assertEquals(new Summary(5, 1_048_681, 16, 1_048_681 / 5.0, 1_048_577, 24, 1_048_577, 1_048_577, 1_048_577),
                unit.summary(sizes));
        List<Long> buckets = new ArrayList<>();
        unit.forEachBucket(sizes, (upTo, count) -> buckets.addAll(List.of(upTo, count)));
        assertEquals(List.of(16L, 1L, 24L, 2L, 41L, 1L, 1_114_111L, 1L), buckets);
        assertEquals(Summary.EMPTY, unit.summary(Distribution.EMPTY));
    }

    @Test
    void numbersAreNumbersAndCountsHaveNoValues() {
        UserMetric sizes = new UserMetric(21, "sizes", UserMetric.Values.NUMBERS, 1);
        UserMetric hits = new UserMetric(22, "hits", UserMetric.Values.COUNTS, 2);
        UserMetric times = new UserMetric(23, "times", UserMetric.Values.TIMES, 3);
        Snapshot snapshot = new Snapshots().pool("main", ThreadKind.JAVA, 1, 0, Snapshots.activity()
                .counts(sizes, 0, 16, 24, 24, 4096).counts(hits, 1, 1, 1).counts(times, 2_000)).at(1, 0);
        assertEquals("number", MetricUnit.of(sizes).name());
        assertEquals(new Summary(5, 4_160, 0, 832, 4_096, 24, 4_096, 4_096, 4_096),
                MetricUnit.of(sizes).summary(snapshot.total(sizes)));
        assertEquals("count", MetricUnit.of(hits).name());
        assertEquals(new Summary(3, 0, 0, 0, 0, 0, 0, 0, 0), MetricUnit.of(hits).summary(snapshot.total(hits)));
        MetricUnit.of(hits).forEachBucket(snapshot.total(hits), (upTo, count) -> {
            throw new AssertionError("a bucket of what has no values");
        });
        assertEquals("ns", MetricUnit.of(times).name());
        assertEquals(2_000, MetricUnit.of(times).summary(snapshot.total(times)).max());
        String document = JsonDocuments.hist(snapshot, new HistogramSelection("hits", null, null, null),
                List.of(sizes, hits, times), false);
        assertTrue(document.contains("\"unit\":\"count\",\"count\":3,\"sum\":0,\"min\":null,\"mean\":null,\"max\":null,"
                + "\"p50\":null,\"p90\":null,\"p99\":null,\"p999\":null,\"buckets\":[]"), document);
    }

    @Test
    void timesAreNs() {
        for (Metric metric : List.of(ThreadState.RUNNING, EventMetric.GC_PAUSE, EventMetric.PARK)) {
            assertEquals("ns", MetricUnit.of(metric).name());
            assertEquals(Summary.of(distribution(100, 1_000)), MetricUnit.of(metric).summary(distribution(100, 1_000)));
        }
    }

    @Test
    void isAllZeroWhenNothingIsCounted() {
        assertEquals(Summary.EMPTY, Summary.of(Distribution.EMPTY));
    }
}
