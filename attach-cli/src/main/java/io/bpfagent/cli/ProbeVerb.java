package io.bpfagent.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code probe PID VERB}: probes that the user names. */
@Command(name = "probe", header = "Probes that you name yourself: finds them.",
    description = "A probe is written as 'search' lists it.", synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n",
    footer = {
        "  attach-cli probe 4711 search G1CollectedHeap::",
        "  attach-cli probe 4711 search 'usdt:*gc*'"})
final class ProbeVerb extends JvmVerb {

    ProbeVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec().commandLine(), "A verb must be given: search");
    }
}
