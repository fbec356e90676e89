package io.bpfagent.correlation.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingReaderTest {
    private static final int SIZE = 4096;

    private final List<byte[]> taken = new ArrayList<>();
    private int garbage;
    private final RingReader.Sink sink = new RingReader.Sink() {
        @Override
        public void accept(ByteBuffer record, int length) {
            byte[] bytes = new byte[length];
            record.get(0, bytes);
            taken.add(bytes);
        }

        @Override
        public void garbage() {
            garbage++;
        }
    };

    @Test
    void takesEachRecordOnce() {
        FakeRing ring = new FakeRing(SIZE);
        RingReader reader = new RingReader(ring, 64);
        for (int i = 0; i < 23; i++) {
            ring.put(record(i, 40));
        }
        assertTrue(reader.drain(sink));
        assertTrue(reader.drain(sink));
        assertEquals(23, taken.size());
        assertArrayEquals(record(22, 40), taken.get(22));
        assertEquals(0, ring.waiting());
        assertEquals(0, garbage);
    }

    @Test
    void takesRecordsThatPassTheEnd() {
        Random random = new Random(23);
        for (long start : new long[] {0, 4088, (1L << 32) - 40, (1L << 40) - 8}) {
            FakeRing ring = new FakeRing(SIZE).startingAt(start);
            RingReader reader = new RingReader(ring, 64);
            for (int i = 0; i < 1000; i++) {
                taken.clear();
                byte[][] records = new byte[1 + random.nextInt(30)][];
                for (int r = 0; r < records.length; r++) {
                    records[r] = record(random.nextInt(), 1 + random.nextInt(64));
                    assertTrue(ring.put(records[r]) >= 0);
                }
                assertTrue(reader.drain(sink));
                assertEquals(records.length, taken.size());
                for (int r = 0; r < records.length; r++) {
                    assertArrayEquals(records[r], taken.get(r));
                }
            }
        }
        assertEquals(0, garbage);
    }

    @Test
    void makesRoomForTheKernel() {
        FakeRing ring = new FakeRing(SIZE);
        RingReader reader = new RingReader(ring, 64);
        int put = 0;
        while (ring.put(record(put, 56)) >= 0) {
            put++;
        }
        assertEquals(SIZE / 64, put);
        reader.drain(sink);
        assertTrue(ring.put(record(put, 56)) >= 0);
        reader.drain(sink);
        assertEquals(put + 1, taken.size());
    }

    @Test
    void waitsForARecordThatIsBeingWritten() {
        FakeRing ring = new FakeRing(SIZE);
        RingReader reader = new RingReader(ring, 64);
        ring.put(record(1, 40));
        long second = ring.put(record(2, 40), 40 | FakeRing.BUSY);
        ring.put(record(3, 40));
        assertFalse(reader.drain(sink));
        assertEquals(1, taken.size());
        ring.header(second, 40);
        assertTrue(reader.drain(sink));
        assertEquals(3, taken.size());
    }

    @Test
    void passesOverWhatWasDiscarded() {
        FakeRing ring = new FakeRing(SIZE);
        RingReader reader = new RingReader(ring, 64);
        ring.put(record(1, 40), 40 | FakeRing.DISCARDED);
        ring.put(record(2, 40));
        assertTrue(reader.drain(sink));
        assertEquals(1, taken.size());
        assertArrayEquals(record(2, 40), taken.get(0));
        assertEquals(0, garbage);
    }

    @Test
    void passesOverARecordThatIsTooLong() {
        FakeRing ring = new FakeRing(SIZE);
        RingReader reader = new RingReader(ring, 64);
        ring.put(record(1, 200));
        ring.put(record(2, 40));
        assertTrue(reader.drain(sink));
        assertEquals(1, taken.size());
        assertEquals(1, garbage);
    }

    @Test
    void goesToTheProducersPositionWhenALengthMakesNoSense() {
        for (int length : new int[] {0, 4000, FakeRing.DISCARDED - 1, FakeRing.DISCARDED | 0x3fffffff}) {
            FakeRing ring = new FakeRing(SIZE);
            RingReader reader = new RingReader(ring, 64);
            taken.clear();
            garbage = 0;
            ring.put(record(1, 40));
            ring.put(record(2, 40), length);
            ring.put(record(3, 40));
            assertTrue(reader.drain(sink));
            assertEquals(1, taken.size(), "length=" + length);
            assertEquals(1, garbage);
            assertEquals(0, ring.waiting());
            ring.put(record(4, 40));
            assertTrue(reader.drain(sink));
            assertArrayEquals(record(4, 40), taken.get(1));
        }
    }

    @Test
    void takesUpWithTheProducerWhereverItIs() {
        for (long position : new long[] {-8, SIZE + 8, 13, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
            FakeRing ring = new FakeRing(SIZE);
            RingReader reader = new RingReader(ring, 64);
            garbage = 0;
            ring.producer().putLong(0, position);
            reader.drain(sink);
            assertEquals(1, garbage, "position=" + position);
        }
        assertEquals(0, taken.size());
    }

    @Test
    void neverThrowsNorLoops() {
        Random random = new Random(23);
        for (int round = 0; round < 300; round++) {
            FakeRing ring = new FakeRing(SIZE);
            RingReader reader = new RingReader(ring, 64);
            for (int i = 0; i < 20; i++) {
                for (int b = 0; b < SIZE; b += 1 + random.nextInt(16)) {
                    ring.data().put(b, (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) * 20));
                }
                long moved = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(SIZE / 8 + 2) * 8L;
                ring.producer().putLong(0, ring.producer().getLong(0) + moved);
                reader.drain(sink);
            }
        }
        assertTrue(garbage > 0);
    }

    @Test
    void goesOnWhereAnotherReaderEnded() {
        FakeRing ring = new FakeRing(SIZE);
        ring.put(record(1, 40));
        new RingReader(ring, 64).drain(sink);
        ring.put(record(2, 40));
        new RingReader(ring, 64).drain(sink);
        assertEquals(2, taken.size());
    }

    @Test
    void refusesARingOfAWrongSize() {
        assertThrows(IllegalArgumentException.class, () -> new RingReader(new FakeRing(4095), 64));
    }

    private static byte[] record(int number, int length) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        return bytes;
    }
}
