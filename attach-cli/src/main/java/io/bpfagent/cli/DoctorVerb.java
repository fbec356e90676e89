package io.bpfagent.cli;

import io.bpfagent.cli.control.DoctorDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.doctor.AgentTrial;
import io.bpfagent.cli.doctor.Doctor;
import io.bpfagent.cli.doctor.Finding;
import io.bpfagent.cli.jvm.AgentProbeSearcher;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.DoctorText;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code doctor}: whether attaching will work, condition by condition. */
@Command(name = "doctor", header = "Looks at everything that attaching depends on, and says what to do.",
    description = "Sends nothing to the JVM. Opens the agent's libraries and, where you may, loads its programs in this"
        + " process, by way of trial. Without a PID: the machine and you.",
    footer = {
        "  attach-cli doctor",
        "  attach-cli doctor 4711",
        "  sudo attach-cli doctor 4711 --format json | jq '.conditions[] | select(.verdict != \"ok\")'",
        "%nExit code: 0 attaching will work, 1 it will not or that cannot be told, 2 wrong usage."})
final class DoctorVerb extends Verb {

    @Parameters(index = "0", arity = "0..1", paramLabel = "PID", converter = PidConverter.class,
        description = "the JVM's process id, as 'attach-cli list' shows it, or a part of its name there")
    private String target;

    DoctorVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        DoctorDocument document = target == null ? DoctorDocument.of(null, null, doctor().examine())
            : examine(PidConverter.pid(environment(), target));
        print(Documents.write(document), () -> DoctorText.of(document));
        return Boolean.TRUE.equals(document.works()) ? 0 : 1;
    }

    private DoctorDocument examine(int pid) {
        List<Finding> findings = doctor().examine(pid);
        String name = TargetProcess.find(environment().proc(), pid).filter(TargetProcess::isJvm)
            .map(TargetProcess::name).orElse(null);
        return DoctorDocument.of(pid, name, findings);
    }

    private Doctor doctor() {
        return Doctor.ofThisMachine(environment().proc(), new AgentTrial(environment().agentJar()),
            new AgentProbeSearcher(environment().agentJar()));
    }
}
