package io.bpfagent.kernel;

import io.bpfagent.correlation.Counter;
import io.bpfagent.natives.Errno;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens counters of single CPUs with perf_event_open(2): each counts whatever runs there, from when it is opened until
 * nobody holds it any more. One thread.
 */
final class CounterEvents {
    /** struct perf_event_attr as it was at first, which every kernel takes. */
    private static final int ATTR_BYTES = 64;
    private static final int ATTR_TYPE = 0;
    private static final int ATTR_SIZE = 4;
    private static final int ATTR_CONFIG = 8;
    private static final int ALL_PROCESSES = -1;
    private static final int NO_GROUP = -1;
    private static final int ENOENT = 2;
    private static final int EINVAL = 22;
    private static final int EOPNOTSUPP = 95;
    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");

    private final Natives natives;
    private int errno;

    CounterEvents(Natives natives) {
        this.natives = natives;
    }

    /** A descriptor, to be closed by the caller; negative where there is none: {@link #reason} says why. */
    int open(Counter counter, int cpu) {
        try (NativeMemory attr = NativeMemory.allocate(ATTR_BYTES)) {
            attr.buffer().putInt(ATTR_TYPE, counter.type()).putInt(ATTR_SIZE, ATTR_BYTES)
                    .putLong(ATTR_CONFIG, counter.config());
            int fd = natives.libC().perf_event_open(attr.address(), ALL_PROCESSES, cpu, NO_GROUP,
                    LibC.PERF_FLAG_FD_CLOEXEC);
            errno = fd < 0 ? natives.errno() : 0;
            return fd;
        }
    }

    /** Whether the counter can be had there; opens it and lets it go again. */
    boolean canOpen(Counter counter, int cpu) {
        int fd = open(counter, cpu);
        if (fd >= 0) {
            natives.libC().close(fd);
        }
        return fd >= 0;
    }

    /**
     * Whether the last one could not be opened because there is none on that CPU, not because of something that may
     * pass.
     */
    boolean isLacking() {
        return errno == ENOENT || errno == EINVAL || errno == EOPNOTSUPP;
    }

    /** Why the last one could not be opened. */
    String reason() {
        return reason(errno, paranoid());
    }

    /** @param paranoid what kernel.perf_event_paranoid is, or null */
    static String reason(int errno, String paranoid) {
        String why = switch (errno) {
            case 2, 19 -> "this machine has no such counter, or the hypervisor under it passes none on";
            case 95 -> "this processor cannot count that";
            case 22 -> "this processor does not know that counter";
            case 13 -> "it needs CAP_PERFMON"
                    + (paranoid == null ? "" : " (kernel.perf_event_paranoid is " + paranoid + ")")
                    + ", or a security module forbids it";
            case 1, 38 -> "a container's seccomp profile or the kernel's lockdown forbids it";
            case 16 -> "another process has the processor's counters for itself";
            case 24, 23 -> "too many files are open";
            default -> "";
        };
        return "perf_event_open says " + Errno.name(errno) + (why.isEmpty() ? "" : ": " + why);
    }

    private static String paranoid() {
        try {
            return Files.readString(PARANOID).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
