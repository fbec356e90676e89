package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void everySecondRoundIsTheOneBeforeTheOtherWayRound() {
        Turns<String> turns = new Turns<>(List.of("a", "b", "c"));
        for (int i = 0; i < 10; i++) {
            List<String> forth = turns.next();
            List<String> back = new ArrayList<>(turns.next());
            Collections.reverse(back);
            assertEquals(forth, back);
        }
    }

    @Test
    void eachOfTwoComesFirstInHalfOfTheRounds() {
        Turns<String> turns = new Turns<>(List.of("a", "b"));
        int first = 0;
        for (int i = 0; i < 14; i++) {
            first += turns.next().get(0).equals("a") ? 1 : 0;
        }
        assertEquals(7, first);
    }

    @Test
    void pairsOfRoundsDiffer() {
        Turns<Integer> turns = new Turns<>(List.of(1, 2, 3));
        Set<List<Integer>> forth = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            forth.add(turns.next());
            turns.next();
        }
        assertNotEquals(1, forth.size());
    }
}
