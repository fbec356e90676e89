package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A 64-bit ELF library as it is mapped into this process: its exported symbols and its TLS segment.
 *
 * <p>Read from memory and not from the file, so that a JVM whose package was upgraded or removed under
 * it is read all the same. Source: the ELF gABI and glibc's DT_GNU_HASH.
 */
final class MappedElf {
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_TLS = 7;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final long DT_STRTAB = 5;
    private static final long DT_SYMTAB = 6;
    private static final long DT_GNU_HASH = 0x6ffffef5L;
    private static final int SYMBOL_BYTES = 24;
    /** Longer than any hash chain of a library; keeps a broken table from being followed for ever. */
    private static final int MAX_CHAIN = 4096;

    private final MemoryReader memory;
    /** What is added to the file's virtual addresses. */
    private final long bias;
    private long tlsBytes;
    private long stringTable;
    private long symbolTable;
    private long hashTable;

    /** @param base where the library's first page is mapped */
    MappedElf(OwnMemory memory, long base) throws UnreadableException {
        this.memory = new MemoryReader(memory);
        ByteBuffer header = this.memory.bytes(base, 64);
        int programHeaders = header.getShort(56) & 0xffff;
        ByteBuffer headers = this.memory.bytes(base + header.getLong(32),
                Math.max(1, programHeaders) * PROGRAM_HEADER_BYTES);
        long firstLoad = -1;
        long dynamic = 0;
        long dynamicBytes = 0;
        for (int at = 0; at < headers.capacity(); at += PROGRAM_HEADER_BYTES) {
            int type = headers.getInt(at);
            long virtualAddress = headers.getLong(at + 16);
            long memoryBytes = headers.getLong(at + 40);
            if (type == PT_LOAD && firstLoad < 0) {
                firstLoad = virtualAddress & -4096L;
            } else if (type == PT_DYNAMIC) {
                dynamic = virtualAddress;
                dynamicBytes = memoryBytes;
            } else if (type == PT_TLS) {
                tlsBytes = memoryBytes;
            }
        }
        this.bias = base - Math.max(0, firstLoad);
        if (dynamic != 0) {
            readDynamic(this.memory.bytes(bias + dynamic, (int) Math.min(dynamicBytes, 16 * 1024)));
        }
    }

    private void readDynamic(ByteBuffer dynamic) {
        for (int at = 0; at + 16 <= dynamic.capacity() && dynamic.getLong(at) != 0; at += 16) {
            long tag = dynamic.getLong(at);
            long value = dynamic.getLong(at + 8);
            // glibc has turned these into addresses, musl leaves them as they stand in the file
            long address = Long.compareUnsigned(value, bias) < 0 ? bias + value : value;
            if (tag == DT_STRTAB) {
                stringTable = address;
            } else if (tag == DT_SYMTAB) {
                symbolTable = address;
            } else if (tag == DT_GNU_HASH) {
                hashTable = address;
            }
        }
    }

    /** Bytes of the thread-local segment, 0 when there is none. */
    long tlsBytes() {
        return tlsBytes;
    }

    /** The address in this process of what has this virtual address in the file. */
    long addressOf(long virtualAddress) {
        return bias + virtualAddress;
    }

    /** An exported symbol: where it is in this process, and its size. */
    record Symbol(long address, long bytes) {}

    /** The exported symbol of that name, or null. */
    Symbol symbol(String name) throws UnreadableException {
        if (hashTable == 0 || symbolTable == 0 || stringTable == 0) {
            return null;
        }
        ByteBuffer header = memory.bytes(hashTable, 16);
        int buckets = header.getInt(0);
        int firstHashed = header.getInt(4);
        int bloomWords = header.getInt(8);
        long bucketsAt = hashTable + 16 + 8L * bloomWords;
        long chainsAt = bucketsAt + 4L * buckets;
        int hash = hash(name);
        int index = buckets == 0 ? 0 : memory.int32(bucketsAt + 4L * Integer.remainderUnsigned(hash, buckets));
        for (int steps = 0; index >= firstHashed && index > 0 && steps < MAX_CHAIN; index++, steps++) {
            int chained = memory.int32(chainsAt + 4L * (index - firstHashed));
            if ((chained | 1) == (hash | 1)) {
                ByteBuffer symbol = memory.bytes(symbolTable + (long) SYMBOL_BYTES * index, SYMBOL_BYTES);
                long nameAt = stringTable + (symbol.getInt(0) & 0xffffffffL);
                if (symbol.getShort(6) != 0 && isText(nameAt, name)) {
                    return new Symbol(bias + symbol.getLong(8), symbol.getLong(16));
                }
            }
            if ((chained & 1) != 0) {
                return null;
            }
        }
        return null;
    }

    private boolean isText(long at, String text) throws UnreadableException {
        byte[] wanted = (text + '\0').getBytes(StandardCharsets.ISO_8859_1);
        return memory.bytes(at, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /** The hash function of DT_GNU_HASH. */
    private static int hash(String name) {
        int hash = 5381;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 33 + name.charAt(i);
        }
        return hash;
    }
}
