package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberingTest {
    @Test
    void numbersKeysInTheOrderInWhichTheyCome() {
        Numbering numbering = new Numbering();
        Random random = new Random(23);
        for (int round = 0; round < 5; round++) {
            Map<Long, Integer> expected = new HashMap<>();
            assertEquals(-1, numbering.find(7));
            for (int i = 0; i < 5_000; i++) {
                long key = random.nextBoolean() ? random.nextInt(500) : (long) random.nextInt(500) << 16;
                Integer known = expected.putIfAbsent(key, expected.size());
                assertEquals(known == null ? -1 : known, numbering.find(key));
                assertEquals(expected.get(key), numbering.of(key));
            }
            assertEquals(expected.size(), numbering.size());
            expected.forEach((key, number) -> assertEquals(key, numbering.key(number)));
            numbering.clear();
        }
    }
}
