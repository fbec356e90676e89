package io.bpfagent.kernel;

import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link FakeLibBpf} and {@link FakeLibC} have in common: handles that are handed out and taken
 * back, and one call that goes wrong. A handle is its own descriptor. What the real libraries would not
 * survive is an {@link AssertionError} and stays in {@link #violations()}, wherever it is caught.
 */
final class FakeKernel implements AutoCloseable {
    /** EINVAL, for which there is no remedy of its own. */
    static final int ERRNO = 22;

    /** How the chosen call goes wrong. */
    enum Fault {
        /** It says so, as libbpf does. */
        ERRNO,
        /** It never gets as far, or not back. */
        OUT_OF_MEMORY
    }

    private final int faultAt;
    private final Fault fault;
    private final Deque<Long> open = new ArrayDeque<>();
    private final Deque<Long> mapped = new ArrayDeque<>();
    private final Map<Long, String> names = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<NativeMemory> memory = new ArrayList<>();
    private long lastHandle = 0x1000;
    private int opened;
    private int closed;
    private int errno;
    private boolean masked;

    /** @param faultAt the number of the call that goes wrong, from 1 on; 0 for none */
    FakeKernel(int faultAt, Fault fault) {
        this.faultAt = faultAt;
        this.fault = fault;
    }

    /** As this package calls it. */
    Natives natives() {
        return natives(true);
    }

    /** @param hasUprobeMulti whether the kernel is 6.6 or later */
    Natives natives(boolean hasUprobeMulti) {
        return new Natives(new FakeLibBpf(this, hasUprobeMulti), new FakeLibC(this), () -> errno,
                number -> "E" + Math.abs(number));
    }

    /** Notes a call; true when it is to fail, with errno set. */
    boolean fails(String call) {
        calls.add(call);
        errno = 0;
        if (calls.size() != faultAt) {
            return false;
        }
        if (fault == Fault.OUT_OF_MEMORY) {
            throw new OutOfMemoryError(call);
        }
        errno = ERRNO;
        return true;
    }

    /** 0, and the errno for what the kernel does not know, which is no fault. */
    long refuse(String call) {
        fails(call);
        errno = ERRNO;
        return 0;
    }

    /** The same for a reason that the call has of its own. */
    long refuse(String call, int reason) {
        fails(call);
        errno = reason;
        return 0;
    }

    /** The memory that was mapped last. */
    ByteBuffer mappedLast(int bytes) {
        return NativeMemory.bufferAt(mapped.peek(), bytes);
    }

    /** A handle that must be closed, 0 when the call fails. */
    long open(String call, String what) {
        long handle = part(call, what);
        if (handle != 0) {
            open.push(handle);
            opened++;
        }
        return handle;
    }

    /** A handle that goes with the object, 0 when the call fails. */
    long part(String call, String name) {
        if (fails(call)) {
            return 0;
        }
        names.put(++lastHandle, name);
        return lastHandle;
    }

    /** What the handle stands for; it must be one of ours, and the object it belongs to open. */
    String use(String call, long handle) {
        String name = names.get(handle);
        if (name == null || open.isEmpty()) {
            throw violation(call + " of a handle that is null or closed: " + handle);
        }
        return name;
    }

    /** Takes the handle back, which must be the one opened last. */
    void close(String call, long handle) {
        use(call, handle);
        if (open.peek() != handle) {
            throw violation(call + " of " + names.get(handle) + ", but the last was " + names.get(open.peek()));
        }
        open.pop();
        names.remove(handle);
        closed++;
        fails(call);
    }

    /** Memory that must be unmapped, -1 when the call fails. */
    long map(String call, long bytes) {
        if (fails(call)) {
            return -1;
        }
        mapped.push(allocate(bytes));
        opened++;
        return mapped.peek();
    }

    void unmap(String call, long address) {
        if (mapped.isEmpty() || mapped.peek() != address) {
            throw violation(call + " of what is not mapped, or not last: " + address);
        }
        mapped.pop();
        closed++;
        fails(call);
    }

    /** Signals are kept away, or let through again; 0, or an error number. */
    int mask(boolean block) {
        if (block == masked) {
            throw violation("the mask is set twice, or taken back when it was not set");
        }
        masked = false;
        if (fails("pthread_sigmask")) {
            return ERRNO;
        }
        masked = block;
        return 0;
    }

    /** Whether signals are kept away. */
    boolean isMasked() {
        return masked;
    }

    /** C memory that lives as long as the test. */
    long allocate(long bytes) {
        NativeMemory block = NativeMemory.allocate(bytes);
        memory.add(block);
        return block.address();
    }

    AssertionError violation(String what) {
        violations.add(what);
        return new AssertionError(what);
    }

    /** The call that went wrong, null when it was not reached. */
    String faulty() {
        return calls.size() < faultAt ? null : calls.get(faultAt - 1);
    }

    List<String> calls() {
        return calls;
    }

    List<String> violations() {
        return violations;
    }

    int opened() {
        return opened;
    }

    int closed() {
        return closed;
    }

    @Override
    public void close() {
        memory.forEach(NativeMemory::close);
    }
}
