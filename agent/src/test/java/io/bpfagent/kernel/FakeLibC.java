package io.bpfagent.kernel;

import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/** The calls of libc that this package makes, on a {@link FakeKernel}. */
final class FakeLibC implements LibC {
    static final int PAGE_BYTES = 4096;
    private static final int PERF_TYPE_SOFTWARE = 1;
    private static final int ENOENT = 2;

    private final FakeKernel kernel;
    private final Set<String> lacking = new TreeSet<>();

    FakeLibC(FakeKernel kernel) {
        this.kernel = kernel;
    }

    /** From now on it has no such counter: {@code counter CONFIG of CPU NUMBER}. */
    void lack(String counter) {
        lacking.add(counter);
    }

    @Override
    public int getpid() {
        return 4711;
    }

    @Override
    public long pthread_self() {
        return 0x7000;
    }

    @Override
    public int pthread_sigmask(int how, long set, long old) {
        return kernel.mask(how == SIG_BLOCK);
    }

    @Override
    public long __errno_location() {
        return 0x6f80;
    }

    @Override
    public int getpagesize() {
        return PAGE_BYTES;
    }

    @Override
    public int close(int fd) {
        kernel.close("close", fd);
        return 0;
    }

    @Override
    public long read(int fd, long buf, long count) {
        kernel.use("read", fd);
        return kernel.fails("read") ? -1 : 0;
    }

    @Override
    public long mmap(long addr, long length, int prot, int flags, int fd, long offset) {
        String map = kernel.use("mmap", fd);
        boolean writable = (prot & PROT_WRITE) != 0;
        // kernel/bpf/ringbuf.c, ringbuf_map_mmap_kern
        if (map.endsWith("_records") && writable && (offset != 0 || length != PAGE_BYTES)) {
            throw kernel.violation("mmap of a ring buffer, to be written beyond its first page");
        }
        if (offset % PAGE_BYTES != 0) {
            throw kernel.violation("mmap of " + map + " within a page");
        }
        return kernel.map("mmap", length);
    }

    @Override
    public int munmap(long addr, long length) {
        kernel.unmap("munmap", addr);
        return 0;
    }

    @Override
    public long mremap(long from, long fromLength, long length, int flags, long to) {
        throw kernel.violation("mremap of " + from);
    }

    @Override
    public long syscall(long number, long a, long b, long c) {
        if (number != 324 && number != 283 || a != 1) {
            throw kernel.violation("syscall of " + number);
        }
        return kernel.fails("membarrier") ? -1 : 0;
    }

    @Override
    public int madvise(long addr, long length, int advice) {
        if (advice != MADV_DONTNEED || addr % PAGE_BYTES != 0) {
            throw kernel.violation("madvise of memory that begins within a page, or with other advice");
        }
        return 0;
    }

    @Override
    public long process_vm_readv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount, long flags) {
        throw kernel.violation("process_vm_readv");
    }

    /** On a machine whose processor has no counters. */
    @Override
    public int perf_event_open(long attr, int pid, int cpu, int groupFd, long flags) {
        ByteBuffer fields = NativeMemory.bufferAt(attr, 64);
        if (fields.getInt(4) != 64 || pid != -1 || groupFd != -1 || flags != PERF_FLAG_FD_CLOEXEC) {
            throw kernel.violation("perf_event_open with wrong arguments");
        }
        String call = "perf_event_open";
        String counter = "counter " + fields.getLong(8) + " of CPU " + cpu;
        long fd = fields.getInt(0) == PERF_TYPE_SOFTWARE && !lacking.contains(counter)
                ? kernel.open(call, counter) : kernel.refuse(call, ENOENT);
        return fd == 0 ? -1 : (int) fd;
    }
}
