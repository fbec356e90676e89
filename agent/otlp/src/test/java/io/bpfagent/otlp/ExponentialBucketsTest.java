package io.bpfagent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Distribution;
import io.bpfagent.correlation.SampleDistribution;
import io.bpfagent.correlation.SampleSnapshot;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExponentialBucketsTest {
    @Test
    void aValueLiesInItsBucket() {
        for (double value = 6.3e-8; value < 3_000; value *= 1.0137) {
            int index = ExponentialBuckets.indexOf(value);
            double below = Math.pow(2, index / 16.0);
            assertTrue(below < value * 1.000001 && value <= below * Math.pow(2, 1 / 16.0) * 1.000001,
                    value + " in " + index);
        }
        assertEquals(-1, ExponentialBuckets.indexOf(1));
        assertEquals(15, ExponentialBuckets.indexOf(2));
        assertEquals(-17, ExponentialBuckets.indexOf(0.5));
    }

    @Test
    void emptyBucketsInBetweenAreThere() {
        // 8 us and 16 us: their buckets end at 8,447 and 16,895 ns, but the last never beyond the largest value.
        ExponentialBuckets buckets = new ExponentialBuckets()
                .of(SampleDistribution.of(8_192, 8_192, 16_384), 1e9, 0);
        ExponentialHistogramBuckets positive = buckets.positive();
        assertEquals(0, buckets.zeros());
        assertEquals(3, positive.getTotalCount());
        List<Long> counts = positive.getBucketCounts();
        assertEquals(2, counts.get(0));
        assertEquals(1, counts.get(counts.size() - 1));
        assertEquals(ExponentialBuckets.indexOf(16_384e-9), positive.getOffset() + counts.size() - 1);
        assertEquals(3, counts.stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void bucketsOfSixtyFourNsThatFallIntoOneAreAddedUp() {
        long[] values = new long[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1_000_000 + i * 64L;
        }
        ExponentialHistogramBuckets positive =
                new ExponentialBuckets().of(SampleDistribution.of(values), 1e9, 0).positive();
        assertEquals(List.of(100L), positive.getBucketCounts());
    }

    @Test
    void nothingIsNoBucket() {
        ExponentialBuckets none = new ExponentialBuckets().of(Distribution.EMPTY, 1e9, 0);
        assertEquals(0, none.zeros());
        assertEquals(List.of(), none.positive().getBucketCounts());
        assertEquals(4, none.positive().getScale());
        assertEquals(0, new ExponentialBuckets().of(SampleSnapshot.numbers(0, 70_000), 1, 6)
                .of(Distribution.EMPTY, 1e9, 0)
                .positive().getTotalCount());
    }

    @Test
    void zerosAreCountedApart() {
        ExponentialBuckets numbers = new ExponentialBuckets().of(SampleSnapshot.numbers(0, 0, 1), 1, 6);
        assertEquals(2, numbers.zeros());
        assertEquals(List.of(1L), numbers.positive().getBucketCounts());
        assertEquals(-1, numbers.positive().getOffset());
    }
}
