package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;

/** A program of a {@link BpfObject}; the handle is never null and lives as long as the object. */
final class BpfProgram implements BpfIterator.Check {
    /** Layout of struct bpf_prog_info up to recursion_misses (5.12). */
    private static final int INFO_BYTES = 216;
    private static final int INFO_RUN_TIME_NS = 192;
    private static final int INFO_RUN_COUNT = 200;
    private static final int INFO_RECURSION_MISSES = 208;
    /** struct bpf_test_run_opts, libbpf 1.4. */
    private static final int TEST_RUN_OPTS_BYTES = 80;
    private static final int TEST_RUN_OPTS_FLAGS = 68;
    private static final int TEST_RUN_OPTS_CPU = 72;
    private static final int BPF_F_TEST_RUN_ON_CPU = 1;
    private static final int EPERM = 1;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    /** struct bpf_iter_attach_opts, libbpf 1.4, behind which stands a union bpf_iter_link_info. */
    private static final int ITER_OPTS_BYTES = 24;
    private static final int ITER_OPTS_INFO = 8;
    private static final int ITER_OPTS_INFO_LENGTH = 16;
    private static final int MAP_INFO_BYTES = 4;
    private static final int TASK_INFO_BYTES = 12;
    private static final int TASK_INFO_PID = 4;
    /** What a kernel says to a kind of link that it does not know. */
    private static final int EINVAL = 22;

    private final BpfObject object;
    private final Natives natives;
    private final LibBpf libbpf;
    private final String name;
    private final long handle;

    BpfProgram(BpfObject object, Natives natives, String name, long handle) {
        this.object = object;
        this.natives = natives;
        this.libbpf = natives.libBpf();
        this.name = name;
        this.handle = handle;
    }

    String name() {
        return name;
    }

    /** Before loading: whether it is loaded with the object. */
    void autoload(boolean load) throws KernelException {
        int result = libbpf.bpf_program__set_autoload(handle(), load ? 1 : 0);
        if (result < 0) {
            throw object.failed("Cannot leave out a program", "bpf_program__set_autoload of " + name, result);
        }
    }

    /** Attaches it to what its section names. */
    void attach() throws KernelException {
        object.expectLinks(1);
        keep(libbpf.bpf_program__attach(handle()), "bpf_program__attach");
    }

    /** Attaches it for as long as the caller wants, who closes it before the object. */
    SwitchedLink attachForAWhile() throws KernelException {
        long link = libbpf.bpf_program__attach(handle());
        if (link == 0) {
            throw object.failed("Cannot attach a probe", "bpf_program__attach of " + name, -natives.errno());
        }
        return new SwitchedLink(libbpf, link);
    }

    /**
     * Attaches it to all sites, for one process, or to none: by one link, or where the kernel has no
     * uprobe_multi (it came with 6.6) by one for each site, of the older perf-event kind.
     *
     * @return whether the kernel has uprobe_multi
     */
    boolean attachUprobes(int pid, String file, UprobeSites sites) throws KernelException {
        int before = object.expectLinks(sites.count());
        long link = libbpf.bpf_program__attach_uprobe_multi(handle(), pid, file, 0, sites.multiOptions());
        if (link != 0) {
            object.keepUprobes(link);
            return true;
        }
        int errno = natives.errno();
        if (errno != EINVAL) {
            throw object.failed("Cannot attach a probe", "bpf_program__attach_uprobe_multi of " + name, -errno);
        }
        try {
            for (int i = 0; i < sites.count(); i++) {
                keepUprobe(libbpf.bpf_program__attach_uprobe_opts(handle(), pid, file, sites.offset(i),
                        sites.options(i)));
            }
            return false;
        } catch (KernelException | RuntimeException | Error e) {
            object.detachTo(before);
            throw e;
        }
    }

    private void keepUprobe(long link) throws KernelException {
        int errno = link == 0 ? natives.errno() : 0;
        String call = "bpf_program__attach_uprobe_opts";
        if (errno == EPERM || errno == EACCES) {
            // what the kernel asks for since the fix of CVE-2025-38466
            throw object.failed("Cannot attach a probe", call + " of " + name, -errno,
                    "Without uprobe_multi (Linux 6.6) probes of the JVM's own functions need CAP_SYS_ADMIN.");
        }
        keep(link, call);
    }

    private void keep(long link, String call) throws KernelException {
        if (link == 0) {
            throw object.failed("Cannot attach a probe", call + " of " + name, -natives.errno());
        }
        object.keep(link);
    }

    /** Attaches it to a tracepoint of the kernel, by the event's name. */
    void attachTracepoint(String event) throws KernelException {
        object.expectLinks(1);
        keep(libbpf.bpf_program__attach_raw_tracepoint(handle(), event),
                "bpf_program__attach_raw_tracepoint to " + event);
    }

    /** Runs an iterator program over everything it iterates over. */
    void iterate() throws KernelException {
        iterate(0);
    }

    /** Runs one that iterates over the tasks of one process, or their files; since Linux 6.1. */
    void iterateTasksOf(int pid) throws KernelException {
        try (NativeMemory options = NativeMemory.allocate(ITER_OPTS_BYTES + TASK_INFO_BYTES)) {
            options.buffer().putInt(ITER_OPTS_BYTES + TASK_INFO_PID, pid);
            iterate(iterOptions(options, TASK_INFO_BYTES));
        }
    }

    private void iterate(long options) throws KernelException {
        long link = attachIter(options);
        try {
            new BpfIterator(this, natives, linkFd(link)).run();
        } finally {
            libbpf.bpf_link__destroy(link);
        }
    }

    /** Attaches one that iterates over what a map holds; the link goes with the object. */
    BpfIterator iterator(BpfMap map) throws KernelException {
        try (NativeMemory options = NativeMemory.allocate(ITER_OPTS_BYTES + MAP_INFO_BYTES)) {
            options.buffer().putInt(ITER_OPTS_BYTES, map.fd());
            object.expectLinks(1);
            long link = attachIter(iterOptions(options, MAP_INFO_BYTES));
            object.keep(link);
            return new BpfIterator(this, natives, linkFd(link));
        }
    }

    private int linkFd(long link) throws KernelException {
        return checked(libbpf.bpf_link__fd(link), "bpf_link__fd");
    }

    private static long iterOptions(NativeMemory options, int infoBytes) {
        options.buffer().putLong(0, ITER_OPTS_BYTES).putLong(ITER_OPTS_INFO, options.address() + ITER_OPTS_BYTES)
                .putInt(ITER_OPTS_INFO_LENGTH, infoBytes);
        return options.address();
    }

    private long attachIter(long options) throws KernelException {
        long link = libbpf.bpf_program__attach_iter(handle(), options);
        if (link == 0) {
            throw notRun("bpf_program__attach_iter", -natives.errno());
        }
        return link;
    }

    /** Runs a program of type "syscall" once, on the calling thread. */
    void run() throws KernelException {
        try (NativeMemory options = NativeMemory.allocate(TEST_RUN_OPTS_BYTES)) {
            options.buffer().putLong(0, TEST_RUN_OPTS_BYTES);
            int fd = checked(libbpf.bpf_program__fd(handle()), "bpf_program__fd");
            checked(libbpf.bpf_prog_test_run_opts(fd, options.address()), "bpf_prog_test_run_opts");
        }
    }

    /** Runs a program of type "raw_tp" once on that CPU, which is interrupted for it. False if the CPU is offline. */
    boolean runOn(int cpu) throws KernelException {
        try (NativeMemory options = NativeMemory.allocate(TEST_RUN_OPTS_BYTES)) {
            options.buffer().putLong(0, TEST_RUN_OPTS_BYTES).putInt(TEST_RUN_OPTS_FLAGS, BPF_F_TEST_RUN_ON_CPU)
                    .putInt(TEST_RUN_OPTS_CPU, cpu);
            int fd = checked(libbpf.bpf_program__fd(handle()), "bpf_program__fd");
            int result = libbpf.bpf_prog_test_run_opts(fd, options.address());
            return result != -ENXIO && checked(result, "bpf_prog_test_run_opts") >= 0;
        }
    }

    @Override
    public int checked(int result, String call) throws KernelException {
        if (result < 0) {
            throw notRun(call, result);
        }
        return result;
    }

    private KernelException notRun(String call, int result) {
        return object.failed("Cannot run a program", call + " of " + name, result);
    }

    private long handle() {
        object.object();
        return handle;
    }

    /** The kernel's statistics of this program; zeros when it cannot say. */
    ProgramStatistics statistics() {
        try (NativeMemory info = NativeMemory.allocate(INFO_BYTES);
                NativeMemory length = NativeMemory.allocate(Integer.BYTES)) {
            length.buffer().putInt(0, INFO_BYTES);
            int fd = libbpf.bpf_program__fd(handle());
            if (fd < 0 || libbpf.bpf_prog_get_info_by_fd(fd, info.address(), length.address()) < 0) {
                return ProgramStatistics.NONE;
            }
            ByteBuffer fields = info.buffer();
            return new ProgramStatistics(fields.getLong(INFO_RUN_COUNT), fields.getLong(INFO_RUN_TIME_NS),
                    fields.getLong(INFO_RECURSION_MISSES));
        }
    }
}
