package io.bpfagent.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ring buffer through which the kernel side sends what it knows of single pauses, read in the memory of
 * the JVM that has mapped it, beside its own reader. Layout: kernel/bpf/ringbuf.c, and records.h.
 */
final class PauseRing {
    private static final int HEADER_BYTES = 8;
    private static final int LENGTH_MASK = 0x3fffffff; // above: busy, discarded
    private static final int PAUSE_KIND = 3; // RECORD_PAUSE; byte 0 of each record

    /** Its second page, where the kernel says how much it has sent; and from the third page on, the data. */
    private static final String PRODUCER = "1000";
    private static final String DATA = "2000";

    private final Path memory;
    private final Mapping producer;
    private final Mapping data;

    private record Mapping(long address, int bytes) {}

    /** What was sent in some time. */
    record Sent(long pauses, long records, long bytes) {}

    /** Of a JVM whose agent is on and has seen a pause. */
    PauseRing(long pid) {
        memory = Path.of("/proc/" + pid + "/mem");
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            String maps = lines.collect(Collectors.joining("\n"));
            producer = mapping(maps, PRODUCER);
            data = mapping(maps, DATA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only map that is mapped from there on; proc(5). */
    private static Mapping mapping(String maps, String offset) {
        Matcher mapping = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r--s 0*" + offset + " .*bpf-map").matcher(maps);
        if (!mapping.find()) {
            throw new AssertionError("no ring buffer is mapped: " + maps);
        }
        long address = Long.parseUnsignedLong(mapping.group(1), 16);
        return new Mapping(address, (int) (Long.parseUnsignedLong(mapping.group(2), 16) - address));
    }

    /** How many bytes have been sent since it was made. */
    long position() {
        return read(producer.address, Long.BYTES).getLong(0);
    }

    /** What was sent between two positions, of which the first was less than the ring's size ago. */
    Sent sent(long from, long to) {
        if (to - from > data.bytes) {
            throw new AssertionError(to - from + " bytes went through a ring of " + data.bytes);
        }
        ByteBuffer ring = read(data.address, data.bytes);
        long pauses = 0;
        long records = 0;
        // Headers are aligned, so that none is broken at the ring's end.
        for (long position = from; position < to; records++) {
            int header = (int) (position % data.bytes);
            pauses += ring.get((header + HEADER_BYTES) % data.bytes) == PAUSE_KIND ? 1 : 0;
            position += HEADER_BYTES + ((ring.getInt(header) & LENGTH_MASK) + 7) / 8 * 8;
        }
        return new Sent(pauses, records, to - from);
    }

    private ByteBuffer read(long address, int bytes) {
        byte[] content = new byte[bytes];
        try (RandomAccessFile file = new RandomAccessFile(memory.toFile(), "r")) {
            file.seek(address);
            file.readFully(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    }
}
