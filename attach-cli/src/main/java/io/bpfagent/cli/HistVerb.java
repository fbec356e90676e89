package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.HistogramsText;
import java.util.Objects;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hist}: how long the single waits and runs were. */
@Command(name = "hist", header = "Shows how long single stays, pauses and VM operations were.",
    description = "Percentiles of all metrics or, with --metric, of one with its histogram. Below the states of"
        + " the threads stands what HotSpot tells of the whole JVM (gc_pause, safepoint, time_to_safepoint,"
        + " vm_operation, class_init, jit_compile), then what threads do: open files, sync them, connect, look up"
        + " names, read and write disks, reclaim memory. What is kept on request only (the agent's argument metrics=)"
        + " is there too: --metric syscall --operation all lists system calls by name. With --context it is of a"
        + " kind of"
        + " request, a method or a statement, as 'contexts' lists them: of the states only.",
    footer = {
        "  attach-cli hist 4711",
        "  attach-cli hist 4711 --metric runnable --interval",
        "  attach-cli hist 4711 --pool 'http-nio-#-exec-#' --metric blocked_monitor",
        "  attach-cli hist 4711 --metric gc_pause",
        "  attach-cli hist 4711 --operation G1CollectForAllocation",
        "  attach-cli hist 4711 --metric syscall --operation all --interval",
        "  attach-cli hist 4711 --context 'POST /orders' --metric blocked_disk",
        "  attach-cli hist 4711 --thread main --format json | jq '.histograms[].p99'"})
final class HistVerb extends JvmVerb {

    @Option(names = "--metric", paramLabel = "METRIC",
        description = "one metric with its histogram: running, runnable, blocked_monitor,"
            + " blocked_park, gc_pause ...")
    private String metric;

    @Option(names = "--operation", paramLabel = "NAME",
        description = "the VM operations of one name, as 'pauses' shows it, or, with --metric syscall, the system calls"
            + " of one name; 'all' lists them by the time they took; without --metric it is of vm_operation")
    private String operation;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private WhoseOrContext whose;

    @Option(names = "--interval", description = "the last interval instead of all since the agent began")
    private boolean interval;

    HistVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        String pool = Whose.pool(whose);
        String thread = Whose.thread(whose);
        String context = WhoseOrContext.context(whose);
        if (context != null && operation != null) {
            throw new ParameterException(spec().commandLine(),
                "--operation is of the whole JVM, it has no contexts: leave one of --operation and --context out");
        }
        String asked = operation != null && metric == null ? "vm_operation" : metric;
        TargetProcess process = process();
        String answer = askWhenReady(process, context != null ? Request.histOfContext(asked, context, interval)
            : Request.hist(asked, operation, pool, thread, interval));
        HistogramsDocument document = Documents.read(answer, HistogramsDocument.class);
        boolean listsOperations = HistogramsText.ALL_OPERATIONS.equals(operation);
        if (document.histograms().isEmpty() && !listsOperations) {
            throw CliError.NOTHING_MATCHES.because(" (metric=" + Objects.requireNonNullElse(asked, "all")
                + (operation == null ? "" : ", operation=" + operation)
                + ", pool=" + Objects.requireNonNullElse(pool, "all")
                + ", thread=" + Objects.requireNonNullElse(thread, "all")
                + "). The pools' and threads' names: attach-cli threads " + pid());
        }
        print(answer, () -> listsOperations ? HistogramsText.ofOperations(title(process), document, asked)
            : HistogramsText.of(title(process), document, asked != null, environment().clock()));
        return 0;
    }
}
