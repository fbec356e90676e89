package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.UserProbesDocument;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.UserProbesText;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code probe PID VERB}: probes that the user names. */
@Command(name = "probe", header = "Probes that you name yourself: adds, removes, lists and finds them.",
    description = {
        "Each makes a histogram of its own per thread, as the agent's metrics are: in hist, in JMX, in the status.",
        "  usdt:LIBRARY:PROVIDER:NAME        how often; with ..NAME2: from one to the other",
        "  uprobe:LIBRARY:FUNCTION           from entry to return; with ..FUNCTION2: between two",
        "  tp:GROUP:EVENT                    how often, of the kernel; with ..EVENT2: between two",
        "Behind it: arg1>4096 (or <, <=, >=, ==, !=) counts only what is so, value=arg2 makes the histogram one of"
            + " that argument, slow-site=yes takes an instruction that the kernel must single-step (10 us a hit), and"
            + " raw_syscalls, which slows every system call of the machine."},
    synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n",
    footer = {
        "  attach-cli probe 4711 add compile usdt:libjvm:hotspot:method__compile__begin..method__compile__end",
        "  attach-cli probe 4711 add lookups uprobe:libc.so.6:getaddrinfo",
        "  attach-cli probe 4711 add requests tp:block:block_rq_issue",
        "  attach-cli hist 4711 --metric lookups",
        "  attach-cli probe 4711 list",
        "  attach-cli probe 4711 remove lookups",
        "  attach-cli probe 4711 search 'usdt:*gc*'"})
final class ProbeVerb extends JvmVerb {

    /** The agent itself says after 15 s, and again after 15 s, that it could not. */
    private static final long ANSWER_TIMEOUT_MS = 40_000;

    ProbeVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec().commandLine(), "A verb must be given: add, remove, list or search");
    }

    /** The agent's answer: the probes that there are once it is done. */
    String change(Request request) {
        TargetProcess process = process();
        return ask(new ControlClient(process, ANSWER_TIMEOUT_MS), process, request);
    }

    /** Their table. */
    String text(String answer) {
        return UserProbesText.of(title(process()), Documents.read(answer, UserProbesDocument.class),
            environment().clock());
    }
}
