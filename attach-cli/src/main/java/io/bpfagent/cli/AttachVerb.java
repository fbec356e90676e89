package io.bpfagent.cli;

import io.bpfagent.cli.control.ArgumentsDocument;
import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AttachCheck;
import io.bpfagent.cli.jvm.HandOver;
import io.bpfagent.cli.jvm.JarCarrier;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.SafeText;
import io.bpfagent.cli.text.StatusText;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code attach}: carries the agent's jar into a JVM and waits until the agent is on. */
@Command(name = "attach", header = "Attaches the agent to a JVM and waits until it is on.",
    description = {"The verb may be left out. A JVM that has the agent is left as it is; it is an error when it has"
            + " other"
        + " arguments than these.",
        "Run by root, it also loads the BPF programs for a JVM that may not load them"
        + " itself, and hands them to it."},
    footer = {
        "  attach-cli 4711",
        "  attach-cli attach 4711 interval=500ms,threads=8192",
        "  sudo attach-cli 4711                       a JVM of another user"})
final class AttachVerb extends JvmVerb {

    @Parameters(index = "1", arity = "0..1", paramLabel = "key=value,...", defaultValue = "",
        description = "arguments for the agent, as for -javaagent")
    private String arguments;

    private final HandOver handOver;

    AttachVerb(Environment environment, HandOver handOver) {
        super(environment);
        this.handOver = handOver;
    }

    @Override
    public Integer call() throws IOException {
        if (!arguments.isEmpty() && !arguments.matches("[A-Za-z][A-Za-z0-9_.-]*=.*")) {
            throw new ParameterException(spec().commandLine(),
                "arguments must be key=value,key=value..., arguments=" + arguments);
        }
        Optional<Present> present = TargetProcess.find(environment().proc(), pid()).flatMap(AttachVerb::present);
        if (present.isPresent()) {
            return present.get().isWaiting() ? completeEarlier(present.get()) : alreadyAttached(present.get(), "");
        }
        TargetProcess process = new AttachCheck(environment().proc()).check(pid());
        String[] loaded = new String[1];
        String answer = attach(process, loaded);
        Present now = new Present(process, answer, Documents.read(answer, StatusDocument.class));
        if (!AgentStart.isOurs(now.status, loaded[0])) {
            return now.isWaiting() ? completeEarlier(now)
                : alreadyAttached(now, ", by another attach at the same time");
        }
        return attached(complete(process, loaded[0], answer));
    }

    private int attached(String answer) {
        StatusDocument status = Documents.read(answer, StatusDocument.class);
        print(answer, () -> "attached to " + pid() + ": " + agent(status) + ". Next: attach-cli threads " + pid() + "\n"
            + StatusText.notAttached(status, pid()));
        return 0;
    }

    /** {@code agent 0.1.0 is on}: the words are the JVM's. */
    private static String agent(StatusDocument status) {
        return SafeText.of("agent " + status.version() + " is " + status.state());
    }

    /** @param loaded gets the jar's path in the JVM */
    private String attach(TargetProcess process, String[] loaded) throws IOException {
        try (InputStream jar = environment().agentJar().get();
             JarCarrier carrier = JarCarrier.carry(jar, process, this::cutShort)) {
            loaded[0] = carrier.pathInTarget();
            String all = "jar=" + carrier.pathInTarget() + (arguments.isEmpty() ? "" : "," + arguments);
            environment().attacher().attach(process, carrier.pathInTarget(), all);
            // The jar stays until the agent is up: its loader reads more classes from it until then.
            return new AgentStart(environment(), process, loaded[0], this::tell).awaitOnOrWaiting();
        }
    }

    /** Hands programs to an agent that waits for them; the answer of one that is on. */
    private String complete(TargetProcess process, String jar, String answer) throws IOException {
        StatusDocument status = Documents.read(answer, StatusDocument.class);
        if (!status.state().equals("waiting")) {
            return answer;
        }
        if (!new AttachCheck(environment().proc()).isRoot()) {
            throw CliError.AGENT_WAITS.because(": it is in JVM " + pid() + ", which may not load BPF programs itself."
                + " Complete it with: sudo attach-cli " + pid());
        }
        ControlClient client = new ControlClient(process, environment().startTimeoutMs());
        Optional<String> problem = handOver.give(process, arguments, () -> client.ask(Request.of("handover")));
        if (problem.isPresent()) {
            throw CliError.HAND_OVER.because(" (the agent in JVM " + pid() + " goes on waiting): " + problem.get());
        }
        return new AgentStart(environment(), process, jar, this::tell).await();
    }

    private void cutShort() {
        tell("Ended before the agent was on: JVM " + pid() + " may have it now. Look with: attach-cli status " + pid());
    }

    private int completeEarlier(Present present) throws IOException {
        // What root's own process loads is root's to say, and no argument of the agent's.
        String others = Stream.of(arguments.split(","))
            .filter(argument -> !argument.matches("\\s*(libbpf|tmpdir|btf)=.*"))
            .collect(Collectors.joining(","));
        if (!others.isEmpty()) {
            refuseOthers(present.process, others);
        }
        // Nothing is loaded into it any more: what it forbids to attach does not matter.
        return attached(complete(present.process, present.status.jar(), present.answer));
    }

    /** @param how it came to be there, if it was not before */
    private int alreadyAttached(Present present, String how) {
        if (present.status.state().equals("failed")) {
            throw CliError.AGENT_FAILED.because(" (it is in JVM " + pid() + " already, state=failed): "
                + present.status.error() + " Remove it with: attach-cli detach " + pid());
        }
        if (!arguments.isEmpty()) {
            refuseOthers(present.process, arguments);
        }
        print(present.answer, () -> "already attached to " + pid() + how + ": " + agent(present.status)
            + (arguments.isEmpty() ? "" : " with these arguments") + "; nothing was changed\n");
        return 0;
    }

    /** Who asks for arguments counts on them: an agent with others is not what was asked for. */
    private void refuseOthers(TargetProcess process, String wanted) {
        String answer = new ControlClient(process).ask(Request.compare(wanted));
        List<String> differing = Documents.read(answer, ArgumentsDocument.class).differing();
        if (!differing.isEmpty()) {
            throw CliError.OTHER_ARGUMENTS.because(" (in JVM " + pid() + ": " + String.join("; ", differing)
                + "). Nothing was changed. To have yours, with numbers that begin anew: attach-cli detach " + pid()
                + ", then attach again");
        }
    }

    /** The agent that is there; one that is off, or a socket that nobody listens to, is none. */
    private static Optional<Present> present(TargetProcess process) {
        try {
            String answer = new ControlClient(process).ask(Request.of("status"));
            StatusDocument status = Documents.read(answer, StatusDocument.class);
            return status.state().equals("off") ? Optional.empty() : Optional.of(new Present(process, answer, status));
        } catch (CliException none) {
            if (none.error() == CliError.NO_AGENT || none.error() == CliError.REACH_OTHER_USER) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private record Present(TargetProcess process, String answer, StatusDocument status) {

        boolean isWaiting() {
            return status.state().equals("waiting");
        }
    }
}
