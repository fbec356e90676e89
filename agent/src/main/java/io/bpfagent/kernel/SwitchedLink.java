package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;

/** A program that is attached only while somebody wants what it tells. One thread; closing twice is harmless. */
final class SwitchedLink implements AutoCloseable {
    private final LibBpf libbpf;
    private long link;

    /** @param link never 0 */
    SwitchedLink(LibBpf libbpf, long link) {
        this.libbpf = libbpf;
        this.link = link;
    }

    @Override
    public void close() {
        long closed = link;
        link = 0;
        if (closed != 0) {
            libbpf.bpf_link__destroy(closed);
        }
    }
}
