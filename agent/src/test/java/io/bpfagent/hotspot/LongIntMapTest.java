package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LongIntMapTest {
    @Test
    void answersLikeAHashMap() {
        Random random = new Random(23);
        LongIntMap map = new LongIntMap();
        for (int round = 0; round < 3; round++) {
            Map<Long, Integer> expected = new HashMap<>();
            for (int i = 0; i < 5000; i++) {
                long key = 1 + random.nextInt(8000);
                map.put(key, i);
                expected.put(key, i);
            }
            assertEquals(expected.size(), map.size());
            for (long key = 0; key <= 8001; key++) {
                assertEquals(expected.getOrDefault(key, LongIntMap.ABSENT), map.get(key));
            }
            map.clear();
            assertEquals(LongIntMap.ABSENT, map.get(1));
        }
    }

    @Test
    void refusesKeysThatAreNoIds() {
        assertThrows(IllegalArgumentException.class, () -> new LongIntMap().put(0, 1));
    }
}
