package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.NativeMemory;

/** A program attached to what it iterates over, to be run any number of times. Its link belongs to somebody else. */
final class BpfIterator {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final BpfProgram program;
    private final Natives natives;
    private final LibBpf libbpf;
    private final long link;

    BpfIterator(BpfProgram program, Natives natives, long link) {
        this.program = program;
        this.natives = natives;
        this.libbpf = natives.libBpf();
        this.link = link;
    }

    /** Runs the program over everything, on the calling thread. */
    void run() throws KernelException {
        int fd = libbpf.bpf_iter_create(program.checked(libbpf.bpf_link__fd(link), "bpf_link__fd"));
        program.checked(fd, "bpf_iter_create");
        try {
            drain(fd);
        } finally {
            natives.libC().close(fd);
        }
    }

    /** The program prints nothing: read answers 0 when it has seen all. */
    private void drain(int fd) throws KernelException {
        try (NativeMemory buffer = NativeMemory.allocate(64)) {
            long got;
            int errno;
            do {
                got = natives.libC().read(fd, buffer.address(), buffer.size());
                errno = got < 0 ? natives.errno() : 0;
            } while (got > 0 || errno == EAGAIN || errno == EINTR);
            program.checked(-errno, "read");
        }
    }
}
