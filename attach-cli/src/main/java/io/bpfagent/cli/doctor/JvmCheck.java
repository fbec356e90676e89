package io.bpfagent.cli.doctor;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AttachCheck;
import io.bpfagent.cli.jvm.Container;
import io.bpfagent.cli.jvm.FlagFinder;
import io.bpfagent.cli.jvm.JavaRelease;
import io.bpfagent.cli.jvm.TargetProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of one JVM: of its process and its user, its flags, its privileges. */
final class JvmCheck {

    /** From which release on the JVM says so when an agent is loaded at run time (JEP 451). */
    private static final int WARNS_FROM = 21;
    /** As many of a container's id as docker ps shows. */
    private static final int ID_SHOWN = 12;

    private final Path proc;
    private final Libraries libraries;
    private final boolean handsOver;

    /** Looks for USDT notes. */
    @FunctionalInterface
    interface Libraries {

        /** How many of HotSpot's probes the JVM has; -1 where its files may not be read. */
        int usdtProbes(TargetProcess process);
    }

    /** @param handsOver whether this command can load the programs for a JVM that may not */
    JvmCheck(Path proc, Libraries libraries, boolean handsOver) {
        this.proc = proc;
        this.libraries = libraries;
        this.handsOver = handsOver;
    }

    /** All of them; those of its process alone where it is no JVM that can be looked at. */
    List<Finding> findings(TargetProcess process) {
        List<Finding> findings = new ArrayList<>();
        findings.add(process(process));
        findings.add(user(process));
        if (findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAILED)) {
            return findings;
        }
        Privileges privileges = Privileges.of(process.procDirectory());
        findings.add(container(process));
        findings.add(Finding.of(Condition.STATE, process.isStopped() ? Verdict.FAILED : Verdict.OK,
            process.isStopped() ? "stopped by a signal or a debugger" : "runs"));
        findings.add(sigquit(process));
        findings.add(flags(process));
        findings.add(dynamicLoading(process));
        findings.add(instrument(process));
        findings.addAll(privileges(privileges));
        findings.add(btf(process, isHanded(privileges)));
        findings.addAll(new RoomCheck(proc).findings(process));
        findings.add(usdt(process));
        findings.add(agent(process));
        return findings;
    }

    private Finding process(TargetProcess process) {
        if (process.threadGroup() != process.pid()) {
            return Finding.told(Condition.PROCESS, CliError.ATTACH_THREAD.phrase(),
                process.pid() + " is a thread of " + process.threadGroup() + ".");
        }
        AttachCheck check = new AttachCheck(proc);
        if (check.isKnownNoJvm(process)) {
            return Finding.of(Condition.PROCESS, Verdict.FAILED, process.program() + " has no libjvm");
        }
        if (process.isOpenJ9()) {
            return Finding.told(Condition.PROCESS, CliError.ATTACH_NOT_HOTSPOT.phrase(),
                "It is OpenJ9. Start it with -javaagent:bpf-agent.jar.");
        }
        return Finding.ok(Condition.PROCESS, "JDK " + process.jdk().orElse("of unknown release"));
    }

    private Finding user(TargetProcess process) {
        try {
            new AttachCheck(proc).checkUser(process);
            return Finding.ok(Condition.USER, "uid " + process.uid() + ", gid " + process.gid()
                + (process.needsItsUser() ? "; asked as that user" : ""));
        } catch (CliException other) {
            return Finding.told(Condition.USER, other.error().phrase(), other.getMessage());
        }
    }

    private static Finding container(TargetProcess process) {
        Container container = process.container();
        if (!container.isAny()) {
            return Finding.ok(Condition.NAMESPACES, "none");
        }
        String id = container.id() == null ? ""
            : container.id().substring(0, Math.min(ID_SHOWN, container.id().length())) + ", ";
        String own = container.namespaces().isEmpty() ? ""
            : String.join(", ", container.namespaces()) + " of its own, ";
        return Finding.ok(Condition.NAMESPACES, id + own + "PID " + container.innerPid() + " inside");
    }

    private static Finding sigquit(TargetProcess process) {
        boolean listens = process.listensAlready();
        boolean handled = listens || process.catchesSigquit();
        return Finding.of(Condition.SIGQUIT, handled ? Verdict.OK : Verdict.FAILED, listens ? "the JVM listens already"
            : handled ? "handled" : "not handled: it would end the process");
    }

    private static Finding flags(TargetProcess process) {
        boolean disabled = AttachCheck.isAttachDisabled(process);
        return Finding.of(Condition.DISABLE_ATTACH, disabled ? Verdict.FAILED : Verdict.OK, disabled ? "on" : "off");
    }

    private static Finding dynamicLoading(TargetProcess process) {
        Optional<Boolean> given = FlagFinder.isSet(process, "EnableDynamicAgentLoading");
        if (given.isPresent()) {
            return Finding.of(Condition.DYNAMIC_LOADING, given.get() ? Verdict.OK : Verdict.FAILED,
                given.get() ? "on" : "off");
        }
        boolean warns = process.jdk().filter(jdk -> release(jdk) >= WARNS_FROM).isPresent();
        return Finding.ok(Condition.DYNAMIC_LOADING, warns
            ? "not given: the JVM prints a warning of its own" : "not given");
    }

    private static int release(String jdk) {
        String digits = jdk.replaceFirst("^(\\d{1,6}).*", "$1");
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
    }

    private static Finding instrument(TargetProcess process) {
        Optional<List<String>> modules = JavaRelease.of(process).flatMap(JavaRelease::modules);
        boolean missing = modules.isPresent() && !modules.get().contains("java.instrument");
        return Finding.of(Condition.INSTRUMENT, missing ? Verdict.FAILED : Verdict.OK,
            missing ? "not in its image" : modules.isPresent() ? "there" : "as a rule there (its image does not say)");
    }

    /** A JVM that may load nothing itself is handed the programs, by root, and then calls bpf(2) no more. */
    private boolean isHanded(Privileges its) {
        return handsOver && its.capabilities() >= 0 && !its.mayLoad();
    }

    private List<Finding> privileges(Privileges its) {
        boolean handed = isHanded(its);
        Finding capabilities = Finding.of(Condition.CAPABILITIES, its.capabilities() < 0 ? Verdict.UNKNOWN
            : handed || its.mayLoad() ? Verdict.OK : Verdict.FAILED,
            its.inWords() + (handed ? ": you hand it the programs" : ""));
        String filtered = its.seccomp() == 2 && !handed ? ": only loading tells whether it allows bpf(2)" : "";
        return List.of(capabilities, Finding.of(Condition.SECCOMP, its.seccomp() == 0 || handed ? Verdict.OK
            : Verdict.UNKNOWN, its.seccompInWords() + filtered));
    }

    /** In a container /sys may be missing. A JVM with capabilities hides its root directory from its own user. */
    private static Finding btf(TargetProcess process, boolean handed) {
        if (handed) {
            return Finding.ok(Condition.JVM_BTF, "you hand it the programs: this machine's is read");
        }
        return Files.isDirectory(process.fileOf("/"))
            ? MachineCheck.btf(Condition.JVM_BTF, process.fileOf("/sys/kernel/btf/vmlinux"))
            : Finding.ok(Condition.JVM_BTF, "as on this machine, as far as can be seen");
    }

    private Finding usdt(TargetProcess process) {
        int probes = libraries.usdtProbes(process);
        if (probes < 0) {
            return Finding.ok(Condition.USDT, "not looked at: its mappings are hidden from you");
        }
        return Finding.of(Condition.USDT, probes > 0 ? Verdict.OK : Verdict.WARNING,
            probes > 0 ? probes + " of HotSpot's in its libjvm" : "none in its libjvm: no pauses");
    }

    private static Finding agent(TargetProcess process) {
        try {
            StatusDocument status = Documents.read(new ControlClient(process).ask(Request.of("status")),
                StatusDocument.class);
            return status.state().equals("failed") ? Finding.of(Condition.AGENT, Verdict.FAILED,
                "failed: " + status.error()) : Finding.ok(Condition.AGENT, "there already, " + status.state());
        } catch (CliException none) {
            boolean off = none.error() == CliError.NO_AGENT;
            return off ? Finding.ok(Condition.AGENT, "none yet")
                : Finding.told(Condition.AGENT, none.error().phrase(), none.getMessage());
        }
    }
}
