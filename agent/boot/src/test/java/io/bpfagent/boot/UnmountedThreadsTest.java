package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnmountedThreadsTest {
    private static final int MANY = 20_000;
    private final UnmountedThreads threads = new UnmountedThreads();

    @Test
    void keepsWhatItIsGiven() {
        threads.put(4711, 2047, -5);
        threads.put(1L << 40, 0, 17);
        int at = threads.find(4711);
        assertEquals(2047, threads.node(at));
        assertEquals(-5, threads.sinceNs(at));
        threads.runnable(at, 6);
        assertEquals(6, threads.sinceNs(threads.find(4711)));
        assertEquals(0, threads.node(threads.find(1L << 40)));
        threads.remove(at);
        assertEquals(-1, threads.find(4711));
        assertEquals(17, threads.sinceNs(threads.find(1L << 40)));
        assertEquals(1, threads.size());
        assertEquals(0, threads.lost());
    }

    @Test
    void takesANewEntryInPlaceOfAnOldOne() {
        threads.put(42, 1, 7);
        threads.put(42, 2, 8);
        assertEquals(2, threads.node(threads.find(42)));
        assertEquals(1, threads.size());
    }

    @Test
    void hasRoomForTwentyThousandWhateverTheirNumbers() {
        for (int step : new int[] {1, 3, 4, 7, 256}) {
            UnmountedThreads some = new UnmountedThreads();
            for (int i = 1; i <= MANY; i++) {
                some.put((long) i * step, i & 2047, i);
            }
            assertEquals(0, some.lost(), "step " + step);
            for (int i = 1; i <= MANY; i++) {
                int at = some.find((long) i * step);
                assertEquals(i & 2047, some.node(at));
                assertEquals(i, some.sinceNs(at));
            }
        }
    }

    @Test
    void countsEachForWhomThereIsNoRoom() {
        for (int i = 1; i <= UnmountedThreads.PLACES + 1000; i++) {
            threads.put(i, 1, -i);
        }
        assertEquals(UnmountedThreads.PLACES + 1000, threads.size() + threads.lost());
        assertTrue(threads.lost() >= 1000);
    }

    @Test
    void forgetsThoseThatAreOldAndCountsThem() {
        threads.put(1, 1, -100);
        threads.put(2, 1, 100);
        threads.put(3, 1, -200);
        threads.forgetBefore(150);
        assertEquals(-1, threads.find(1));
        assertEquals(-1, threads.find(2));
        assertTrue(threads.find(3) >= 0);
        assertEquals(2, threads.lost());
    }

    @Test
    void whoIsThereHasOnePlaceOnlyAlsoWhenOneBeforeItIsFreeByNow() {
        // All numbers of one group, and more than it has places: the last are in their second groups.
        List<Long> group = new ArrayList<>();
        for (long id = 1; group.size() < 12; id++) {
            if (UnmountedThreads.firstGroup(id) == UnmountedThreads.firstGroup(1)) {
                group.add(id);
            }
        }
        for (long id : group) {
            threads.put(id, 1, -7);
        }
        for (long id : group.subList(0, 4)) {
            threads.forget(id);
        }
        for (long id : group.subList(4, 12)) {
            threads.put(id, 2, -8);
            assertEquals(2, threads.node(threads.find(id)));
        }
        assertEquals(8, threads.size());
    }

    @Test
    void whoComesBackWhileItsPlaceIsGivenUpTakesNothingFromOthers() {
        threads.put(1, 1, -100);
        int at = threads.find(1);
        threads.forgetBefore(150);
        for (int i = 2; i <= UnmountedThreads.PLACES * 2; i++) {
            threads.put(i, 1, -200);
        }
        assertEquals(0, threads.node(at), "nobody's");
        threads.remove(at);
        assertEquals(-1, threads.find(1));
        threads.put(1, 3, -200);
        int again = threads.find(1);
        assertTrue(again >= 0);
        assertEquals(3, threads.node(again));
    }

    @Test
    void losesNothingToOtherThreads() throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int first = t + 1;
            all.add(new Thread(() -> putFindAndRemove(first, wrong)));
        }
        for (Thread one : all) {
            one.start();
        }
        for (Thread one : all) {
            one.join();
        }
        assertEquals(0, wrong.get());
        assertEquals(0, threads.size());
        assertEquals(0, threads.lost());
    }

    /** Of neighbouring numbers, which share groups. */
    private void putFindAndRemove(int first, AtomicInteger wrong) {
        for (int round = 0; round < 200; round++) {
            for (int i = first; i < 4000; i += 4) {
                threads.put(i, i & 1023, i + round);
            }
            for (int i = first; i < 4000; i += 4) {
                int at = threads.find(i);
                if (at < 0 || threads.node(at) != (i & 1023) || threads.sinceNs(at) != i + round) {
                    wrong.incrementAndGet();
                } else {
                    threads.remove(at);
                }
            }
        }
    }
}
