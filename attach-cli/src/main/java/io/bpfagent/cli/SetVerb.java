package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.jvm.TargetProcess;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code set}: changes arguments while the agent is there. */
@Command(name = "set", header = "Changes the agent's arguments while it is there: all that are given, or none.",
    customSynopsis = "attach-cli set [OPTIONS] PID KEY=VALUE...",
    description = {
        "KEY: interval, metrics, pause-threshold, log, slow, slow.METRIC, stacks, max-cost, trace, requests,"
                + " virtual, with"
            + " the rules that hold at the start; and probe.NAME=off or on, which turns off and on what 'probes'"
            + " lists as optional.",
        "Others count when the agent begins: detach, and attach with them. metrics can take away, and bring back,"
        + " what was"
            + " asked for then; and add park, monitor_contended and object_alloc, where the JVM has them. trace,"
            + " requests and"
            + " virtual need an agent that began with contexts."},
    footer = {
        "  attach-cli set 4711 interval=250ms",
        "  attach-cli set 4711 metrics=all+park slow.blocked_park=1s",
        "  attach-cli set 4711 probe.calls=off",
        "  attach-cli set 4711 max-cost=2%%",
        "  attach-cli set 4711 'trace=com.acme.Repo.*,com.acme.Orders.place*'"})
final class SetVerb extends JvmVerb {

    /** The agent itself says after 15 s, and again after 15 s, that it could not. */
    private static final long ANSWER_TIMEOUT_MS = 40_000;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "what is to count from now on")
    private List<String> given;

    SetVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String arguments = String.join(",", given);
        String answer = ask(new ControlClient(process, ANSWER_TIMEOUT_MS), process, Request.set(arguments));
        print(answer, () -> "set " + arguments.replace(",", ", ") + "; see it with: attach-cli status " + pid() + "\n");
        return 0;
    }
}
