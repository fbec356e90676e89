package io.bpfagent.hotspot;

import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;

/**
 * {@link OwnMemory} by process_vm_readv(2) on the own process, which needs no privilege.
 *
 * <p>One call copies up to 1024 slots (IOV_MAX); it stops at the first bad one, after which another
 * call goes on. 1000 threads are one call.
 */
public final class ProcessVmMemory implements OwnMemory, AutoCloseable {
    private static final int MAX_SLOTS = 1024;
    /** 1024 slots of 64 bytes, or one of 64 KiB. */
    private static final int STAGING_BYTES = 64 * 1024;
    private static final int IOVEC_BYTES = 16;

    private final LibC libc;
    private final int pid;
    private final NativeMemory staging = NativeMemory.allocate(STAGING_BYTES);
    private final NativeMemory iovecs = NativeMemory.allocate((MAX_SLOTS + 1) * (long) IOVEC_BYTES);
    private final ByteBuffer stagingBytes = staging.buffer();
    private final ByteBuffer iovecWords = iovecs.buffer();
    private boolean closed;

    public ProcessVmMemory(LibC libc) {
        this.libc = libc;
        this.pid = libc.getpid();
    }

    @Override
    public void read(long[] addresses, int count, int bytesEach, ByteBuffer into, boolean[] ok) {
        if (bytesEach < 1 || bytesEach > STAGING_BYTES) {
            throw new IllegalArgumentException("bytesEach must be 1.." + STAGING_BYTES + ", bytesEach=" + bytesEach);
        }
        if (closed) {
            throw new IllegalStateException("this memory reader has been closed");
        }
        int perCall = Math.min(MAX_SLOTS, STAGING_BYTES / bytesEach);
        int next = 0;
        while (next < count) {
            int slots = Math.min(perCall, count - next);
            int copied = readSome(addresses, next, slots, bytesEach);
            for (int i = 0; i < copied; i++) {
                ok[next + i] = true;
            }
            into.put(next * bytesEach, stagingBytes, 0, copied * bytesEach);
            next += copied;
            if (copied < slots) {
                ok[next++] = false;
            }
        }
    }

    /** How many whole slots from {@code first} on were copied before one could not be read. */
    private int readSome(long[] addresses, int first, int slots, int bytesEach) {
        iovecWords.putLong(0, staging.address());
        iovecWords.putLong(8, (long) slots * bytesEach);
        for (int i = 0; i < slots; i++) {
            int at = IOVEC_BYTES * (i + 1);
            iovecWords.putLong(at, addresses[first + i]);
            iovecWords.putLong(at + 8, bytesEach);
        }
        long copied = libc.process_vm_readv(
                pid, iovecs.address(), 1, iovecs.address() + IOVEC_BYTES, slots, 0);
        return copied <= 0 ? 0 : (int) (copied / bytesEach);
    }

    /** Frees the buffers; twice is harmless. */
    @Override
    public void close() {
        closed = true;
        iovecs.close();
        staging.close();
    }
}
