package io.bpfagent.cli.doctor;

import io.bpfagent.cli.control.ProbesFoundDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AttachCheck;
import io.bpfagent.cli.jvm.ProbeSearcher;
import io.bpfagent.cli.jvm.TargetProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at everything that attaching depends on.
 *
 * @param proc where proc is mounted
 * @param release of the kernel
 * @param processor as Java calls it
 * @param attachModule whether this Java has the module jdk.attach
 */
public record Doctor(Path proc, String release, String processor, boolean attachModule, Trial trial,
    ProbeSearcher searcher) {

    /** Of this machine and this Java. */
    public static Doctor ofThisMachine(Path proc, Trial trial, ProbeSearcher searcher) {
        return new Doctor(proc, System.getProperty("os.version", ""), System.getProperty("os.arch", ""),
            ModuleLayer.boot().findModule("jdk.attach").isPresent(), trial, searcher);
    }

    /** Of the machine and the caller alone. */
    public List<Finding> examine() {
        return ofMachineAndCaller(true);
    }

    /** With those of the process of this number, be it there or not. */
    public List<Finding> examine(int pid) {
        List<Finding> findings = new ArrayList<>(ofMachineAndCaller(false));
        Optional<TargetProcess> process = TargetProcess.find(proc, pid);
        if (process.isEmpty()) {
            findings.add(Finding.told(Condition.PROCESS, CliError.ATTACH_NO_PROCESS.phrase(),
                "No process has the number " + pid + "."));
        } else {
            boolean handsOver = machine().canHandOver() && new AttachCheck(proc).isRoot()
                && Privileges.of(proc.resolve("self")).mayLoad();
            findings.addAll(new JvmCheck(proc, this::usdtProbes, handsOver).findings(process.get()));
        }
        return findings;
    }

    private List<Finding> ofMachineAndCaller(boolean alone) {
        List<Finding> findings = new ArrayList<>(machine().findings());
        findings.addAll(new CallerCheck(proc, attachModule, trial, alone).findings());
        return findings;
    }

    private MachineCheck machine() {
        return new MachineCheck(proc, processor, release);
    }

    private int usdtProbes(TargetProcess process) {
        try {
            return ProbesFoundDocument.of(searcher.search(process.procDirectory(), "usdt:libjvm:hotspot:*", 1)).found();
        } catch (IOException | CliException hidden) {
            return -1;
        }
    }
}
