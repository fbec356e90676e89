package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordLogTest {
    private final RecordLog log = new RecordLog(1 << 18);

    @Test
    void keepsAllThatWasGiven() {
        assertTrue(log.addStay(Records.thread(65535, -2), 15, 14, 3, 8191, 5, 9, -1, 7));
        assertTrue(log.addOccupant(4, 8190, 10, 0x1122334455667788L, -1));
        assertTrue(log.isStay(0));
        assertEquals(65535, Records.rowOf(log.thread(0)));
        assertEquals(-2, Records.generationOf(log.thread(0)));
        assertEquals(15, log.state(0));
        assertEquals(14, log.next(0));
        assertFalse(log.beginsThrottled(0));
        assertFalse(log.endsThrottled(0));
        assertTrue(log.ended(0));
        assertEquals(8191, log.cpu(0));
        assertEquals(5, log.sinceNs(0));
        assertEquals(9, log.untilNs(0));
        assertEquals(-1, log.minorFaults(0));
        assertEquals(7, log.majorFaults(0));
        assertFalse(log.isStay(1));
        assertEquals(4, log.occupantKind(1));
        assertEquals(8190, log.cpu(1));
        assertEquals(0x1122334455667788L, log.nameLow(1));
        assertEquals(-1, log.nameHigh(1));
    }

    @Test
    void knowsWhichOfTheTwoStatesIsThrottled() {
        log.addStay(1, 0, 1, 1, 0, 0, 1, 0, 0);
        log.addStay(1, 1, 0, 1, 0, 1, 2, 0, 0);
        log.addStay(1, 0, 1, 2, 0, 2, 3, 0, 0);
        assertTrue(log.beginsThrottled(0));
        assertFalse(log.endsThrottled(0));
        assertFalse(log.beginsThrottled(1));
        assertTrue(log.endsThrottled(1));
        assertFalse(log.beginsThrottled(2));
    }

    @Test
    void sortsByTheEnd() {
        for (long until : new long[] {5, 9, 7, 7, 1, 8, 100, 99}) {
            stay(until, until);
        }
        long[] expected = {1, 5, 7, 7, 8, 9, 99, 100};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], log.untilNs(i));
            assertEquals(expected[i], log.thread(i));
        }
        assertEquals(2, log.firstAfter(5));
        assertEquals(4, log.firstAfter(7));
        assertEquals(0, log.firstAfter(0));
        assertEquals(8, log.firstAfter(100));
    }

    @Test
    void keepsTheOrderOfWhatEndsAtTheSameTime() {
        stay(5, 1);
        stay(5, 2);
        stay(6, 9);
        stay(5, 3);
        assertEquals(1, log.thread(0));
        assertEquals(2, log.thread(1));
        assertEquals(3, log.thread(2));
    }

    @Test
    void isTheSameAsAQueue() {
        Random random = new Random(23);
        ArrayDeque<Long> expected = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 200_000; i++) {
            now += 1 + random.nextInt(10);
            stay(now, now * 3);
            expected.add(now);
            if (random.nextInt(2_000) == 0) {
                long forget = now - random.nextInt(40_000);
                log.forgetBefore(forget);
                while (!expected.isEmpty() && expected.peek() < forget) {
                    expected.remove();
                }
                int at = log.from();
                assertEquals(expected.size(), log.to() - at);
                for (long until : expected) {
                    assertEquals(until, log.untilNs(at));
                    assertEquals(3 * until, log.thread(at));
                    at++;
                }
            }
        }
    }

    @Test
    void isBounded() {
        assertEquals(65_536, log.most());
        for (int i = 0; i < log.most(); i++) {
            assertTrue(stay(i, i));
        }
        assertFalse(stay(log.most(), 0));
        log.forgetBefore(10);
        assertTrue(stay(log.most(), 0));
        assertEquals(log.most() - 9, log.to() - log.from());
    }

    /** Of the shortest records, with their headers. */
    @Test
    void hasRoomForAllThatARingHolds() {
        RecordLog large = new RecordLog(16 << 20);
        assertEquals((16 << 20) / (8 + 32), large.most());
        for (int i = 0; i < large.most(); i++) {
            assertTrue(large.addStay(1, 0, 1, 0, 0, 0, i, 0, 0));
        }
        assertEquals(large.most(), large.room());
        assertFalse(large.addStay(1, 0, 1, 0, 0, 0, large.most(), 0, 0));
        for (int i = 0; i < 8_000; i++) {
            large.forgetBefore(large.most());
        }
        assertEquals(256, large.room(), "whatever the bound was");
    }

    @Test
    void givesRoomBackAfterACrowd() {
        for (int i = 0; i < 40_000; i++) {
            assertTrue(stay(i, i));
        }
        int crowd = log.room();
        log.forgetBefore(39_990);
        assertEquals(crowd, log.room(), "the next one may come soon");
        for (int i = 0; i < 3_000; i++) {
            log.forgetBefore(39_990);
        }
        assertEquals(256, log.room());
        assertEquals(10, log.to() - log.from());
        assertEquals(39_990, log.thread(log.from()));
    }

    @Test
    void refusesWhatComesFarTooLate() {
        for (int i = 0; i < 10_000; i++) {
            assertTrue(stay(1_000 + i, i));
        }
        assertFalse(stay(1, 0));
        assertTrue(stay(10_000, 0));
        assertEquals(10_001, log.to());
    }

    @Test
    void joinsOccupantsOfTheSameName() {
        assertTrue(log.addOccupant(4, 1, 1_000, 7, 8));
        assertTrue(log.addOccupant(4, 2, 1_500, 7, 8));
        assertTrue(log.addStay(5, 3, 1, 0, 1, 0, 1_600, 0, 0));
        assertTrue(log.addOccupant(4, 1, 2_000, 7, 8));
        assertEquals(3, log.to(), "a wake-up in between is no switch");
        assertEquals(2_000, log.untilNs(2));
        assertEquals(1, log.cpu(2));
        assertTrue(log.addOccupant(4, 1, 2_100, 7, 9));
        assertTrue(log.addOccupant(4, 1, 2_200, 7, 8));
        assertEquals(5, log.to(), "another name in between");
        assertTrue(log.addStay(5, 0, 1, 0, 1, 2_200, 2_300, 0, 0));
        assertTrue(log.addOccupant(4, 1, 2_400, 7, 8));
        assertEquals(7, log.to(), "a thread of the host in between");
        assertTrue(log.addOccupant(3, 1, 2_500, 7, 8));
        assertEquals(8, log.to(), "another kind");
    }

    @Test
    void joinsOccupantsOnlyForAWhile() {
        for (int i = 0; i < 100_000; i++) {
            assertTrue(log.addOccupant(4, 1, 1_000 + i * 1_000L, 7, 8));
        }
        assertEquals(50, log.to(), "2 ms each, of 100 ms");
        assertEquals(2_001_000, log.untilNs(0));
        assertEquals(100_000_000, log.untilNs(49));
    }

    @Test
    void joinsNothingThatComesOutOfOrder() {
        assertTrue(log.addOccupant(4, 1, 2_000, 7, 8));
        assertTrue(log.addOccupant(4, 1, 1_000, 7, 8));
        assertEquals(2, log.to());
    }

    private boolean stay(long untilNs, long thread) {
        return log.addStay(thread, 0, 1, 0, 0, 0, untilNs, 0, 0);
    }
}
