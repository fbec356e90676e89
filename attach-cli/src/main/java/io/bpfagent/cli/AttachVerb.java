package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AttachCheck;
import io.bpfagent.cli.jvm.JarCarrier;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.StatusText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code attach}: carries the agent's jar into a JVM and waits until the agent is on. */
@Command(name = "attach", header = "Attaches the agent to a JVM and waits until it is on.",
    description = "The verb may be left out. A JVM that has the agent is left as it is.",
    footer = {
        "  attach-cli 4711",
        "  attach-cli attach 4711 interval=500ms,threads=8192",
        "  sudo attach-cli 4711                       a JVM of another user"})
final class AttachVerb extends JvmVerb {

    @Parameters(index = "1", arity = "0..1", paramLabel = "key=value,...", defaultValue = "",
        description = "arguments for the agent, as for -javaagent")
    private String arguments;

    AttachVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws IOException {
        if (!arguments.isEmpty() && !arguments.matches("[A-Za-z][A-Za-z0-9_.-]*=.*")) {
            throw new ParameterException(spec().commandLine(),
                "arguments must be key=value,key=value..., arguments=" + arguments);
        }
        Optional<Present> present = TargetProcess.find(environment().proc(), pid()).flatMap(AttachVerb::present);
        if (present.isPresent()) {
            return alreadyAttached(present.get());
        }
        TargetProcess process = new AttachCheck(environment().proc()).check(pid());
        String answer = attach(process);
        StatusDocument status = Documents.read(answer, StatusDocument.class);
        print(answer, () -> "attached to " + pid() + ": agent " + status.version() + " is " + status.state()
            + ". Next: attach-cli threads " + pid() + "\n" + StatusText.notAttached(status, pid()));
        return 0;
    }

    private String attach(TargetProcess process) throws IOException {
        try (InputStream jar = environment().agentJar().get();
             JarCarrier carrier = JarCarrier.carry(jar, process, this::cutShort)) {
            String all = "jar=" + carrier.pathInTarget() + (arguments.isEmpty() ? "" : "," + arguments);
            environment().attacher().attach(process, carrier.pathInTarget(), all);
            // The jar stays until the agent is up: its loader reads more classes from it until then.
            return new AgentStart(environment(), process, this::tell).await();
        }
    }

    private void cutShort() {
        tell("Ended before the agent was on: JVM " + pid() + " may have it now. Look with: attach-cli status " + pid());
    }

    private int alreadyAttached(Present present) {
        if (present.status.state().equals("failed")) {
            throw CliError.AGENT_FAILED.because(" (it is in JVM " + pid() + " already, state=failed): "
                + present.status.error() + " Remove it with: attach-cli detach " + pid());
        }
        print(present.answer, () -> "already attached to " + pid() + ": agent " + present.status.version() + " is "
            + present.status.state() + "; nothing was changed"
            + (arguments.isEmpty() ? "" : ". Your arguments take effect after: attach-cli detach " + pid()) + "\n");
        return 0;
    }

    /** The agent that is there; one that is off, or a socket that nobody listens to, is none. */
    private static Optional<Present> present(TargetProcess process) {
        try {
            String answer = new ControlClient(process).ask(Request.of("status"));
            StatusDocument status = Documents.read(answer, StatusDocument.class);
            return status.state().equals("off") ? Optional.empty() : Optional.of(new Present(answer, status));
        } catch (CliException none) {
            if (none.error() == CliError.NO_AGENT || none.error() == CliError.REACH_OTHER_USER) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private record Present(String answer, StatusDocument status) {
    }
}
