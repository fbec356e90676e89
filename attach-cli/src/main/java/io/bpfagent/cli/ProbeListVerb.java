package io.bpfagent.cli;

import io.bpfagent.cli.control.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code probe PID list}: the probes that there are. */
@Command(name = "list", header = "Lists the probes that were added, and what they cost.",
    customSynopsis = "attach-cli probe PID list [OPTIONS]",
    description = "HITS are of the JVM's threads, at begins and ends. NS/HIT is what a hit takes in the probe's"
        + " program, where the kernel measures it (sysctl kernel.bpf_stats_enabled=1); a uprobe's trap comes on top."
        + " Probes given at the agent's start that cannot be had are listed with the reason.",
    footer = {
        "  attach-cli probe 4711 list",
        "  attach-cli probe 4711 list --format json | jq .probes"})
final class ProbeListVerb extends Verb {

    @ParentCommand
    private ProbeVerb probe;

    ProbeListVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        String answer = probe.change(Request.probes());
        print(answer, () -> probe.text(answer));
        return 0;
    }
}
