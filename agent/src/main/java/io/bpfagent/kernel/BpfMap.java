package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.NativeTier;
import java.nio.ByteBuffer;

/** A map of a {@link BpfObject}; the handle is never null and lives as long as the object. */
final class BpfMap {
    private final BpfObject object;
    private final LibBpf libbpf;
    private final String name;
    private final long handle;

    BpfMap(BpfObject object, LibBpf libbpf, String name, long handle) {
        this.object = object;
        this.libbpf = libbpf;
        this.name = name;
        this.handle = handle;
    }

    /** Before loading: how many entries it has. */
    BpfMap entries(int entries) throws KernelException {
        int result = libbpf.bpf_map__set_max_entries(handle(), entries);
        if (result < 0) {
            throw object.failed("Cannot size a map", "bpf_map__set_max_entries of " + name, result);
        }
        return this;
    }

    /** Before loading: how long each of its values is. */
    void valueBytes(int bytes) throws KernelException {
        int result = libbpf.bpf_map__set_value_size(handle(), bytes);
        if (result < 0) {
            throw object.failed("Cannot size a map", "bpf_map__set_value_size of " + name, result);
        }
    }

    /** Before loading: is the same map as one that is loaded. */
    void reuse(BpfMap loaded) throws KernelException {
        int result = libbpf.bpf_map__reuse_fd(handle(), loaded.fd());
        if (result < 0) {
            throw object.failed("Cannot share a map", "bpf_map__reuse_fd of " + name, result);
        }
    }

    /** Before loading: is not made, since no program that will be loaded uses it. */
    void leaveOut() throws KernelException {
        int result = libbpf.bpf_map__set_autocreate(handle(), 0);
        if (result < 0) {
            throw object.failed("Cannot leave out a map", "bpf_map__set_autocreate of " + name, result);
        }
    }

    /**
     * Before loading: what a map of variables begins with, to be written by the caller. After loading: the map itself
     * in this process's memory, valid until the object is closed.
     */
    ByteBuffer initialValue(int expectedBytes) throws KernelException {
        try (NativeMemory size = NativeMemory.allocate(Long.BYTES)) {
            long value = libbpf.bpf_map__initial_value(handle(), size.address());
            if (value == 0) {
                // Without an errno: libbpf sets none here.
                throw new KernelException("Cannot set up a map", ": bpf_map__initial_value of " + name
                        + " says that it has none. Leave libbpf= out, or copy the jar again.");
            }
            long bytes = size.buffer().getLong(0);
            if (bytes != expectedBytes) {
                throw BpfObject.damaged(name + " has " + bytes + " bytes where Java expects " + expectedBytes);
            }
            return NativeMemory.bufferAt(value, bytes);
        }
    }

    /** After loading, of a map of variables: this process cannot write it any more. */
    void mapReadOnly(LibC libc) throws KernelException {
        try (NativeMemory size = NativeMemory.allocate(Long.BYTES)) {
            long address = libbpf.bpf_map__initial_value(handle(), size.address());
            long bytes = size.buffer().getLong(0);
            if (address == 0 || libc.mmap(address, bytes, LibC.PROT_READ, LibC.MAP_SHARED | LibC.MAP_FIXED, fd(), 0)
                    != address) {
                throw object.failed("Cannot make a map read-only", "mmap of " + name, -NativeTier.errno());
            }
        }
    }

    /** After loading: the descriptor, owned by the object. */
    int fd() throws KernelException {
        int fd = libbpf.bpf_map__fd(handle());
        if (fd < 0) {
            throw object.failed("Cannot use a map", "bpf_map__fd of " + name, fd);
        }
        return fd;
    }

    /**
     * After loading, of a map of performance counters: puts in the one of that descriptor, which the map then holds by
     * itself.
     */
    void putCounter(int index, int counterFd) throws KernelException {
        try (NativeMemory words = NativeMemory.allocate(2 * Integer.BYTES)) {
            words.buffer().putInt(0, index).putInt(Integer.BYTES, counterFd);
            int result = libbpf.bpf_map_update_elem(fd(), words.address(), words.address() + Integer.BYTES, 0);
            if (result < 0) {
                throw object.failed("Cannot use a map", "bpf_map_update_elem of " + name, result);
            }
        }
    }

    private long handle() {
        object.object();
        return handle;
    }

    /** How many entries it has; of a ring buffer, bytes. */
    long entries() {
        return Integer.toUnsignedLong(libbpf.bpf_map__max_entries(handle()));
    }

    /** Bytes of the values of all its entries. */
    long bytes() {
        return Integer.toUnsignedLong(libbpf.bpf_map__value_size(handle())) * entries();
    }
}
