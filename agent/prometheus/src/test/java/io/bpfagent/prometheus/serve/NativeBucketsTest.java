package io.bpfagent.prometheus.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NativeBucketsTest {
    @Test
    void aBoundBelongsToTheBucketBelowIt() {
        assertEquals(0, NativeBuckets.number(1));
        assertEquals(16, NativeBuckets.number(2));
        assertEquals(-16, NativeBuckets.number(0.5));
        assertEquals(1, NativeBuckets.number(Math.nextUp(1.0)));
        assertEquals(0, NativeBuckets.number(Math.nextDown(1.0)));
        assertEquals(8, NativeBuckets.number(Math.sqrt(2)));
    }

    @Test
    void everyValueLiesInItsBucket() {
        for (double value = 64e-9; value < 3000; value *= 1.0123) {
            int number = NativeBuckets.number(value);
            assertTrue(value > Math.pow(2, (number - 1) / 16.0) * (1 - 1e-12), "value " + value);
            assertTrue(value <= Math.pow(2, number / 16.0) * (1 + 1e-12), "value " + value);
        }
    }

    @Test
    void neighboursInOneBucketAreCountedTogether() {
        NativeBuckets buckets = new NativeBuckets();
        buckets.add(NativeBuckets.number(1.01), 3);
        buckets.add(NativeBuckets.number(1.02), 4);
        buckets.add(NativeBuckets.number(1.9), 5);
        assertEquals(2, buckets.size());
        assertEquals(7, buckets.countAt(0));
        assertEquals(1, buckets.numberAt(0));
        assertEquals(5, buckets.countAt(1));
        buckets.clear();
        assertEquals(0, buckets.size());
    }

    @Test
    void everyBucketOfASnapshotHasItsPlace() {
        assertEquals(0, BucketTable.index(63));
        assertEquals(1, BucketTable.index(127));
        assertEquals(31, BucketTable.index(32 * 64 - 1));
        assertEquals(32, BucketTable.index(34 * 64 - 1));
        assertEquals(511, BucketTable.index((1L << 41) - 1));
        assertEquals(NativeBuckets.number(127e-9), BucketTable.SECONDS.nativeNumber(1));
        assertEquals(NativeBuckets.number(1), BucketTable.NUMBERS.nativeNumber(1));
        assertEquals(11, BucketTable.SECONDS.classic(511));
        // 4,096 bytes, in the bucket that begins with them.
        assertEquals(4, BucketTable.NUMBERS.classic(BucketTable.index((4096L + 255) << 6)));
    }
}
