package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Fuzz;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is broken in a file of BTF, in as many ways as time allows: whatever stands in it, going through it comes to an
 * end or to an IOException, and takes no more memory than a whole file may.
 */
final class BtfFuzzTest {
    private static final int KERNELS = 1_000;
    private static final int SMALL = 10_000;
    private static final int NOISE = 5_000;
    /** Of garbage; the strings of the largest file here have 0.2 MB, and are gone through some times. */
    private static final long MOST_BYTES = 8 << 20;
    private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");
    private static final int HEADER_BYTES = 24;
    /** More than a window of each. */
    private static final int TYPES_BYTES = 100_000;
    private static final int STRINGS_BYTES = 200_000;
    private static final int NOISE_BYTES = 16 * 1024;

    @TempDir
    private Path directory;

    /** The beginnings of the running kernel's types and strings, as a whole file. */
    private Path ofThisKernel() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(KERNEL.toFile(), "r")) {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.readFully(header.array());
            byte[] types = new byte[TYPES_BYTES];
            file.seek(header.getInt(4) + Integer.toUnsignedLong(header.getInt(8)));
            file.readFully(types);
            byte[] strings = new byte[STRINGS_BYTES];
            file.seek(header.getInt(4) + Integer.toUnsignedLong(header.getInt(16)));
            file.readFully(strings);
            header.putInt(4, HEADER_BYTES).putInt(8, 0).putInt(12, TYPES_BYTES).putInt(16, TYPES_BYTES)
                    .putInt(20, STRINGS_BYTES);
            return Files.write(directory.resolve("kernel"), ByteBuffer.allocate(HEADER_BYTES + TYPES_BYTES
                    + STRINGS_BYTES).put(header.array()).put(types).put(strings).array());
        }
    }

    private Path small() throws IOException {
        FakeBtf btf = new FakeBtf();
        for (int i = 0; i < 20; i++) {
            btf.type("int" + i, 1, 0, 4, 4);
            btf.type("struct" + i, 4, 3, 12, 36);
            btf.tracepoint("event_" + i, i % 7);
        }
        return btf.write(directory.resolve("small"));
    }

    /** Goes through all of it. False if the file was refused. */
    private static boolean read(Path path) throws Exception {
        boolean[] whole = new boolean[1];
        Fuzz.allocating(MOST_BYTES, () -> {
            KernelTracepoints tracepoints = new KernelTracepoints(path.toString(), List.of());
            try (BtfTypes types = new BtfTypes(path.toString())) {
                byte[] prefix = "btf_trace_".getBytes(StandardCharsets.ISO_8859_1);
                while (types.nextString(prefix) != null) {
                    types.nameOffset();
                }
                types.rewind();
                while (types.nextType()) {
                    assertTrue(types.id() > 0 && types.items() >= 0);
                }
                types.rewind();
                String any = types.nextString(new byte[0]);
                assertTrue(any == null || any.indexOf('\0') < 0);
                tracepoints.offerAll(new Nearest("sched_switch"));
                for (Map.Entry<String, Integer> event : tracepoints.all().entrySet()) {
                    assertNotNull(event.getKey());
                    assertTrue(event.getValue() >= 0 && event.getValue() <= 0xffff);
                }
                tracepoints.arguments("event_3");
                whole[0] = true;
            } catch (IOException documented) {
                whole[0] = false;
            }
        });
        return whole[0];
    }

    private static void breaks(Path file, int inputs) throws IOException {
        MappedByteBuffer bytes = map(file);
        Fuzz.play(inputs, random -> {
            int whole = 0;
            int played = Math.min(inputs, 2_000);
            List<Runnable> undo = new ArrayList<>();
            for (int i = 0; i < played; i++) {
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    // Half of them where it says what is where.
                    int words = (random.nextBoolean() ? HEADER_BYTES : bytes.capacity()) / Long.BYTES;
                    int at = random.nextInt(words) * Long.BYTES;
                    long right = bytes.getLong(at);
                    undo.add(0, () -> bytes.putLong(at, right));
                    Fuzz.mutate(random, bytes, at, at + Long.BYTES);
                }
                whole += read(file) ? 1 : 0;
                undo.forEach(Runnable::run);
                undo.clear();
            }
            assertTrue(whole > 0 && whole < played, whole + " of " + played + " were read as if they were whole");
            assertTrue(read(file), "it has not been put right");
            return played;
        });
    }

    private static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            return bytes;
        }
    }

    @Test
    void readsTheKernelsBroken() throws Exception {
        breaks(ofThisKernel(), KERNELS);
    }

    @Test
    void readsASmallOneThatIsBroken() throws Exception {
        breaks(small(), SMALL);
    }

    @Test
    void readsNoise() throws Exception {
        Path file = Files.write(directory.resolve("noise"), new byte[NOISE_BYTES]);
        MappedByteBuffer bytes = map(file);
        Fuzz.play(NOISE, random -> {
            for (int i = 0; i < 1_000; i++) {
                noise(random, bytes);
                read(file);
            }
            return 1_000;
        });
    }

    private static void noise(RandomGenerator random, ByteBuffer btf) {
        Fuzz.noise(random, btf);
        btf.putInt(0, 0xeb9f);
        if (random.nextInt(8) != 0) {
            int types = random.nextInt(NOISE_BYTES / 2);
            btf.putInt(4, HEADER_BYTES).putInt(8, 0).putInt(12, types).putInt(16, types)
                    .putInt(20, NOISE_BYTES - HEADER_BYTES - types);
            // Else the first type is of a kind that is not known, nearly always.
            for (int at = HEADER_BYTES; at + 12 <= HEADER_BYTES + types && random.nextInt(64) != 0; at += 4) {
                btf.put(at + 3, (byte) random.nextInt(20)).put(at + 1, (byte) 0);
            }
        }
    }
}
