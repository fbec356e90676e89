package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class IdentityTableTest {
    @Test
    void givesBackWhatWasPutIn() {
        IdentityTable table = new IdentityTable(10);
        assertTrue(table.isEmpty());
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            objects.add(new Object());
            assertTrue(table.add(objects.get(i), i * 200));
        }
        for (int i = 0; i < 300; i++) {
            assertEquals(i * 200, table.get(objects.get(i)));
            assertEquals(i * 200, table.take(objects.get(i)));
            assertEquals(-1, table.take(objects.get(i)));
            assertEquals(-1, table.get(objects.get(i)));
        }
        assertTrue(table.isEmpty());
    }

    @Test
    void knowsThatItIsEmptyHoweverThingsHaveGone() {
        IdentityTable table = new IdentityTable(6);
        Object object = new Object();
        for (int i = 0; i < 40; i++) {
            table.add(object, i);
        }
        table.set(object, 50);
        table.takeLast(object);
        assertFalse(table.isEmpty());
        for (int i = 0; i < 31; i++) {
            assertTrue(table.take(object) >= 0);
        }
        assertTrue(table.isEmpty());
        table.add(object, 1, 0);
        assertFalse(table.isEmpty());
        table.takeOld(object, 100);
        assertTrue(table.isEmpty());
    }

    @Test
    void isNotEmptyWhileOneIsInItWhateverOthersDo() throws InterruptedException {
        IdentityTable table = new IdentityTable(12);
        AtomicBoolean ends = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!ends.get()) {
                Object object = new Object();
                table.add(object, 1);
                table.take(object);
            }
        });
        other.start();
        int wrong = 0;
        for (int i = 0; i < 200_000; i++) {
            Object object = new Object();
            table.add(object, 2);
            wrong += table.isEmpty() ? 1 : 0;
            table.take(object);
        }
        ends.set(true);
        other.join();
        assertEquals(0, wrong);
        assertTrue(table.isEmpty());
    }

    @Test
    void givesTheSameObjectBackInTheOrderOfItsComing() {
        IdentityTable table = new IdentityTable(6);
        Object object = "task";
        for (int round = 0; round < 20_000; round++) {
            for (int i = 0; i < 5; i++) {
                assertTrue(table.add(object, 7 * i));
            }
            assertEquals(0, table.get(object));
            for (int i = 0; i < 5; i++) {
                assertEquals(7 * i, table.take(object));
            }
        }
    }

    @Test
    void keepsTheLastValueThatWasSet() {
        IdentityTable table = new IdentityTable(6);
        Object object = new Object();
        assertTrue(table.set(object, 1));
        assertTrue(table.set(object, 65_534));
        assertEquals(65_534, table.get(object));
        assertEquals(65_534, table.take(object));
        assertEquals(-1, table.take(object));
    }

    @Test
    void pushesTheOldestOutWhereThereIsNoRoom() {
        IdentityTable table = new IdentityTable(6);
        Object object = new Object();
        for (int i = 0; i < 32; i++) {
            assertTrue(table.add(object, i));
        }
        assertFalse(table.add(object, 32));
        for (int i = 1; i <= 32; i++) {
            assertEquals(i, table.take(object));
        }
        assertEquals(-1, table.take(object));
    }

    @Test
    void losesNothingAmongThreads() throws InterruptedException {
        IdentityTable table = new IdentityTable(12);
        List<Thread> threads = new ArrayList<>();
        int[] wrong = new int[4];
        for (int t = 0; t < wrong.length; t++) {
            int number = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Object object = new Object();
                    table.add(object, number);
                    wrong[number] += table.take(object) == number ? 0 : 1;
                }
            }));
            threads.get(t).start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int count : wrong) {
            assertEquals(0, count);
        }
    }

    /** What stands there for long is of an object that nobody asks for any more: that it gives way is no loss. */
    @Test
    void tellsALossFromWhatIsOld() {
        IdentityTable table = new IdentityTable(6);
        Object old = new Object();
        Object used = new Object();
        int now = IdentityTable.time();
        assertTrue(table.add(used, 40, now - 60));
        assertEquals(40, table.touch(used));
        for (int i = 0; i < 31; i++) {
            assertTrue(table.add(used, i, now));
        }
        assertFalse(table.add(used, 31, now));
        table = new IdentityTable(6);
        for (int i = 0; i < 32; i++) {
            assertTrue(table.add(old, i, now - 60));
        }
        assertTrue(table.add(old, 32, now));
        assertEquals(1, table.get(old));
        table.takeOld(old, now);
        assertEquals(32, table.take(old));
        assertEquals(-1, table.take(old));
    }

    @Test
    void givesBackTheLastOne() {
        IdentityTable table = new IdentityTable(6);
        Object object = new Object();
        table.add(object, 1);
        table.add(object, 2);
        assertEquals(2, table.takeLast(object));
        assertEquals(1, table.takeLast(object));
        assertEquals(-1, table.takeLast(object));
    }
}
