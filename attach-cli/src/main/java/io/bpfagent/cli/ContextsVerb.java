package io.bpfagent.cli;

import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.ContextsText;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code contexts}: where the time of requests, methods and statements went. */
@Command(name = "contexts", header = "Shows where the time of requests, methods and statements went.",
    description = "As shares of the wall time from enter to leave: running, runnable (waiting for a CPU), and"
            + " blocked, by"
        + " reason; with what was entered inside, and itself. The agent counts contexts where it is told to when it is"
        + " attached: requests=true, trace=com.acme.Repo.*, or contexts=on for those that the application names itself."
        + " How to read it: docs/contexts.md. How long the single stays were: attach-cli hist PID --context NAME.",
    footer = {
        "  attach-cli 4711 requests=true",
        "  attach-cli contexts 4711",
        "  attach-cli contexts 4711 --interval --sort blocked_disk",
        "  attach-cli contexts 4711 --format json | jq '.contexts[].inclusive'"})
final class ContextsVerb extends JvmVerb {

    @Option(names = "--interval", description = "the last interval instead of all since the agent began")
    private boolean interval;

    @Option(names = "--sort", paramLabel = "STATE", defaultValue = ContextsText.WALL,
        description = "most time in this state first: running, runnable, blocked_disk ...; or wall (default), or count")
    private String sort;

    ContextsVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String answer = askWhenReady(process, Request.contexts(interval));
        ContextsDocument document = Documents.read(answer, ContextsDocument.class);
        // The agent knows the states, so the rule can be checked only now; the answer has all of them.
        List<String> orders = new ArrayList<>(List.of(ContextsText.WALL, ContextsText.COUNT));
        orders.addAll(document.outsideNs().keySet());
        if (orders.size() > 2 && !orders.contains(sort)) {
            throw new ParameterException(spec().commandLine(),
                "--sort must be one of " + String.join(", ", orders) + "; --sort=" + sort);
        }
        print(answer, () -> ContextsText.of(title(process), document, sort));
        return 0;
    }
}
