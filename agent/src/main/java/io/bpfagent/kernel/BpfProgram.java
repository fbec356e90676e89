package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.NativeTier;
import java.nio.ByteBuffer;

/** A program of a {@link BpfObject}; the handle is never null and lives as long as the object. */
final class BpfProgram {
    /** Layout of struct bpf_prog_info up to recursion_misses (5.12). */
    private static final int INFO_BYTES = 216;
    private static final int INFO_RUN_TIME_NS = 192;
    private static final int INFO_RUN_COUNT = 200;
    private static final int INFO_RECURSION_MISSES = 208;
    /** struct bpf_test_run_opts, libbpf 1.4: nothing of it but its size is used. */
    private static final int TEST_RUN_OPTS_BYTES = 80;
    private static final int EAGAIN = 11;

    private final BpfObject object;
    private final LibBpf libbpf;
    private final String name;
    private final long handle;

    BpfProgram(BpfObject object, LibBpf libbpf, String name, long handle) {
        this.object = object;
        this.libbpf = libbpf;
        this.name = name;
        this.handle = handle;
    }

    String name() {
        return name;
    }

    /** Before loading: whether it is loaded with the object. */
    void autoload(boolean load) throws KernelException {
        int result = libbpf.bpf_program__set_autoload(handle, load ? 1 : 0);
        if (result < 0) {
            throw object.failed("Cannot leave out a program", "bpf_program__set_autoload of " + name, result);
        }
    }

    /** Attaches it to what its section names. */
    void attach() throws KernelException {
        keep(libbpf.bpf_program__attach(handle), "bpf_program__attach");
    }

    /** Attaches it to all sites of a USDT probe, for one process. */
    void attachUsdt(int pid, String library, String provider, String probe) throws KernelException {
        keep(libbpf.bpf_program__attach_usdt(handle, pid, library, provider, probe, 0), "bpf_program__attach_usdt");
    }

    private void keep(long link, String call) throws KernelException {
        if (link == 0) {
            throw object.failed("Cannot attach a probe", call + " of " + name, -NativeTier.errno());
        }
        object.keep(link);
    }

    /** Runs an iterator program over everything it iterates over. */
    void iterate(LibC libc) throws KernelException {
        long link = libbpf.bpf_program__attach_iter(handle, 0);
        if (link == 0) {
            throw object.failed("Cannot run a program", "bpf_program__attach_iter of " + name, -NativeTier.errno());
        }
        try {
            int fd = libbpf.bpf_iter_create(libbpf.bpf_link__fd(link));
            if (fd < 0) {
                throw object.failed("Cannot run a program", "bpf_iter_create of " + name, fd);
            }
            try {
                drain(libc, fd);
            } finally {
                libc.close(fd);
            }
        } finally {
            libbpf.bpf_link__destroy(link);
        }
    }

    /** The program prints nothing: read answers 0 when all tasks have been seen. */
    private void drain(LibC libc, int fd) throws KernelException {
        try (NativeMemory buffer = NativeMemory.allocate(64)) {
            long got;
            do {
                got = libc.read(fd, buffer.address(), buffer.size());
            } while (got > 0 || got < 0 && NativeTier.errno() == EAGAIN);
            if (got < 0) {
                throw object.failed("Cannot run a program", "read of " + name, -NativeTier.errno());
            }
        }
    }

    /** Runs a program of type "syscall" once, on the calling thread. */
    void run() throws KernelException {
        try (NativeMemory options = NativeMemory.allocate(TEST_RUN_OPTS_BYTES)) {
            options.buffer().putLong(0, TEST_RUN_OPTS_BYTES);
            int result = libbpf.bpf_prog_test_run_opts(libbpf.bpf_program__fd(handle), options.address());
            if (result < 0) {
                throw object.failed("Cannot run a program", "bpf_prog_test_run_opts of " + name, result);
            }
        }
    }

    /** The kernel's statistics of this program; zeros when it cannot say. */
    ProgramStatistics statistics() {
        try (NativeMemory info = NativeMemory.allocate(INFO_BYTES);
                NativeMemory length = NativeMemory.allocate(Integer.BYTES)) {
            length.buffer().putInt(0, INFO_BYTES);
            int fd = libbpf.bpf_program__fd(handle);
            if (fd < 0 || libbpf.bpf_prog_get_info_by_fd(fd, info.address(), length.address()) < 0) {
                return ProgramStatistics.NONE;
            }
            ByteBuffer fields = info.buffer();
            return new ProgramStatistics(fields.getLong(INFO_RUN_COUNT), fields.getLong(INFO_RUN_TIME_NS),
                    fields.getLong(INFO_RECURSION_MISSES));
        }
    }
}
