package io.bpfagent.kernel;

import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.natives.LibC;
import java.nio.ByteBuffer;

/**
 * A BPF ring buffer in this process's memory: a page to say how far has been read, one that says how far
 * has been written, then the data. The kernel offers the data twice in a row, so that no record is broken
 * at the end; it is mapped once, since every page mapped is resident, and only when there is something to
 * be read. Source: kernel/bpf/ringbuf.c.
 */
final class MappedRing implements RingMemory {
    private final MappedMaps maps;
    private final String name;
    private final int fd;
    private final int dataBytes;
    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private ByteBuffer data;

    MappedRing(MappedMaps maps, String name, int fd, int dataBytes) throws KernelException {
        this.maps = maps;
        this.name = name;
        this.fd = fd;
        this.dataBytes = dataBytes;
        int page = maps.pageBytes();
        this.consumer = maps.map(name, fd, 0, page, LibC.PROT_READ | LibC.PROT_WRITE);
        this.producer = maps.map(name, fd, page, page, LibC.PROT_READ);
    }

    @Override
    public ByteBuffer consumer() {
        return consumer;
    }

    @Override
    public ByteBuffer producer() {
        return producer;
    }

    @Override
    public ByteBuffer data() {
        if (data == null) {
            data = maps.mapLater(name, fd, 2L * maps.pageBytes(), dataBytes);
        }
        return data;
    }

    @Override
    public int dataBytes() {
        return dataBytes;
    }
}
