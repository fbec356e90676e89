package io.bpfagent.cli.doctor;

import io.bpfagent.cli.jvm.ProcStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process may do, as far as /proc says.
 *
 * @param capabilities the bits of CapEff, -1 where it cannot be read
 * @param seccomp 0 none, 1 strict, 2 filtered, -1 where it cannot be read
 * @param initialUserNamespace whether its capabilities are the machine's and not those of a container alone
 */
record Privileges(long capabilities, int seccomp, boolean initialUserNamespace) {

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;
    /** PROC_USER_INIT_INO of the kernel: the same on all machines. */
    private static final String INITIAL = "user:[4026531837]";
    private static final String ALL_IDS = "0 0 4294967295";

    static Privileges of(Path process) {
        Optional<ProcStatus> status = ProcStatus.read(process);
        return new Privileges(status.map(ProcStatus::capabilities).orElse(-1L),
            status.map(ProcStatus::seccomp).orElse(-1), isInitial(process));
    }

    private static boolean isInitial(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/user")).toString().equals(INITIAL);
        } catch (IOException hidden) {
            return hasAllIds(process); // which everybody may read, and only a namespace made by root can have too
        }
    }

    private static boolean hasAllIds(Path process) {
        try {
            String map = Files.readString(process.resolve("uid_map"), StandardCharsets.ISO_8859_1);
            return map.strip().replaceAll("\\s+", " ").equals(ALL_IDS);
        } catch (IOException none) {
            return true; // a kernel without user namespaces
        }
    }

    /** Those that loading needs and that it has not, by name. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (capabilities >= 0 && !has(CAP_SYS_ADMIN)) {
            if (!has(CAP_BPF)) {
                missing.add("CAP_BPF");
            }
            if (!has(CAP_PERFMON)) {
                missing.add("CAP_PERFMON");
            }
        }
        return missing;
    }

    /** Whether it may load programs, as far as capabilities go. */
    boolean mayLoad() {
        return capabilities >= 0 && missing().isEmpty() && initialUserNamespace;
    }

    private boolean has(int capability) {
        return (capabilities >>> capability & 1) != 0;
    }

    /** In words: which are missing, or that those that it has do not count. */
    String inWords() {
        if (capabilities < 0) {
            return "cannot be read";
        }
        String bits = "CapEff=" + Long.toHexString(capabilities);
        if (!initialUserNamespace) {
            return bits + ", in a user namespace, where they do not count for BPF";
        }
        return missing().isEmpty() ? "CAP_BPF and CAP_PERFMON (" + bits + ")"
            : String.join(" and ", missing()) + " missing (" + bits + ")";
    }

    String seccompInWords() {
        return switch (seccomp) {
            case 0 -> "none";
            case 1 -> "strict";
            case 2 -> "filtered";
            default -> "cannot be read";
        };
    }
}
