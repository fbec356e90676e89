package io.bpfagent.kernel;

import io.bpfagent.natives.TrustedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What must be true of kernel and process before anything is loaded, so that the user hears of it in
 * words instead of as an errno.
 *
 * @param release               as uname says it, e.g. {@code 6.18.44}
 * @param effectiveCapabilities the bits of CapEff in /proc/self/status
 * @param userNamespace         whether it is in a user namespace of a container, where they do not count for BPF
 */
record KernelRequirements(String release, long effectiveCapabilities, boolean userNamespace) {
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;
    private static final Path OWN_STATUS = Path.of("/proc/self/status");
    private static final Path USER_NAMESPACE = Path.of("/proc/self/ns/user");
    /** PROC_USER_INIT_INO of the kernel, the same on all machines. */
    private static final String INITIAL_USER_NAMESPACE = "user:[4026531837]";
    private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final Path CLOCK_SOURCE =
            Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    private static final Path REALTIME = Path.of("/sys/kernel/realtime");
    private static final Path CGROUPS = Path.of("/proc/cgroups");
    private static final Path CGROUP_CONTROLLERS = Path.of("/sys/fs/cgroup/cgroup.controllers");
    private static final Path COMPACTION = Path.of("/proc/sys/vm/compact_memory");
    private static final Set<String> STEADY_CLOCKS = Set.of("tsc", "arch_sys_counter");

    /** Of a process that is in no container's user namespace. */
    KernelRequirements(String release, long effectiveCapabilities) {
        this(release, effectiveCapabilities, false);
    }

    /** Those of this process. */
    static KernelRequirements current() {
        return new KernelRequirements(System.getProperty("os.version", ""), capabilities(), inUserNamespace());
    }

    private static boolean inUserNamespace() {
        try {
            return !Files.readSymbolicLink(USER_NAMESPACE).toString().equals(INITIAL_USER_NAMESPACE);
        } catch (IOException | UnsupportedOperationException e) {
            // A kernel without them; without /proc the load itself will tell.
            return false;
        }
    }

    private static long capabilities() {
        try {
            // A process may be called anything, half a UTF-8 character too.
            for (String line : Files.readAllLines(OWN_STATUS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("CapEff:")) {
                    return Long.parseUnsignedLong(line.substring("CapEff:".length()).trim(), 16);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Without /proc nobody can say; the load itself will.
        }
        return -1;
    }

    /** Whether the kernel is at least this version; true when its release cannot be read. */
    boolean atLeast(int major, int minor) {
        int dot = digitsEnd(0);
        int end = digitsEnd(dot + 1);
        if (dot == 0 || dot >= release.length() || release.charAt(dot) != '.' || end == dot + 1) {
            return true;
        }
        int hasMajor = Integer.parseInt(release.substring(0, dot));
        return hasMajor > major
                || hasMajor == major && Integer.parseInt(release.substring(dot + 1, end)) >= minor;
    }

    private int digitsEnd(int begin) {
        int end = begin;
        while (end < release.length() && release.charAt(end) >= '0' && release.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /**
     * Whether the scheduler's clock is the same on all CPUs, so that a time taken on one can be subtracted
     * from a time taken on another: the kernel trusts these clock sources for exactly that.
     */
    boolean hasSteadyClock() {
        try {
            return STEADY_CLOCKS.contains(Files.readString(CLOCK_SOURCE).strip());
        } catch (IOException e) {
            return false;
        }
    }

    /** Why there are none where {@link #hasSafeRing} is false. */
    static final String UNSAFE_RING = "needs Linux 6.12 where the kernel is a realtime one";

    /**
     * Whether a ring buffer may be written to while the scheduler holds its locks. On a realtime kernel its
     * own lock slept until 6.12 (8b62645b09f8).
     */
    boolean hasSafeRing() {
        try {
            return atLeast(6, 12) || !Files.readString(REALTIME).strip().equals("1");
        } catch (IOException e) {
            // Only realtime kernels have that file.
            return true;
        }
    }

    /** Whether cgroups can have a limit of memory of their own, and with that reclaim of their own. */
    boolean hasMemoryCgroups() {
        // Since 6.11 a kernel with version 2 alone does not list it in the first.
        return holds(CGROUPS, "\nmemory\t") || holds(CGROUP_CONTROLLERS, "memory");
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the kernel moves memory together. */
    boolean hasCompaction() {
        return Files.exists(COMPACTION);
    }

    /**
     * Refuses what cannot work.
     *
     * @param btf the file that the user gave in place of the kernel's BTF
     */
    void check(Optional<Path> btf) throws KernelException {
        checkKernel(btf);
        String untrusted = btf.isPresent() ? TrustedPath.problem(btf.get().toString()) : null;
        if (untrusted != null) {
            throw new KernelException("No kernel BTF", " (root reads no file that somebody else could change: "
                    + untrusted
                    + "). Leave btf= out, or make file and directories root's.");
        }
        List<String> missing = missingCapabilities();
        if (!missing.isEmpty()) {
            throw new KernelException("Cannot load BPF programs", ": " + missingText() + ". Run the JVM as root"
                    + " or with the ambient capabilities CAP_BPF and CAP_PERFMON.");
        }
    }

    /**
     * What a process that is not allowed to load programs lacks, in words, when another one can load them for it: the
     * kernel has iterators over one process (6.1) and lets who was handed them run them (5.19).
     *
     * @return null when it lacks nothing, or that would not do
     */
    String missingPrivileges() {
        return atLeast(6, 1) && !missingCapabilities().isEmpty() ? missingText() : null;
    }

    private String missingText() {
        return String.join(" and ", missingCapabilities()) + " missing (CapEff="
                + Long.toHexString(effectiveCapabilities) + ")";
    }

    private void checkKernel(Optional<Path> btf) throws KernelException {
        if (!atLeast(5, 15)) {
            throw new KernelException("Kernel too old", " (" + release + "). bpf-agent needs Linux 5.15 or later.");
        }
        Path types = btf.orElse(KERNEL_BTF);
        if (!Files.isReadable(types) || Files.isDirectory(types)) {
            throw new KernelException("No kernel BTF", " (" + types + " cannot be read). "
                    + (btf.isPresent() ? "Leave btf= out, or name the kernel's own BTF file."
                            : "Run a kernel with CONFIG_DEBUG_INFO_BTF=y; in a container, mount /sys."));
        }
    }

    private List<String> missingCapabilities() {
        List<String> missing = new ArrayList<>(2);
        if (userNamespace) {
            missing.add("CAP_BPF");
            missing.add("CAP_PERFMON outside of its user namespace");
        } else if (!has(CAP_SYS_ADMIN)) {
            if (!has(CAP_BPF)) {
                missing.add("CAP_BPF");
            }
            if (!has(CAP_PERFMON)) {
                missing.add("CAP_PERFMON");
            }
        }
        return missing;
    }

    private boolean has(int capability) {
        return (effectiveCapabilities >>> capability & 1) != 0;
    }
}
