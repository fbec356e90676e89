package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The strings of a HotSpot performance file (/tmp/hsperfdata_USER/PID), which every JVM keeps
 * unless it runs with {@code -XX:-UsePerfData}.
 *
 * <p>Reading it asks nothing of the JVM. Layout: HotSpot's perfMemory.hpp, version 2.0: a prologue
 * of 32 bytes (magic, byte order, entry offset, number of entries), then entries with name and
 * value; a string is a vector of type 'B'.
 */
record PerfData(Map<String, String> strings) {

    private static final int MAGIC = 0xcafec0c0;
    /** Far above the usual 32 KiB; a larger file is not one of HotSpot's. */
    private static final long MAX_BYTES = 16 << 20;
    private static final int ENTRY_HEADER_BYTES = 20;

    PerfData {
        strings = Map.copyOf(strings);
    }

    /** The main class or jar and the application's arguments, as they were given. */
    Optional<String> javaCommand() {
        return Optional.ofNullable(strings.get("sun.rt.javaCommand")).filter(s -> !s.isBlank());
    }

    /**
     * Whether the JVM takes requests to attach, by its own word; empty when it does not say. The
     * first of the capabilities is HotSpot's {@code AttachListener::is_attach_supported()}.
     */
    Optional<Boolean> attachable() {
        return Optional.ofNullable(strings.get("sun.rt.jvmCapabilities"))
            .filter(s -> !s.isEmpty())
            .map(s -> s.charAt(0) == '1');
    }

    /** The JDK's release: {@code 17.0.21}. */
    Optional<String> javaVersion() {
        return Optional.ofNullable(strings.get("java.property.java.version")).filter(s -> !s.isBlank());
    }

    /** All options of the JVM, those of environment variables and files included. */
    String jvmArguments() {
        return strings.getOrDefault("java.rt.vmFlags", "") + " " + strings.getOrDefault("java.rt.vmArgs", "");
    }

    /** Empty when the file is not there, not readable or not (yet) a performance file. */
    static Optional<PerfData> read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(parse(Files.readAllBytes(file)));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Whoever's file it is may have written anything there: each byte of it is looked at a few times at most. */
    static PerfData parse(byte[] bytes) {
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        if (data.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("no performance file: magic " + Integer.toHexString(data.getInt(0)));
        }
        data.order(data.get(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int entry = data.getInt(24);
        int entries = data.getInt(28);
        Map<String, String> strings = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            int length = data.getInt(entry);
            if (length < ENTRY_HEADER_BYTES || length > bytes.length - entry) {
                break; // no entry, or one that the JVM has counted and not made yet
            }
            int vectorLength = data.getInt(entry + 8);
            if (data.get(entry + 12) == 'B' && vectorLength > 0) {
                strings.put(text(bytes, entry, length, data.getInt(entry + 4), length),
                    text(bytes, entry, length, data.getInt(entry + 16), vectorLength));
            }
            entry += length;
        }
        return new PerfData(strings);
    }

    /** Bytes of an entry, so many from an offset in it, up to the first zero. */
    private static String text(byte[] bytes, int entry, int length, int offset, int atMost) {
        if (offset < 0 || offset > length) {
            return "";
        }
        int from = entry + offset;
        int most = from + Math.min(atMost, length - offset);
        int end = from;
        while (end < most && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
