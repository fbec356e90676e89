package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VirtualTimesTest {
    /** As bucket_of in pages.h: 32 buckets of 64 ns, then 16 for each power of two. */
    private static int bucketOf(long ns) {
        long value = ns >>> 6;
        int shift = 0;
        while (value >>> shift >= 32) {
            shift++;
        }
        return (int) Math.min(511, (shift << 4) + (value >>> shift));
    }

    @Test
    void hasTheBucketsOfTheKernelSide() {
        for (long ns = 0; ns >= 0 && ns < 1L << 62; ns = ns < 5000 ? ns + 1 : ns + ns / 37) {
            assertEquals(bucketOf(ns), VirtualTimes.bucketOf(ns), "ns " + ns);
        }
        assertEquals(511, VirtualTimes.bucketOf(Long.MAX_VALUE));
        assertEquals(0, VirtualTimes.bucketOf(0));
    }

    @Test
    void addsUpExactly() {
        VirtualTimes times = new VirtualTimes();
        times.add(100);
        times.add(100_000);
        times.add(-7);
        long[] numbers = new long[VirtualRuntime.NUMBERS];
        times.addTo(numbers);
        times.addTo(numbers);
        assertEquals(2, numbers[0]);
        assertEquals(2, numbers[1]);
        assertEquals(2, numbers[bucketOf(100_000)]);
        assertEquals(200_200, numbers[512]);
        assertEquals(100_000, numbers[513]);
    }
}
