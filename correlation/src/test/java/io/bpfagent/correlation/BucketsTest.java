package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class BucketsTest {
    @Test
    void areThoseOfAnHdrHistogram() {
        for (int index = 0; index < Buckets.COUNT; index++) {
            for (long ns : new long[] {Buckets.lowestNs(index), Buckets.upToNs(index)}) {
                Histogram histogram = new Histogram(64, (1L << 41) - 1, 1);
                histogram.recordValue(ns);
                assertEquals(Buckets.lowestNs(index), histogram.lowestEquivalentValue(ns));
                assertEquals(Buckets.upToNs(index), histogram.highestEquivalentValue(ns));
                assertEquals(index, firstUsedIndex(histogram), "index of " + ns + " ns");
                assertEquals(index, Buckets.indexOf(ns));
                assertEquals(index, FakeKernel.bucketOf(ns));
            }
        }
    }

    /** The counts array's index itself: HdrHistogram does not show it, its encoded form does. */
    private static int firstUsedIndex(Histogram histogram) {
        ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        histogram.encodeIntoByteBuffer(encoded);
        encoded.position(40); // after the header: counts as zig-zag LEB128, a negative one is so many zeros
        long zigZag = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = encoded.get();
            zigZag |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        long first = zigZag >>> 1 ^ -(zigZag & 1);
        return first > 0 ? 0 : first == 0 ? 1 : (int) -first; // 0: one zero
    }

    @Test
    void areAsManyAsTheHistogramHas() {
        assertEquals(512, Buckets.COUNT);
        assertEquals((1L << 41) - 1, Buckets.HIGHEST_NS);
        assertEquals(Buckets.HIGHEST_NS, Buckets.upToNs(Buckets.LAST));
    }

    @Test
    void takeLongerValuesIntoTheLast() {
        for (long ns : new long[] {1L << 41, 1L << 45, Long.MAX_VALUE}) {
            assertEquals(Buckets.LAST, Buckets.indexOf(ns));
            assertEquals(Buckets.LAST, FakeKernel.bucketOf(ns));
        }
    }

    @Test
    void agreeWithTheKernelSideEverywhere() {
        Random random = new Random(23);
        for (int i = 0; i < 100_000; i++) {
            long ns = random.nextLong() >>> 1 + random.nextInt(63);
            assertEquals(FakeKernel.bucketOf(ns), Buckets.indexOf(ns), "index of " + ns + " ns");
        }
    }

    @Test
    void areAtMostOneSixteenthWide() {
        for (int index = 16; index < Buckets.COUNT; index++) {
            long width = Buckets.upToNs(index) - Buckets.lowestNs(index) + 1;
            assertEquals(0, Math.max(0, width * 16 - Buckets.lowestNs(index)), "width of bucket " + index);
        }
    }
}
