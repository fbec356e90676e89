package io.bpfagent.natives;

import static io.bpfagent.natives.NativeCalls.call;

import com.kenai.jffi.Library;

/** {@link LibC} in the C library that the JVM itself runs on. */
final class JffiLibC implements LibC {
    private final long getpid;
    private final long pthreadSelf;
    private final long pthreadSigmask;
    private final long errnoLocation;
    private final long getpagesize;
    private final long close;
    private final long read;
    private final long mmap;
    private final long munmap;
    private final long mremap;
    private final long madvise;
    private final long syscall;
    private final long processVmReadv;

    JffiLibC() throws NativeTierException {
        Library process = Library.getDefault();
        getpid = NativeCalls.function(process, "getpid");
        pthreadSelf = NativeCalls.function(process, "pthread_self");
        pthreadSigmask = NativeCalls.function(process, "pthread_sigmask");
        errnoLocation = NativeCalls.function(process, "__errno_location");
        getpagesize = NativeCalls.function(process, "getpagesize");
        close = NativeCalls.function(process, "close");
        read = NativeCalls.function(process, "read");
        mmap = NativeCalls.function(process, "mmap");
        mremap = NativeCalls.function(process, "mremap");
        munmap = NativeCalls.function(process, "munmap");
        madvise = NativeCalls.function(process, "madvise");
        syscall = NativeCalls.function(process, "syscall");
        processVmReadv = NativeCalls.function(process, "process_vm_readv");
    }

    @Override
    public int getpid() {
        return (int) call(getpid);
    }

    @Override
    public long pthread_self() {
        return call(pthreadSelf);
    }

    @Override
    public int pthread_sigmask(int how, long set, long old) {
        return (int) call(pthreadSigmask, how, set, old);
    }

    @Override
    public long __errno_location() {
        return call(errnoLocation);
    }

    @Override
    public int getpagesize() {
        return (int) call(getpagesize);
    }

    @Override
    public int close(int fd) {
        return (int) call(close, fd);
    }

    @Override
    public long read(int fd, long buf, long count) {
        return call(read, fd, buf, count);
    }

    @Override
    public long mmap(long addr, long length, int prot, int flags, int fd, long offset) {
        return call(mmap, addr, length, prot, flags, fd, offset);
    }

    @Override
    public int munmap(long addr, long length) {
        return (int) call(munmap, addr, length);
    }

    @Override
    public long mremap(long from, long fromLength, long length, int flags, long to) {
        return call(mremap, from, fromLength, length, flags, to);
    }

    @Override
    public long syscall(long number, long a, long b, long c) {
        return call(syscall, number, a, b, c);
    }

    @Override
    public int madvise(long addr, long length, int advice) {
        return (int) call(madvise, addr, length, advice);
    }

    @Override
    public long process_vm_readv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount, long flags) {
        return call(processVmReadv, pid, localIov, localCount, remoteIov, remoteCount, flags);
    }

    @Override
    public int perf_event_open(long attr, int pid, int cpu, int groupFd, long flags) {
        // Of the two processors that there is a native part for.
        long number = System.getProperty("os.arch", "").equals("aarch64") ? 241 : 298;
        return (int) call(syscall, number, attr, pid, cpu, groupFd, flags);
    }
}
