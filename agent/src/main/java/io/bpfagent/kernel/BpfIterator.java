package io.bpfagent.kernel;

import io.bpfagent.natives.NativeMemory;

/** A program attached to what it iterates over, to be run any number of times. Its link belongs to somebody else. */
final class BpfIterator {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final Check check;
    private final Natives natives;
    private final int linkFd;

    /** Makes an exception of a result that is a negative errno. */
    interface Check {
        int checked(int result, String call) throws KernelException;
    }

    BpfIterator(Check check, Natives natives, int linkFd) {
        this.check = check;
        this.natives = natives;
        this.linkFd = linkFd;
    }

    /** Of its link, for who hands it over. */
    int linkFd() {
        return linkFd;
    }

    /** Runs the program over everything, on the calling thread. */
    void run() throws KernelException {
        int fd = natives.libBpf().bpf_iter_create(linkFd);
        check.checked(fd, "bpf_iter_create");
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
            check.checked(-errno, "read");
        }
    }
}
