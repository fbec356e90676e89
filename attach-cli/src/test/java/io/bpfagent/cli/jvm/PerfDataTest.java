package io.bpfagent.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a performance file says that HotSpot has not written: anybody may put one there for their own process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PerfDataTest {
    private static final int PROLOGUE = 32;
    private static final int HEADER = 20;
    private static final int ROUNDS = 100_000;

    private static ByteBuffer file(int bytes, int entries) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, Integer.reverseBytes(0xcafec0c0))
                .put(4, (byte) 1).putInt(24, PROLOGUE).putInt(28, entries);
    }

    /** Where the next entry begins. */
    private static int put(ByteBuffer file, int at, String name, String value) {
        int valueAt = HEADER + name.length() + 1;
        int length = valueAt + value.length() + 1 + 7 & -8;
        file.putInt(at, length).putInt(at + 4, HEADER).putInt(at + 8, value.length() + 1).put(at + 12, (byte) 'B')
                .putInt(at + 16, valueAt);
        file.put(at + HEADER, name.getBytes(StandardCharsets.UTF_8));
        file.put(at + valueAt, value.getBytes(StandardCharsets.UTF_8));
        return at + length;
    }

    private static ByteBuffer hotSpots() {
        ByteBuffer file = file(4096, 3);
        int at = put(file, PROLOGUE, "sun.rt.javaCommand", "io.example.Main --port 80");
        at = put(file, at, "sun.rt.jvmCapabilities", "1000");
        put(file, at, "java.property.java.version", "25");
        return file;
    }

    @Test
    void hasWhatHotSpotWrites() {
        PerfData data = PerfData.parse(hotSpots().array());
        assertEquals(Optional.of("io.example.Main --port 80"), data.javaCommand());
        assertEquals(Optional.of(true), data.attachable());
        assertEquals(Optional.of("25"), data.javaVersion());
    }

    @Test
    void anEntryThatIsBeingMadeIsLeftOut() {
        ByteBuffer file = hotSpots().putInt(28, 4);
        assertEquals(3, PerfData.parse(file.array()).strings().size());
    }

    @Test
    void entriesWithoutLengthAreNotReadForEver() {
        ByteBuffer file = file(1 << 20, Integer.MAX_VALUE);
        Arrays.fill(file.array(), PROLOGUE + HEADER, file.capacity(), (byte) 'x');
        file.putInt(PROLOGUE + 4, HEADER).putInt(PROLOGUE + 8, file.capacity()).put(PROLOGUE + 12, (byte) 'B')
                .putInt(PROLOGUE + 16, HEADER);
        assertEquals(Map.of(), PerfData.parse(file.array()).strings());
    }

    /** Each name and value would else be as long as the file, of which there are 200,000. */
    @Test
    void textEndsWithItsEntry() {
        ByteBuffer file = file(4 << 20, Integer.MAX_VALUE);
        Arrays.fill(file.array(), PROLOGUE, file.capacity(), (byte) 'B');
        for (int at = PROLOGUE; at + HEADER <= file.capacity(); at += HEADER) {
            file.putInt(at, HEADER).putInt(at + 4, 4).putInt(at + 8, file.capacity()).putInt(at + 16, 8);
        }
        PerfData data = PerfData.parse(file.array());
        assertTrue(data.strings().values().stream().allMatch(value -> value.length() <= HEADER), data::toString);
    }

    @Test
    void whatIsBrokenIsReadOrRefused() {
        byte[] right = hotSpots().array();
        long first = Long.getLong("fuzz.seed", System.nanoTime());
        for (long seed = first; seed < first + ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] broken = right.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                broken[random.nextInt(256)] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(8) << 4);
            }
            try {
                PerfData.parse(broken);
            } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
                continue; // read() takes it for no performance file
            } catch (RuntimeException | Error e) {
                throw new AssertionError("failed with -Dfuzz.seed=" + seed, e);
            }
        }
    }
}
