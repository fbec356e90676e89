package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The flags as they stand in HotSpot's memory: 1,500 of {@code JVMFlag}, looked through at each question.
 * (The JVM's own answer, HotSpotDiagnosticMXBean, would load the whole of JMX into the host.)
 */
final class HotSpotFlags implements JvmFlags {
    private static final String TYPE = "JVMFlag";
    /** 17 has 1,250, 25 has 1,150; what is more is no table of flags. */
    private static final int MAX_FLAGS = 10_000;
    private static final int FLAGS_AT_ONCE = 256;
    private static final int MAX_FLAG_BYTES = 256;
    private static final int TEXT_BYTES = 32;

    private final OwnMemory memory;
    private final Optional<LibJvm> jvm;

    /** @param memory to be closed after the last question */
    HotSpotFlags(OwnMemory memory, Optional<LibJvm> jvm) {
        this.memory = memory;
        this.jvm = jvm;
    }

    @Override
    public boolean isOff(String flag) {
        if (jvm.isEmpty()) {
            return false;
        }
        try {
            MemoryReader reader = new MemoryReader(memory);
            long address = address(new VmStructs(memory, jvm.get()), reader, flag);
            return address != 0 && reader.bytes(address, 1).get(0) == 0;
        } catch (UnreadableException | RuntimeException e) {
            // not known, as in a JVM that has no such table
            return false;
        }
    }

    /** Of the flag's value, 0 when there is no such flag. */
    private long address(VmStructs structs, MemoryReader reader, String flag) throws UnreadableException {
        Map<String, Integer> offsets = structs.fieldOffsets(Set.of(TYPE));
        Map<String, Long> statics = structs.staticAddresses(Set.of(TYPE));
        int bytes = structs.typeBytes(Set.of(TYPE)).get(TYPE);
        int nameAt = offsets.get("JVMFlag::_name");
        int addressAt = offsets.get("JVMFlag::_addr");
        long table = reader.word(statics.get("JVMFlag::flags"));
        long count = reader.word(statics.get("JVMFlag::numFlags"));
        if (bytes < Math.max(nameAt, addressAt) + Long.BYTES || bytes > MAX_FLAG_BYTES
                || count < 0 || count > MAX_FLAGS) {
            throw new IllegalStateException(TYPE + " is not as expected, bytes=" + bytes + ", count=" + count);
        }
        for (int first = 0; first < count; first += FLAGS_AT_ONCE) {
            int read = (int) Math.min(FLAGS_AT_ONCE, count - first);
            ByteBuffer flags = reader.bytes(table + (long) first * bytes, read * bytes);
            long[] names = new long[read];
            for (int i = 0; i < read; i++) {
                names[i] = flags.getLong(i * bytes + nameAt);
            }
            String[] texts = reader.texts(names, read, TEXT_BYTES);
            for (int i = 0; i < read; i++) {
                if (flag.equals(texts[i])) {
                    return flags.getLong(i * bytes + addressAt);
                }
            }
        }
        return 0;
    }
}
