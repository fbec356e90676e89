package io.bpfagent.natives;

/**
 * A range of addresses that stays valid for the JVM's life, for memory that threads of the host write to: one of them
 * may be in the middle of that when the agent goes.
 *
 * <p>While an agent is there a map of the kernel's stands in it, afterwards memory that nobody reads, of which only
 * those pages exist that somebody still writes to. The next agent that wants as much, or less, gets the same range.
 *
 * <p>Assumptions: one agent at a time. Guarantees: putting something else in takes nothing away in between; the kernel
 * does both in one. What can fail is done elsewhere first: a map that is refused does not touch the range.
 */
public final class StayingMemory {
    private static final int READ_WRITE = LibC.PROT_READ | LibC.PROT_WRITE;

    private static final int PUT = LibC.MREMAP_MAYMOVE | LibC.MREMAP_FIXED;
    /** How often the kernel is asked for memory that it had none for. */
    private static final int TRIES = 3;

    /** The largest range there was. */
    private static long address;
    private static long bytes;

    private StayingMemory() {
    }

    /** Maps what a descriptor stands for, to be read and written; its address, or {@link LibC#MAP_FAILED}. */
    public static synchronized long map(LibC libC, int fd, long length) {
        long mapped = libC.mmap(0, length, READ_WRITE, LibC.MAP_SHARED, fd, 0);
        if (mapped == LibC.MAP_FAILED || mapped == 0) {
            return mapped;
        }
        if (length > bytes) {
            // The range before stays too, empty.
            address = mapped;
            bytes = length;
            return mapped;
        }
        long put = libC.mremap(mapped, length, length, PUT, address);
        if (put == LibC.MAP_FAILED) {
            // It may have taken away what stood there.
            leave(libC);
            libC.munmap(mapped, length);
        }
        return put;
    }

    /** Puts memory that nobody reads in the place of what was mapped last. */
    public static synchronized void leave(LibC libC) {
        long left = bytes == 0 ? 0 : LibC.MAP_FAILED;
        for (int i = 0; i < TRIES && left == LibC.MAP_FAILED; i++) {
            left = libC.mmap(address, bytes, READ_WRITE,
                    LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE | LibC.MAP_FIXED, -1, 0);
        }
    }
}
