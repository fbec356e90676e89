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
    int MAP_PRIVATE = 2;
    int MAP_FIXED = 0x10;
    int MAP_ANONYMOUS = 0x20;
    int MAP_NORESERVE = 0x4000;
    int MREMAP_MAYMOVE = 1;
    int MREMAP_FIXED = 2;
    int MADV_DONTNEED = 4;
    int SIG_BLOCK = 0;
    int SIG_SETMASK = 2;

    int getpid();

    /** The calling thread; on x86_64 its thread pointer. */
    long pthread_self();

    /**
     * 0, or an error number. The sets are {@code sigset_t}; {@code old} is written to, and may be 0 as {@code set}
     * may.
     */
    int pthread_sigmask(int how, long set, long old);

    /** Where the calling thread's errno stands. */
    long __errno_location();

    /** Bytes of a page of memory. */
    int getpagesize();

    int close(int fd);

    long read(int fd, long buf, long count);

    long mmap(long addr, long length, int prot, int flags, int fd, long offset);

    int munmap(long addr, long length);

    /** @param to where it is to be, with {@link #MREMAP_FIXED} */
    long mremap(long from, long fromLength, long length, int flags, long to);

    /** A system call that libc has no function for. */
    long syscall(long number, long a, long b, long c);

    int madvise(long addr, long length, int advice);

    /** Bytes copied, fewer when a later page is not mapped; -1 when the first is not. */
    long process_vm_readv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount, long flags);

    /** {@code PERF_FLAG_FD_CLOEXEC}. */
    long PERF_FLAG_FD_CLOEXEC = 8;

    /**
     * A file descriptor of a counter, or -1. The C library has no function of this name: it is called by its number.
     *
     * @param attr a {@code struct perf_event_attr}
     * @param pid  -1: of all processes
     */
    int perf_event_open(long attr, int pid, int cpu, int groupFd, long flags);
}
