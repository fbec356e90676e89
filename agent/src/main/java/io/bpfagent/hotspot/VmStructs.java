package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MappedElf.Symbol;
import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * HotSpot's description of its own structures ({@code gHotSpotVM...}), which it exports for the
 * serviceability agent.
 *
 * <p>Source: hotspot/share/runtime/vmStructs.hpp. The strides and offsets of the tables are exported
 * too and are used as they stand. Two passes, so that 6,000 strings are fetched by some 20 calls.
 */
final class VmStructs {
    /** 17 has 2,900 fields and 1,200 constants; a table without an end is not followed further. */
    private static final int MAX_ENTRIES = 20_000;
    private static final int CHUNK_BYTES = 32 * 1024;
    /** The longest name wanted is 22 bytes. */
    private static final int TEXT_BYTES = 32;

    private final MappedElf library;
    private final MemoryReader memory;

    VmStructs(OwnMemory memory, LibJvm jvm) throws UnreadableException {
        this.library = new MappedElf(memory, jvm.base());
        this.memory = new MemoryReader(memory);
    }

    /** Offsets of fields, by {@code Type::_field}, as far as they exist. */
    Map<String, Integer> fieldOffsets(Set<String> types) throws UnreadableException {
        Map<String, Integer> offsets = new HashMap<>();
        for (Map.Entry<String, Long> field : fields(types, false).entrySet()) {
            offsets.put(field.getKey(), field.getValue().intValue());
        }
        return offsets;
    }

    /** Addresses of static fields, by {@code Type::_field}, as far as they exist. */
    Map<String, Long> staticAddresses(Set<String> types) throws UnreadableException {
        return fields(types, true);
    }

    private Map<String, Long> fields(Set<String> types, boolean statics) throws UnreadableException {
        Table table = new Table("gHotSpotVMStructs", "gHotSpotVMStructEntryArrayStride",
                "gHotSpotVMStructEntryTypeNameOffset");
        int fieldName = table.offset("gHotSpotVMStructEntryFieldNameOffset");
        int isStatic = table.offset("gHotSpotVMStructEntryIsStaticOffset");
        int value = table.offset(statics ? "gHotSpotVMStructEntryAddressOffset" : "gHotSpotVMStructEntryOffsetOffset");
        Map<String, Long> values = new HashMap<>();
        for (Entry entry : table.named(types)) {
            if ((entry.bytes().getInt(isStatic) != 0) == statics) {
                String field = memory.texts(new long[] {entry.bytes().getLong(fieldName)}, 1, TEXT_BYTES)[0];
                values.put(entry.name() + "::" + field, entry.bytes().getLong(value));
            }
        }
        return values;
    }

    /** Sizes of types in bytes, as far as they exist. */
    Map<String, Integer> typeBytes(Set<String> types) throws UnreadableException {
        Table table = new Table("gHotSpotVMTypes", "gHotSpotVMTypeEntryArrayStride",
                "gHotSpotVMTypeEntryTypeNameOffset");
        int size = table.offset("gHotSpotVMTypeEntrySizeOffset");
        Map<String, Integer> sizes = new HashMap<>();
        for (Entry entry : table.named(types)) {
            sizes.put(entry.name(), (int) entry.bytes().getLong(size));
        }
        return sizes;
    }

    /** Values of int constants, as far as they exist. */
    Map<String, Integer> constants(Set<String> names) throws UnreadableException {
        Table table = new Table("gHotSpotVMIntConstants", "gHotSpotVMIntConstantEntryArrayStride",
                "gHotSpotVMIntConstantEntryNameOffset");
        int value = table.offset("gHotSpotVMIntConstantEntryValueOffset");
        Map<String, Integer> values = new HashMap<>();
        for (Entry entry : table.named(names)) {
            values.put(entry.name(), entry.bytes().getInt(value));
        }
        return values;
    }

    private record Entry(String name, ByteBuffer bytes) {}

    /** One of the tables: entries of one size, the last of which has a null name. */
    private final class Table {
        private final long begin;
        private final int stride;
        private final int nameOffset;

        Table(String table, String stride, String nameOffset) throws UnreadableException {
            this.begin = exported(table);
            this.stride = (int) exported(stride);
            this.nameOffset = offset(nameOffset);
            if (begin == 0 || this.stride < 8 || this.stride > 256) {
                throw new IllegalStateException(table + " is not as expected, stride=" + this.stride);
            }
        }

        int offset(String symbol) throws UnreadableException {
            long offset = exported(symbol);
            if (offset < 0 || offset > 256) {
                throw new IllegalStateException(symbol + " must be 0..256, " + symbol + '=' + offset);
            }
            return (int) offset;
        }

        List<Entry> named(Set<String> wanted) throws UnreadableException {
            List<Entry> entries = new ArrayList<>();
            int perChunk = CHUNK_BYTES / stride;
            for (int first = 0; first < MAX_ENTRIES; first += perChunk) {
                ByteBuffer chunk = chunk(begin + (long) first * stride, perChunk);
                long[] names = new long[chunk.capacity() / stride];
                int count = 0;
                while (count < names.length && (names[count] = chunk.getLong(count * stride + nameOffset)) != 0) {
                    count++;
                }
                // A type's fields stand together, and its name is one literal for all of them.
                long[] distinct = new long[count];
                int distinctCount = 0;
                for (int i = 0; i < count; i++) {
                    if (distinctCount == 0 || names[i] != distinct[distinctCount - 1]) {
                        distinct[distinctCount++] = names[i];
                    }
                }
                String[] texts = memory.texts(distinct, distinctCount, TEXT_BYTES);
                int text = -1;
                for (int i = 0; i < count; i++) {
                    text += i == 0 || names[i] != names[i - 1] ? 1 : 0;
                    if (texts[text] != null && wanted.contains(texts[text])) {
                        entries.add(new Entry(texts[text],
                                chunk.slice(i * stride, stride).order(chunk.order())));
                    }
                }
                if (count < names.length) {
                    break;
                }
            }
            return entries;
        }

        /** That many entries; fewer where the mapping ends before. */
        private ByteBuffer chunk(long at, int entries) throws UnreadableException {
            try {
                return memory.bytes(at, entries * stride);
            } catch (UnreadableException e) {
                if (entries == 1) {
                    throw e;
                }
                return chunk(at, entries / 2);
            }
        }
    }

    /** The value of an exported 64-bit variable. */
    private long exported(String symbol) throws UnreadableException {
        Symbol found = library.symbol(symbol);
        if (found == null) {
            throw new IllegalStateException("libjvm.so does not export " + symbol);
        }
        return memory.word(found.address());
    }
}
