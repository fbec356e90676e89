package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeapSortTest {
    /** Few different values and many, sorted ones too; nothing behind the count is touched. */
    @Test
    void sortsAsTheLibraryDoes() {
        Random random = new Random(1);
        for (int round = 0; round < 3_000; round++) {
            int count = round < 2_900 ? round % 64 : random.nextInt(20_000);
            long[] numbers = random.longs(count + 3, 0, 1L << 1 + random.nextInt(62)).toArray();
            if (round % 3 == 0) {
                Arrays.sort(numbers, 0, count);
            }
            long[] expected = numbers.clone();
            Arrays.sort(expected, 0, count);
            HeapSort.sort(numbers, count);
            assertArrayEquals(expected, numbers);
        }
    }
}
