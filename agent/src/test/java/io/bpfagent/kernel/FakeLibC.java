package io.bpfagent.kernel;

import io.bpfagent.natives.LibC;

/** The calls of libc that this package makes, on a {@link FakeKernel}. */
final class FakeLibC implements LibC {
    static final int PAGE_BYTES = 4096;

    private final FakeKernel kernel;

    FakeLibC(FakeKernel kernel) {
        this.kernel = kernel;
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
    public long process_vm_readv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount, long flags) {
        throw kernel.violation("process_vm_readv");
    }
}
