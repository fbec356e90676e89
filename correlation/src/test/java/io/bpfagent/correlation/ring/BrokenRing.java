package io.bpfagent.correlation.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.correlation.Fuzz;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Breaks what waits in a {@link FakeRing}: mostly what stands in records, seldom what says where they are. */
public final class BrokenRing {
    private static final int HEADER_BYTES = 8;

    private BrokenRing() {}

    /**
     * Lets a reader look at what waits there after some of it was changed, and once more after that was put right.
     * Unless it has been led astray by a length or a position, it must have taken all then.
     *
     * @return how many records there were
     */
    public static int show(RandomGenerator random, FakeRing ring, Runnable look) {
        List<Long> positions = ring.positions();
        if (positions.isEmpty()) {
            return 0;
        }
        ByteBuffer data = ring.data();
        ByteBuffer right = ByteBuffer.allocate(data.capacity()).put(0, data, 0, data.capacity());
        long producer = ring.producer().getLong(0);
        for (int i = random.nextInt(1 + positions.size()); i >= 0; i--) {
            long record = positions.get(random.nextInt(positions.size()));
            mutate(random, data, record + HEADER_BYTES, ring.lengthAt(record));
        }
        boolean astray = random.nextInt(10) == 0;
        if (astray && random.nextBoolean()) {
            Fuzz.mutate(random, ring.producer(), 0, Long.BYTES);
        } else if (astray) {
            mutate(random, data, positions.get(random.nextInt(positions.size())), HEADER_BYTES);
        }
        look.run();
        data.put(0, right, 0, data.capacity());
        ring.producer().putLong(0, producer);
        look.run();
        if (astray) {
            startAgain(ring, look);
        }
        assertEquals(0, ring.waiting(), "bytes that were not taken");
        return positions.size();
    }

    /** A record that seems to be under way keeps out all that follow; then the kernel goes on by more than a ring. */
    public static void startAgain(FakeRing ring, Runnable look) {
        if (ring.waiting() != 0) {
            ring.producer().putLong(0, ring.producer().getLong(0) + 2L * ring.dataBytes());
            look.run();
            assertEquals(0, ring.waiting(), "bytes that were not taken");
        }
    }

    private static void mutate(RandomGenerator random, ByteBuffer data, long position, int length) {
        int from = (int) (position & data.capacity() - 1);
        Fuzz.mutate(random, data, from, Math.min(data.capacity(), from + Math.max(1, Math.min(length, 1 << 10))));
    }

    /** A record of so many bytes that are anything, the first of them {@code kind}. */
    public static byte[] noise(RandomGenerator random, int bytes, int kind) {
        byte[] record = new byte[bytes];
        random.nextBytes(record);
        record[0] = (byte) kind;
        return record;
    }
}
