package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.CountersText;
import io.bpfagent.cli.text.ThreadsText;
import io.bpfagent.cli.text.WaitsText;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code threads}: every thread's share of time per state, by pool. */
@Command(name = "threads", header = "Shows where the time of every thread and pool went.",
    description = {
        "As shares of the wall time: running, runnable (waiting for a CPU), and blocked,",
        "by reason, the longest first."},
    footer = {
        "  attach-cli threads 4711",
        "  attach-cli threads 4711 --interval --sort runnable",
        "  attach-cli threads 4711 --waits",
        "  attach-cli threads 4711 --counters",
        "  attach-cli threads 4711 --format json | jq '.pools[].pool'"})
final class ThreadsVerb extends JvmVerb {

    @Option(names = "--interval", description = "the last interval instead of all since the agent began")
    private boolean interval;

    @Option(names = "--waits", description = "who had the CPU for which they waited, and migrations and page faults")
    private boolean waits;

    @Option(names = "--counters",
        description = "what counters have counted of them, where the agent was asked to count")
    private boolean counters;

    @Option(names = "--sort", paramLabel = "METRIC", defaultValue = "running",
        description = "most time in this state first (default: running)")
    private String sort;

    ThreadsVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (waits && counters) {
            throw new ParameterException(spec().commandLine(), "--waits and --counters are two texts: choose one");
        }
        TargetProcess process = process();
        String answer = askWhenReady(process, Request.threads(interval));
        ThreadsDocument document = Documents.read(answer, ThreadsDocument.class);
        // The agent knows the states, so the rule can be checked only now; the answer has all of them.
        List<String> states = document.pools().stream().map(pool -> pool.timesNs().keySet())
            .flatMap(Collection::stream).distinct().toList();
        if (!states.isEmpty() && !states.contains(sort)) {
            throw new ParameterException(spec().commandLine(),
                "--sort must be one of " + String.join(", ", states) + "; --sort=" + sort);
        }
        print(answer, () -> counters ? CountersText.of(title(process), document)
            : waits ? WaitsText.of(title(process), document)
            : ThreadsText.of(title(process), document, sort));
        return 0;
    }
}
