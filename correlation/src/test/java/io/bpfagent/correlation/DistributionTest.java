package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class DistributionTest {
    @Test
    void isTheHistogramOfTheSameValues() {
        Random random = new Random(23);
        Histogram expected = new Histogram(64, (1L << 41) - 1, 1);
        long[] values = random.longs(5000, 0, 1L << 40).map(ns -> ns >> random.nextInt(40)).toArray();
        for (long ns : values) {
            expected.recordValue(ns);
        }
        Histogram actual = SampleDistribution.of(values).toHistogram();
        assertEquals(expected, actual);
        assertEquals(expected.getMaxValue(), actual.getMaxValue());
        assertEquals(expected.getMinNonZeroValue(), actual.getMinNonZeroValue());
    }

    @Test
    void keepsSumAndMaximumExactly() {
        Distribution distribution = SampleDistribution.of(1, 1_000_003, 70_000_000_007L);
        assertEquals(3, distribution.count());
        assertEquals(70_001_000_011L, distribution.sumNs());
        assertEquals(70_000_000_007L, distribution.maxNs());
        assertEquals(70_000_000_007L, distribution.percentileNs(100), "no percentile is above the maximum");
    }

    @Test
    void reportsTheMaximumForTheLastBucket() {
        long hour = 3_600_000_000_000L;
        Distribution distribution = SampleDistribution.of(1000, hour);
        assertEquals(hour, distribution.maxNs());
        assertEquals(hour, distribution.percentileNs(99));
        assertEquals((1L << 41) - 1, distribution.toHistogram().getMaxValue());
        assertEquals(Map.of(1023L, 1L, hour, 1L), buckets(distribution));
    }

    @Test
    void givesPercentilesAsBucketBounds() {
        Distribution distribution = SampleDistribution.of(100, 200, 300, 5000);
        assertArrayEquals(new long[] {255, 5000, 5000}, distribution.percentilesNs(50, 99, 100));
        assertArrayEquals(new long[] {0, 0}, Distribution.EMPTY.percentilesNs(50, 99));
    }

    @Test
    void addsUp() {
        Distribution sum = SampleDistribution.of(100, 5000).plus(SampleDistribution.of(100, 9_000_000));
        assertEquals(4, sum.count());
        assertEquals(9_005_200, sum.sumNs());
        assertEquals(9_000_000, sum.maxNs());
        assertEquals(SampleDistribution.of(100, 100, 5000, 9_000_000).toHistogram(), sum.toHistogram());
    }

    @Test
    void staysItselfWithNothingAdded() {
        Distribution distribution = SampleDistribution.of(100);
        assertSame(distribution, distribution.plus(Distribution.EMPTY));
        assertSame(distribution, Distribution.EMPTY.plus(distribution));
        assertSame(Distribution.EMPTY, distribution.minus(distribution));
    }

    @Test
    void givesWhatCameBetween() {
        Distribution earlier = SampleDistribution.of(100, 8_000_000_000L);
        Distribution later = earlier.plus(SampleDistribution.of(100, 70_000));
        Distribution between = later.minus(earlier);
        assertEquals(2, between.count());
        assertEquals(70_100, between.sumNs());
        assertEquals(73_727, between.maxNs(), "the bound of the highest bucket");
        assertTrue(between.maxNs() >= 70_000);
    }

    @Test
    void knowsTheMaximumOfAnIntervalThatBroughtIt() {
        Distribution earlier = SampleDistribution.of(100);
        assertEquals(70_000, earlier.plus(SampleDistribution.of(70_000)).minus(earlier).maxNs());
    }

    @Test
    void isNeverNegative() {
        Distribution difference = SampleDistribution.of(100).minus(SampleDistribution.of(100, 100, 5000));
        assertSame(Distribution.EMPTY, difference);
    }

    /** In ascending runs, as pages are read, with jumps back and new buckets in between. */
    @Test
    void countsBucketsInAnyOrder() {
        Random random = new Random(23);
        BucketCounts counts = new BucketCounts();
        Map<Long, Long> expected = new TreeMap<>();
        for (int run = 0; run < 500; run++) {
            int index = random.nextInt(Buckets.COUNT);
            for (int step = random.nextInt(20); step > 0 && index <= Buckets.LAST; step--) {
                counts.add(index, run + 1);
                expected.merge(Buckets.upToNs(index), run + 1L, Long::sum);
                index += 1 + random.nextInt(run % 3 == 0 ? 1 : 12);
            }
            if (run % 50 == 0) {
                assertEquals(expected, buckets(counts.toDistribution(0, 0)), "run " + run);
            }
        }
        assertEquals(expected, buckets(counts.toDistribution(0, 0)));
    }

    /** Across 2^32, where the halves of a count carry, and with buckets that come before it later. */
    @Test
    void countsBeyond32Bits() {
        BucketCounts counts = new BucketCounts();
        counts.add(20, 0xffff_ffffL);
        Distribution before = counts.toDistribution(0, 0);
        counts.add(20, 2);
        for (int i = 0; i < Buckets.COUNT; i++) {
            counts.add(Buckets.LAST - i, i % 3 == 0 ? 5_000_000_000L : 1);
        }
        Distribution after = counts.toDistribution(0, 0);
        assertEquals(Map.of(1343L, 0xffff_ffffL), buckets(before));
        assertEquals(Buckets.COUNT, buckets(after).size());
        assertEquals(0x1_0000_0001L + 1, buckets(after).get(1343L));
        assertEquals(5_000_000_000L, buckets(after).get(Buckets.upToNs(Buckets.LAST)));
        assertEquals(171 * 5_000_000_000L + 341 + 0x1_0000_0001L, after.count());
        assertEquals(after.count() - before.count(), after.minus(before).count());
        assertEquals(2 * after.count(), after.plus(after).count());
    }

    private static Map<Long, Long> buckets(Distribution distribution) {
        Map<Long, Long> buckets = new TreeMap<>();
        distribution.forEachBucket(buckets::put);
        return buckets;
    }
}
