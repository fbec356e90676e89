package io.bpfagent.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The conditions of the machine: processor and kernel. */
final class MachineCheck {

    /** In the order in which they are asked; 6.6 has uprobe_multi, for which the two capabilities are enough. */
    private static final int[] OLDEST = {5, 15};
    private static final int[] WITHOUT_SYS_ADMIN = {6, 6};
    /** From which on a JVM can be handed programs that this command has loaded. */
    private static final int[] WITH_HAND_OVER = {6, 1};
    private static final Pattern RELEASE = Pattern.compile("^(\\d{1,6})\\.(\\d{1,6})");

    private final Path proc;
    private final Path sys;
    private final String processor;
    private final String release;

    /**
     * @param proc where proc is mounted; sys is looked for beside it
     * @param processor as Java calls it
     * @param release of the kernel, as uname says it
     */
    MachineCheck(Path proc, String processor, String release) {
        this.proc = proc;
        this.sys = proc.resolveSibling("sys");
        this.processor = processor;
        this.release = release;
    }

    /** Whether a JVM that may load nothing can be handed programs. */
    boolean canHandOver() {
        return atLeast(WITH_HAND_OVER);
    }

    List<Finding> findings() {
        return List.of(processor(), kernel(), btf(Condition.BTF, sys.resolve("kernel/btf/vmlinux")), unprivileged(),
            lockdown());
    }

    private Finding processor() {
        boolean known = List.of("amd64", "x86_64", "aarch64").contains(processor);
        return Finding.of(Condition.PROCESSOR, known ? Verdict.OK : Verdict.FAILED, processor);
    }

    private Finding kernel() {
        if (!atLeast(OLDEST)) {
            return Finding.of(Condition.KERNEL, Verdict.FAILED, release + ", older than 5.15");
        }
        return atLeast(WITHOUT_SYS_ADMIN) ? Finding.ok(Condition.KERNEL, release)
            : Finding.of(Condition.KERNEL, Verdict.WARNING,
                release + ": before 6.6 HotSpot's probes, and so pauses, need CAP_SYS_ADMIN");
    }

    /** A release that cannot be read is not held against anybody. */
    private boolean atLeast(int[] version) {
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.find()) {
            return true;
        }
        int major = Integer.parseInt(matcher.group(1));
        return major > version[0] || major == version[0] && Integer.parseInt(matcher.group(2)) >= version[1];
    }

    static Finding btf(Condition condition, Path file) {
        boolean readable = Files.isReadable(file) && !Files.isDirectory(file);
        return Finding.of(condition, readable ? Verdict.OK : Verdict.FAILED,
            readable ? "/sys/kernel/btf/vmlinux" : "/sys/kernel/btf/vmlinux is missing or cannot be read");
    }

    /** It says who may load without capabilities; the agent's programs need some in any case. */
    private Finding unprivileged() {
        String value = firstLine(proc.resolve("sys/kernel/unprivileged_bpf_disabled"));
        return Finding.ok(Condition.UNPRIVILEGED_BPF, (value == null ? "not there" : value)
            + ": the agent needs CAP_BPF and CAP_PERFMON in any case");
    }

    private Finding lockdown() {
        String value = firstLine(sys.resolve("kernel/security/lockdown"));
        if (value == null) {
            return Finding.ok(Condition.LOCKDOWN, "not to be seen (no securityfs)");
        }
        String mode = value.replaceFirst(".*\\[(\\w+)].*", "$1");
        return Finding.of(Condition.LOCKDOWN, mode.equals("confidentiality") ? Verdict.FAILED : Verdict.OK, mode);
    }

    /** Null when the file cannot be read. */
    private static String firstLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException none) {
            return null;
        }
    }
}
