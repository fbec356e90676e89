package io.bpfagent.natives;

/**
 * The functions of libc that the agent calls, with their C names and order of arguments.
 *
 * <p>Pointers, {@code size_t}, {@code ssize_t} and {@code off_t} are {@code long}. After -1 the
 * calling thread finds the cause in {@link NativeTier#errno()}.
 */
public interface LibC {
    /** -1 as an address is {@code MAP_FAILED}. */
    long MAP_FAILED = -1;

    int PROT_READ = 1;
    int PROT_WRITE = 2;
    int MAP_SHARED = 1;

    int getpid();

    /** The calling thread; on x86_64 its thread pointer. */
    long pthread_self();

    /** Where the calling thread's errno stands. */
    long __errno_location();

    /** Bytes of a page of memory. */
    int getpagesize();

    int close(int fd);

    long read(int fd, long buf, long count);

    long mmap(long addr, long length, int prot, int flags, int fd, long offset);

    int munmap(long addr, long length);

    /** Bytes copied, fewer when a later page is not mapped; -1 when the first is not. */
    long process_vm_readv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount, long flags);
}
