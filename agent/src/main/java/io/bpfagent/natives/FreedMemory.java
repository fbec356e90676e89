package io.bpfagent.natives;

/**
 * Gives back to the system what libbpf has freed.
 *
 * <p>For loading, libbpf reads the kernel's types: 30 MB for a moment, and then frees them. glibc keeps freed memory
 * in the arena of the calling thread, of which it has eight for each CPU, and each agent's thread gets another one:
 * 470 MB stayed in a JVM on two CPUs after 50 agents had come and gone. (The first time it does not keep it: large
 * pieces have mappings of their own then, until the first of them is freed.)
 *
 * <p>malloc_trim(3) would lock and walk all of the host's memory, and leave the ends of the arenas as they are. Here
 * pieces are allocated that take the freed memory's place, their pages dropped, and the pieces freed again: nothing
 * but the calling thread's arena is touched, by calls that any thread of the host makes too. It takes a millisecond.
 */
public final class FreedMemory {
    /** As much as loading takes at its peak, and a little more. */
    private static final int PIECES = 160;
    /** Smaller ones would get into holes that are not worth the calls. */
    private static final int PIECE_BYTES = 256 * 1024;

    private FreedMemory() {}

    /** Of the calling thread: the one that has freed it. Never throws for want of memory. */
    public static void giveBack(LibC libC) {
        NativeMemory[] pieces = new NativeMemory[PIECES];
        int taken = 0;
        try {
            int pageBytes = libC.getpagesize();
            while (taken < PIECES) {
                NativeMemory piece = NativeMemory.allocateUntouched(PIECE_BYTES);
                pieces[taken++] = piece;
                long firstPage = piece.address() + pageBytes - 1 & -pageBytes;
                long endPage = piece.address() + PIECE_BYTES & -pageBytes;
                libC.madvise(firstPage, endPage - firstPage, LibC.MADV_DONTNEED);
            }
        } catch (OutOfMemoryError e) {
            // what has been given back so far is that much
        } finally {
            // The last first, so that the arena's end becomes one piece.
            while (taken > 0) {
                pieces[--taken].close();
            }
        }
    }
}
